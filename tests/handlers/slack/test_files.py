"""Pictures that people send along in Slack: fetched with the token, few and small, and never from elsewhere."""

import pytest

from handlers.reply import Upload
from handlers.slack.files import MOST_BYTES
from tests.handlers.slack.conftest import World
from tests.patience import PATIENCE
from tests.standins.slack import BOT_USER

PNG = b"\x89PNG\r\n\x1a\nSAMPLE"


async def test_a_picture_with_a_mention_or_in_a_direct_message_comes_with_its_line(world: World) -> None:
    one = world.slack.upload("portal.png", PNG)
    await world.slack.mention("ACME carm security=bond", user=world.sam, channel=world.channel, files=(one,))
    await world.slack.dm("carm ACME", user=world.sam, files=(one, world.slack.upload("b.pdf", b"%PDF-1")))
    first, second = world.desk.lines
    assert (first.text, first.files) == ("ACME carm security=bond", (Upload("portal.png", PNG),))
    assert [f.name for f in second.files] == ["portal.png", "b.pdf"] and second.files[1].body == b"%PDF-1"
    assert world.slack.refused == []


async def test_a_picture_alone_in_a_thread_is_a_line_too(http: World) -> None:
    one = http.slack.upload("portal.png", PNG)
    await http.slack.mention("", user=http.sam, channel=http.channel, files=(one,))
    assert (http.desk.lines[0].text, len(http.desk.lines[0].files)) == ("", 1)


@pytest.mark.parametrize(
    "url", ["https://files.example.com/x.png", "http://files.slack.com/x.png", "https://files.slack.com.example/x", ""]
)
async def test_the_token_goes_nowhere_but_to_slack(http: World, url: str) -> None:
    await http.slack.mention(
        "carm ACME", user=http.sam, channel=http.channel, files=({"name": "x", "url_private": url},)
    )
    (upload,) = http.desk.lines[0].files
    assert upload.body == b"" and "did not say where" in upload.fault


async def test_what_is_too_large_is_said_whether_slack_tells_so_or_not(http: World) -> None:
    told = http.slack.upload("a.png", PNG, size=MOST_BYTES + 1)
    untold = http.slack.upload("b.png", PNG + bytes(MOST_BYTES), size=10)
    await http.slack.mention("carm ACME", user=http.sam, channel=http.channel, files=(told, untold))
    assert all("larger than 10 MB" in f.fault and not f.body for f in http.desk.lines[0].files)


@pytest.mark.parametrize("fault", ["500", "429"])
async def test_a_file_that_cannot_be_fetched_does_not_lose_the_line(http: World, fault: str) -> None:
    http.slack.fault(fault, methods=("files",))
    one = http.slack.upload("a.png", PNG)
    answer = await http.slack.mention("carm ACME", user=http.sam, channel=http.channel, files=(one,))
    assert "files:read" in http.desk.lines[0].files[0].fault
    assert answer.messages and "heard carm ACME" in answer.messages[0].words


async def test_a_picture_in_a_thread_that_asks_about_an_importer_is_a_line_without_a_mention(world: World) -> None:
    await world.slack.mention("carm ACME", user=world.sam, channel=world.channel)
    asked = world.slack.messages(world.channel)[0].ts
    world.desk.threads = {asked}
    one = world.slack.upload("portal.png", PNG) | {"mimetype": "image/png"}
    kept = await world.slack.share(
        "see here", user=world.sam, channel=world.channel, thread=asked, files=(one,), wait=PATIENCE
    )
    first, line = world.desk.lines
    assert (first.thread, first.root) == ("", asked), "the question opens the thread of its answer"
    assert (line.text, line.thread, line.root, line.files) == ("", asked, asked, (Upload("portal.png", PNG),))
    assert kept.messages and kept.messages[0].thread_ts == asked, "the answer stands in that thread"
    assert world.slack.refused == []


async def test_of_all_else_that_is_said_in_a_channel_nothing_is_heard_or_fetched(http: World) -> None:
    http.desk.threads = {"17.42"}
    slack, sam, channel = http.slack, http.sam, http.channel
    picture = slack.upload("a.png", PNG) | {"mimetype": "image/png"}
    sheet = slack.upload("a.xlsx", b"PK") | {"mimetype": "application/vnd.ms-excel"}
    await slack.share("", user=sam, channel=channel, files=(picture,))
    await slack.share("", user=sam, channel=channel, thread="17.42", files=(sheet,))
    await slack.share("no file", user=sam, channel=channel, thread="17.42")
    await slack.share(f"<@{BOT_USER}> carm", user=sam, channel=channel, thread="17.42", files=(picture,))
    await slack.share("", user=BOT_USER, channel=channel, thread="17.42", files=(picture,))
    assert (http.desk.asked, http.desk.lines) == ([], [])
    await slack.share("", user=sam, channel=channel, thread="18.0", files=(picture,))
    assert [line.thread for line in http.desk.asked] == ["18.0"] and http.desk.lines == []
    assert [m.words for m in slack.posts(channel) if not m.files] == []


async def test_an_event_about_a_picture_that_comes_again_is_answered_once(http: World) -> None:
    await http.slack.mention("carm ACME", user=http.sam, channel=http.channel)
    asked = http.slack.messages(http.channel)[0].ts
    http.desk.threads = {asked}
    one = http.slack.upload("a.png", PNG)
    await http.slack.share("", user=http.sam, channel=http.channel, thread=asked, files=(one,), wait=PATIENCE)
    posts = len(http.slack.posts(http.channel))
    await http.slack.redeliver()
    assert len({line.delivery for line in http.desk.lines}) == 2, "that of the question, and that of the picture"
    assert len(http.slack.posts(http.channel)) == posts
