"""Pictures that are posted in a thread: evidence for the importer whom that thread asks about, and for nobody else."""

from dataclasses import replace

from bot.domain.carm.evidence import Item
from bot.domain.route import Place
from bot.watch.carm_digest import Topic
from bot.watch.carm_remind import topic_of
from handlers.console import plain
from handlers.reply import Reply, Result, Upload
from storage.database import Database
from storage.ids import new_id
from storage.posts import PostRecord
from tests.handlers.commands.carm_tale import ANA, BN
from tests.handlers.commands.desk import BOSS, DESK, HOUR, MARIA, OTHER_DESK, Desk, lines_of
from tests.handlers.commands.test_carm import PNG, stocked
from tests.watch.test_carm import NOW

PICTURE = Upload("portal.png", PNG)
ASKED = "50.1"


async def posts(desk: Desk, thread: str, *files: Upload, where: Place = DESK) -> Reply | None:
    """A picture without a word to the bot, as Slack lets it overhear; None where it is left alone."""
    line = desk.line("", MARIA, where, thread=thread, root=thread)
    if not await desk.entry.overheard(line):
        return None
    return await desk.entry(replace(line, files=files or (PICTURE,)))


async def unread(desk: Desk) -> list[str]:
    """Of whom pictures are kept that nobody read."""
    async with desk.db.work("home", desk.now) as work:
        names = {p.id: p.name for p in await work.parties.all()}
        return [names[e.importer] for e in await work.evidence.all() if e.attachment and e.state == "unknown"]


async def card(desk: Desk, ref: str, **values: str | None) -> None:
    """A post of the bot that stands in the channel."""
    async with desk.db.work("home", desk.now, write=True) as work:
        made = PostRecord(new_id(), DESK.door, DESK.workspace, DESK.external, ref=ref, **values)
        await work.posts.ensure([made])


async def test_a_picture_under_a_question_about_an_importer_is_kept_for_it(desk: Desk) -> None:
    await stocked(desk)
    assert await posts(desk, ASKED) is None
    await desk.ask("carm ACME", root=ASKED)
    reply = await posts(desk, ASKED)
    assert reply is not None and reply.title == "1 picture is kept as evidence for ACME. What does it show?"
    assert not reply.private, "the thread reads it"
    assert await unread(desk) == ["ACME"]
    desk.now += HOUR / 60
    read = await desk.ask(next(line for line in lines_of(reply) if "rpp=yes" in line))
    assert read.title.startswith("Kept: RPP active (a picture of the portal, from Maria)")
    assert await posts(desk, "50.2") is None, "another thread is about nobody"


async def test_an_answer_that_was_typed_in_a_thread_tells_what_the_thread_is_about(desk: Desk) -> None:
    await stocked(desk)
    await desk.ask("/shipper ACME carm rpp=unknown by=broker", root=ASKED)
    assert await posts(desk, ASKED) is not None
    await desk.ask("/shipper ACME", root="50.3")
    assert await posts(desk, "50.3") is None


async def test_of_several_importers_none_is_guessed(desk: Desk) -> None:
    await stocked(desk)
    await desk.say("/shipper Beta add")
    await desk.ask("carm ACME", root=ASKED)
    await desk.ask("carm Beta", root=ASKED)
    reply = await posts(desk, ASKED)
    assert reply is not None and reply.title == "1 picture is kept. Whose is it?"
    assert [b.label for b in reply.buttons] == ["ACME", "Beta"] and await unread(desk) == []
    told = await desk.ask(lines_of(reply)[1])
    assert told.title.startswith("1 picture is kept as evidence for Beta.") and await unread(desk) == ["Beta"]


async def test_two_importers_that_became_one_are_one(desk: Desk) -> None:
    await stocked(desk)
    await desk.say("/shipper =Acme2 add")
    await desk.ask("carm ACME", root=ASKED)
    await desk.ask("carm Acme2", root=ASKED)
    await desk.say('/shipper ACME same as "Acme2"')
    assert await posts(desk, ASKED) is not None
    assert await unread(desk) == ["ACME"]


async def test_under_a_loads_card_a_picture_is_evidence_only_while_its_importer_holds_it(desk: Desk) -> None:
    await stocked(desk)
    record = await desk.load()
    await card(desk, "17.42", load_id=record.id, topic="SAMPLE")
    assert await posts(desk, "17.42") is None, "a sticker, or what else is wrong with a load, is nobody's evidence"
    await desk.say("/shipper ACME carm rpp=suspended by=PCB")
    desk.now += HOUR / 6
    reply = await posts(desk, "17.42")
    assert reply is not None and "kept as evidence for ACME" in reply.title


async def test_of_a_load_with_several_the_one_that_is_held_is_meant(desk: Desk) -> None:
    await desk.say('/broker PCB set phone=555-0142 hours="mon-fri 8-17"')
    await desk.add(pars="SMPLPARS100123,SMPLPARS100124", more="eta=15:00 papers=08:30")
    await desk.say("/load 1234 …123 importer Ada")
    await desk.say("/load 1234 …124 importer Bea")
    record = await desk.load()
    await card(desk, "17.42", load_id=record.id, topic="SAMPLE")
    asked = await desk.ask("", files=(PICTURE,), thread="17.42")
    assert "Which shipment?" in asked.title and "The picture was not kept" in plain(asked)
    await desk.say("/shipper Bea carm rpp=suspended by=PCB")
    desk.now += HOUR / 6
    assert await posts(desk, "17.42") is not None
    await desk.say("/shipper Ada carm rpp=no by=PCB")
    asked = await posts(desk, "17.42", Upload("b.png", PNG + b"b"))
    assert asked is not None and {b.label for b in asked.buttons} == {"Ada", "Bea"}
    assert await unread(desk) == ["Bea"]


async def test_under_a_list_of_importers_it_is_asked_whose_it_is(desk: Desk) -> None:
    await stocked(desk)
    await card(desk, "17.50", topic=topic_of(Topic.DIGEST, NOW.date()))
    await card(desk, "17.51", topic="feed:rns")
    reply = await posts(desk, "17.50")
    assert reply is not None and [b.label for b in reply.buttons] == ["ACME"]
    assert "/shipper NAME carm file=" in plain(reply)
    assert await posts(desk, "17.51") is None


async def test_who_may_say_nothing_of_an_importer_is_not_overheard(desk: Desk) -> None:
    await stocked(desk)
    await desk.ask("carm ACME", root=ASKED)
    async with desk.db.work("home", desk.now, write=True) as work:
        await desk.admin(work, ANA, "Ana", "viewer")
    assert not await desk.entry.overheard(desk.line("", ANA, thread=ASKED))
    assert await desk.entry.overheard(desk.line("", MARIA, thread=ASKED))


async def test_a_thread_of_another_carrier_is_about_nobody_here(two: Desk) -> None:
    await two.ask(f"/load 1234 add to=CA pars=SMPLPARS100123 importer=ACMEHOME bn15={BN} eta=13:00", BOSS, DESK)
    await two.ask("/shipper ACMEHOME carm", BOSS, DESK, root=ASKED)
    assert await two.entry.overheard(two.line("", BOSS, DESK, thread=ASKED))
    assert not await two.entry.overheard(two.line("", BOSS, replace(OTHER_DESK, external="CX"), thread=ASKED))
    async with two.db.work("other", two.now) as work:
        assert await work.threads.importers(DESK, ASKED) == []


async def test_what_is_no_picture_is_said_and_not_kept(desk: Desk) -> None:
    await stocked(desk)
    await desk.ask("carm ACME", root=ASKED)
    reply = await posts(desk, ASKED, Upload("a.html", b"<script>alert(1)</script>"))
    assert reply is not None and reply.result is Result.REFUSED and "only pictures" in plain(reply)
    for more in ({"private": True}, {"thread": "60.1", "root": "60.1"}):
        alone = await desk.ask("", files=(PICTURE,), **more)
        assert "Nothing was kept" in plain(alone) and await unread(desk) == []
    assert alone.result is Result.REFUSED and "Send it again with the importer's name" in plain(alone)


async def test_the_table_of_threads_names_each_importer_once(sqlite_db: Database) -> None:
    desk = await Desk(sqlite_db).opened()
    await stocked(desk)
    for _ in range(3):
        await desk.ask("carm ACME", root=ASKED)
    async with desk.db.work("home", desk.now) as work:
        assert len(await work.threads.importers(DESK, ASKED)) == 1
        told = await work.evidence.all()
    assert [e.item for e in told if e.item is Item.RPP] == []
