"""What people type or tap arrives as a line, is answered, and comes once."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.route import Place
from handlers.reply import Button, Reply, refused
from handlers.slack.people import Member, People, Team
from handlers.slack.text import typed
from handlers.slack.wire import Wire
from tests.handlers.slack.conftest import World
from tests.standins import slack_payloads as payloads
from tests.standins.slack import BOT_USER, TEAM, Message, slack_stand_in


async def test_a_slash_command_is_a_line_and_only_the_person_sees_its_answer(world: World) -> None:
    answer = await world.slack.slash("/load", "1234 status", user=world.sam, channel=world.channel)
    (line,) = world.desk.lines
    assert line.text == "/load 1234 status"
    assert (line.who.external, line.who.workspace, line.who.name) == (world.sam, TEAM, "sam")
    assert (line.where.external, line.where.name, line.private, line.thread) == (world.channel, "dispatch", False, "")
    assert answer.text == "heard /load 1234 status\ngo"
    assert answer.private
    assert world.slack.messages(world.channel) == []
    assert world.slack.refused == []


async def test_every_way_to_type_gives_the_words_that_were_typed(world: World) -> None:
    slack, sam = world.slack, world.sam
    post = (await slack.mention("load 1234 &lt;b&gt;", user=sam, channel=world.channel)).messages[0]
    await slack.reply_in_thread(post, "got it", user=sam)
    await slack.dm("/load 1234 why", user=sam)
    await slack.mention(f"person <@{sam}|sam> allow <mailto:a@b.test|a@b.test>", user=sam, channel=world.channel)
    mention, reply, dm, person = world.desk.lines
    assert mention.text == "load 1234 <b>"
    assert (reply.text, reply.thread) == ("got it", post.thread_ts)
    assert (dm.text, dm.private) == ("/load 1234 why", True)
    assert person.text == f"person @{sam} allow a@b.test"
    assert slack.refused == []


async def test_a_mention_is_answered_in_its_thread_and_a_direct_message_beside_it(world: World) -> None:
    answer = await world.slack.mention("load 1234", user=world.sam, channel=world.channel)
    asked = world.slack.messages(world.channel)[0]
    assert [(m.thread_ts, m.only_for) for m in answer.messages] == [(asked.ts, "")]
    direct = await world.slack.dm("load 1234", user=world.sam)
    assert [(m.thread_ts, m.channel) for m in direct.messages] == [("", world.slack.state.dm(world.sam).id)]


async def test_a_private_reply_is_never_posted_for_all(world: World) -> None:
    world.desk.answer = lambda line: refused("Only dispatchers may do that.")
    answer = await world.slack.mention("load 1234 cancel", user=world.sam, channel=world.channel)
    assert answer.private
    assert answer.text == "Only dispatchers may do that."
    assert world.slack.posts(world.channel) == []


async def test_a_button_types_its_line_about_the_post_it_stands_on(world: World) -> None:
    card = Reply("1234 held", buttons=(Button("I've got it", "/load ~k3f9 got it", "primary"),))
    await world.door.post(world.place, card)
    (post,) = world.slack.posts(world.channel)
    answer = await world.slack.press(post, "I've got it", user=world.sam)
    (line,) = world.desk.lines
    assert (line.text, line.thread, line.where.external) == ("/load ~k3f9 got it", post.ts, world.channel)
    assert answer.private
    assert answer.text == "heard /load ~k3f9 got it\ngo"
    assert post.words == "1234 held\nI've got it"
    assert world.slack.refused == []


async def test_a_button_on_an_answer_that_only_one_person_sees_works_too(world: World) -> None:
    choice = Reply("Which one?", buttons=(Button("1234 CA", "/load ~k3f9 status"),), private=True)
    world.desk.answer = lambda line: choice if line.text.endswith("1234") else Reply("go")
    asked = await world.slack.slash("/load", "1234", user=world.sam, channel=world.channel)
    assert (await world.slack.press(asked.messages[0], "1234 CA", user=world.sam)).text == "go"
    assert [line.thread for line in world.desk.lines] == ["", ""]


async def test_eyes_on_one_of_our_posts_own_it(world: World) -> None:
    await world.door.post(world.place, Reply("1234 held"))
    (post,) = world.slack.posts(world.channel)
    answer = await world.slack.react(post, "eyes", user=world.sam)
    (line,) = world.desk.lines
    assert (line.text, line.thread, line.who.external) == ("got it", post.ts, world.sam)
    assert answer.private


async def test_other_reactions_and_other_peoples_messages_are_left_alone(world: World) -> None:
    await world.slack.mention("hello", user=world.sam, channel=world.channel)
    theirs, ours = world.slack.messages(world.channel)
    await world.slack.react(ours, "thumbsup", user=world.sam, wait=0)
    await world.slack.react(theirs, "eyes", user=world.sam, wait=0)
    await world.slack.react(ours, "eyes", user=BOT_USER, wait=0)
    assert [line.text for line in world.desk.lines] == ["hello"]
    assert world.slack.refused == []


async def test_comings_and_goings_are_told(world: World) -> None:
    lee = world.slack.user("lee")
    await world.slack.join(lee, world.channel)
    await world.slack.join(lee, world.channel, left=True)
    await world.slack.join(BOT_USER, world.channel, left=True)
    told = [(m.who.external, m.place.external, m.joined, m.bot) for m in world.desk.moves]
    channel = world.channel
    assert told == [(lee, channel, True, False), (lee, channel, False, False), (BOT_USER, channel, False, True)]


async def test_a_repeated_delivery_carries_the_same_id(world: World) -> None:
    slack = world.slack
    await world.door.post(world.place, Reply("held", buttons=(Button("own", "/load ~k got it"),)))
    (post,) = slack.posts(world.channel)
    await slack.slash("/load", "1 crossed", user=world.sam, channel=world.channel)
    await slack.redeliver()
    await slack.press(post, "own", user=world.sam)
    await slack.redeliver()
    await slack.mention("load 1 crossed", user=world.sam, channel=world.channel)
    await slack.redeliver()
    await slack.react(post, "eyes", user=world.sam)
    await slack.redeliver()
    ids = [line.delivery for line in world.desk.lines]
    assert ids[0::2] == ids[1::2]
    assert len(set(ids)) == 4


async def test_an_event_that_comes_twice_is_answered_once(world: World) -> None:
    answer = await world.slack.mention("load 1 crossed", user=world.sam, channel=world.channel)
    await world.slack.redeliver()
    await world.slack.mention("load 2 crossed", user=world.sam, channel=world.channel)
    assert len(answer.messages) == 1
    assert [m.words for m in world.slack.posts(world.channel)] == [
        "heard load 1 crossed\ngo",
        "heard load 2 crossed\ngo",
    ]


async def test_two_equal_lines_are_two_deliveries(world: World) -> None:
    for _ in range(2):
        await world.slack.slash("/load", "1 status", user=world.sam, channel=world.channel)
    assert len({line.delivery for line in world.desk.lines}) == 2


async def test_admins_and_guests_are_named_as_such(world: World) -> None:
    boss, guest = world.slack.user("boss", admin=True), world.slack.user("guest", guest=True)
    for who in (boss, guest, world.sam):
        await world.slack.slash("/person", "", user=who, channel=world.channel)
    assert [(line.workspace_admin, line.guest) for line in world.desk.lines] == [
        (True, False),
        (False, True),
        (False, False),
    ]


async def test_an_admin_of_another_workspace_in_a_shared_channel_is_nobody_here(world: World) -> None:
    boss = world.slack.user("boss", admin=True)
    world.slack.users[boss].team = "T0OTHER"
    world.slack.channels[world.channel].members.append(boss)
    await world.slack.mention("person", user=boss, channel=world.channel)
    assert [(line.workspace_admin, line.guest) for line in world.desk.lines] == [(False, True)]
    assert await world.door.user(boss) == Member(boss, "boss", "T0OTHER", guest=True)


async def test_somebody_of_another_workspace_with_the_id_of_our_admin_is_nobody_here(world: World) -> None:
    boss = world.slack.user("boss", admin=True)
    await world.slack.slash("/person", "", user=boss, channel=world.channel)
    card = Reply("1234 held", buttons=(Button("I've got it", "/load ~k3f9 got it", "primary"),))
    await world.door.post(Place("slack", TEAM, world.channel), card)
    (post,) = world.slack.posts(world.channel)
    said = Message(world.channel, world.slack.state.next_ts(), boss, f"<@{BOT_USER}> load 1 crossed")
    state, event = world.slack.state, payloads.message_event("app_mention", said, user_team="T0OTHER")
    await world.slack.deliver("events_api", payloads.event(state, event))
    url = world.slack.response_url(boss, world.channel, post)
    tap = payloads.press(state, post, post.buttons[0], user=boss, response_url=url)
    tap["user"]["team_id"] = "T0OTHER"
    await world.slack.deliver("interactive", tap)
    seen = [(line.who.workspace, line.who.name, line.workspace_admin, line.guest) for line in world.desk.lines]
    assert seen[0] == (TEAM, "boss", True, False)
    assert [(where, *flags) for where, _name, *flags in seen[1:]] == [("T0OTHER", False, True)] * 2


@pytest.mark.parametrize(
    ("enterprise", "teams", "ours"),
    [
        ("E0OURS", (TEAM, "T0OTHER"), True),
        ("E0OURS", ("T0OTHER",), False),
        ("E0OTHER", (TEAM,), False),
        ("", (), False),
    ],
)
async def test_of_an_organisation_only_members_of_this_workspace_are_ours(
    http: World, enterprise: str, teams: tuple[str, ...], ours: bool
) -> None:
    http.slack.state.enterprise = "E0OURS"
    await http.door.check()
    boss = http.slack.user("boss", admin=True)
    user = http.slack.users[boss]
    user.team, user.enterprise, user.teams = "T0OTHER", enterprise, teams
    await http.slack.slash("/person", "", user=boss, channel=http.channel)
    assert [(line.workspace_admin, line.guest) for line in http.desk.lines] == [(ours, not ours)]


async def test_before_slack_said_who_we_are_nobody_is_ours_and_that_does_not_stick() -> None:
    async with slack_stand_in() as slack:
        boss, known = slack.user("boss", admin=True), Team()
        wire = Wire(slack.bot_token, slack.api_url)
        people = People(wire, lambda: known)
        try:
            assert await people.known(boss) == Member(boss, "boss", TEAM, guest=True)
            known = Team(TEAM)
            assert await people.known(boss) == Member(boss, "boss", TEAM, admin=True)
        finally:
            await wire.close()


async def test_somebody_who_cannot_be_looked_up_has_no_rights(http: World) -> None:
    http.slack.fault("500", methods=("users.info",))
    boss = http.slack.user("boss", admin=True)
    await http.slack.slash("/person", "", user=boss, channel=http.channel)
    await http.slack.slash("/person", "", user=boss, channel=http.channel)
    first, second = http.desk.lines
    assert (first.workspace_admin, first.guest) == (False, True)
    assert (second.workspace_admin, second.guest) == (True, False)


async def test_a_known_person_costs_no_call(http: World) -> None:
    for _ in range(3):
        await http.slack.slash("/load", "1", user=http.sam, channel=http.channel)
    assert [name for name, _ in http.slack.web.calls] == ["auth.test", "users.info"]


async def test_members_and_flags_for_the_hourly_look(http: World) -> None:
    extra = [http.slack.user(f"p{n}") for n in range(450)]
    http.slack.channels[http.channel].members.extend(extra)
    assert await http.door.members(http.channel) == [http.sam, BOT_USER, *extra]
    member = await http.door.user(http.sam)
    assert member == Member(http.sam, "sam", TEAM)


async def test_the_place_and_the_answer_of_a_broken_line_say_that_nothing_was_changed(world: World) -> None:
    world.desk.failures = 1
    answer = await world.slack.slash("/load", "1 eta 14:30", user=world.sam, channel=world.channel)
    assert "nothing was changed" in answer.text
    assert "Type it once more" in answer.text
    assert world.slack.refused == []


async def test_an_event_that_broke_comes_again_and_is_then_answered(world: World) -> None:
    world.slack.socket.ack_seconds = 1.0
    world.desk.failures = 1
    answer = await world.slack.mention("load 1 status", user=world.sam, channel=world.channel)
    assert answer.text == "heard load 1 status\ngo"
    assert len({line.delivery for line in world.desk.lines}) == 1
    world.desk.failures = 9
    answer = await world.slack.mention("load 1 status", user=world.sam, channel=world.channel)
    assert "nothing was changed" in answer.text
    assert len(answer.messages) == 1
    assert world.slack.refused == []


async def test_bots_edits_and_joins_are_no_lines(http: World) -> None:
    direct = http.slack.state.dm(http.sam).id
    made = Message(direct, "1.1", http.sam, "load 1")
    for more in ({"subtype": "message_changed"}, {"subtype": "channel_join"}, {"bot_id": "B0OTHER"}):
        inner = payloads.message_event("message", made, channel_type="im", **more)
        await http.slack.deliver("events_api", payloads.event(http.slack.state, inner))
    public = payloads.message_event("message", replace(made, channel=http.channel), channel_type="channel")
    await http.slack.deliver("events_api", payloads.event(http.slack.state, public))
    await asyncio.sleep(0.05)
    assert http.desk.lines == []
    assert http.slack.refused == []


def test_lines_hold_no_markup_of_the_platform() -> None:
    assert typed("<https://x.test|x.test> &amp; <#C1|dispatch> <!here> <!subteam^S1|@night> &lt;!channel&gt;") == (
        "x.test & #dispatch @here @night <!channel>"
    )
