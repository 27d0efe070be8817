"""A board to look at: a desk with every look, and the server that shows it."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from bot.domain.brief import Brief
from bot.domain.coverage import Liveness
from handlers.announce import status, why
from handlers.board.board import Board
from handlers.reply import Reply, Table
from handlers.views import Desk, FeedView, LoadPage
from handlers.web import Health, Web
from tests.handlers.briefs import ETA, ZONE, before
from tests.handlers.kinds import GOOD, KINDS

NOW = before(1.8)
FEEDS = (
    FeedView("rns", Liveness.ALIVE, before(30), before(2)),
    FeedView("notices", Liveness.DEAD, before(2.2), before(3), problems=2),
    FeedView("broker", Liveness.CANT_TELL, before(30)),
)


def loads() -> list[Brief]:
    """A night's worth, in no order."""
    made = [
        replace(GOOD["go"], number="1190"),
        replace(GOOD["but-manifest_unseen"], number="1207"),
        replace(GOOD["go-released"], number="TMS-20881", crossing="Pacific Highway"),
        replace(KINDS["not_matched"](1.8), number="1234", owner="Maria", owned_until=NOW + timedelta(minutes=20)),
        replace(KINDS["rejected"](1.8), number="1236", crossing="Queenston-Lewiston Bridge"),
        replace(KINDS["entry_missing"](1.8), number="1241", direction="US"),
        replace(KINDS["tight"](1.8), number="1250"),
        replace(KINDS["unwatched-dead"](1.8), number="1251"),
        replace(KINDS["unread"](1.8), number="1252"),
    ]
    near = KINDS["no_cargo"](1.8)
    made.append(
        replace(
            near, number="1255", found=replace(near.found, at_border=True, level=KINDS["no_cargo"](0.9).found.level)
        )
    )
    early = KINDS["not_matched-promise"](1.8)
    made.append(replace(early, number="1260", state="", found=replace(early.found, eta=ETA + timedelta(hours=9))))
    return [replace(b, key=f"~k3f{n}") for n, b in enumerate(made)]


def desk(briefs: Sequence[Brief] | None = None, *, sample: bool = False) -> Desk:
    """One carrier's board."""
    shown = loads() if briefs is None else briefs
    counts = Counter(b.found.answer.value for b in shown)
    alerts = sum(bool(b.state) for b in shown)
    return Desk("home", "SAMPLE Carrier", ZONE, NOW, shown, FEEDS, counts, alerts, 0, False, sample)


def page(brief: Brief) -> LoadPage:
    """A load's page as the bot would make it."""
    log = Reply("Log", (Table(("When", "Who", "What"), (("10:02", "CBSA", "not matched"),)),))
    parts = (("", status(brief, NOW)), ("Why", why(brief, NOW)), ("Log", log))
    return LoadPage(brief.number, parts, brief.sample)


async def fine() -> Sequence[str]:
    return ()


async def still() -> None:
    """No gauge to set."""


@asynccontextmanager
async def shown(*desks: Desk) -> AsyncIterator[str]:
    """The board on a loopback server; its address."""

    async def all_() -> Sequence[Desk]:
        return desks

    async def one(carrier: str, key: str) -> LoadPage | None:
        found = (b for d in desks if d.carrier == carrier for b in d.loads if b.key.removeprefix("~") == key)
        return next((page(b) for b in found), None)

    server = Web(Health(fine, still), guarded=Board(all_, one).routes())
    port = await server.start("127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.stop()
