"""What the terminal and the board show: the carrier's own loads, or the sample day while there are none."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app import LOADS, App
from bot.cli.common import begun
from bot.domain.coverage import Liveness
from bot.watch.tell import post_open
from handlers.console import CONSOLE, ConsoleDoor
from handlers.nouns import Role
from handlers.reply import Line, Reply
from handlers.views import Desk, FeedView, LoadPage, Seer, Views
from storage.ids import new_id
from storage.routes import RouteRecord


class Screens:
    """One installation seen by its operator; the server's gate has let the asker in."""

    def __init__(self, app: App, sample: App | None) -> None:
        self._app = app
        self._sample = sample

    async def shown(self) -> App:
        """The app to show: the sample's until the carrier has a load of its own."""
        if self._sample is not None and await begun(self._app.database, self._app.world.carriers):
            self._sample = None
        return self._sample or self._app

    async def entry(self, line: Line) -> Reply:
        """A line typed at the terminal goes to what the terminal shows."""
        return await (await self.shown()).entry(line)

    async def desks(self) -> Sequence[Desk]:
        """What the board shows."""
        app = await self.shown()
        first, *rest = await _views(app).desks(_seer(app))
        return [await _with_lists(app, first), *rest]

    async def page(self, carrier: str, key: str) -> LoadPage | None:
        """A load's page."""
        app = await self.shown()
        return await _views(app).load_page(_seer(app), carrier, key)


async def _with_lists(app: App, desk: Desk) -> Desk:
    """The desk with the drop folder for lists among its feeds, once something in it could not be understood."""
    async with app.database.dock(desk.now) as dock:
        problems = (await dock.problems.counts()).get(LOADS, 0)
        state = (await dock.feeds.of([LOADS])).get(LOADS)
    if not problems or state is None:
        return desk
    return replace(desk, feeds=(*desk.feeds, FeedView(LOADS, Liveness(state.state), None, state.last_word, problems)))


def _views(app: App) -> Views:
    return Views(app.database, app.world, app.clock.civil)


def _seer(app: App) -> Seer:
    return Seer(Role.VIEWER, frozenset(app.world.carriers))


async def hear_console(app: App, console: ConsoleDoor | None) -> None:
    """The terminal hears everything while there is one; without it nothing waits for it."""
    if console is not None:
        app.doors.by_name[CONSOLE.door] = console
    for carrier in app.world.carriers:
        async with app.database.work(carrier, app.clock.civil(), write=True) as work:
            if console is None:
                await work.routes.off(CONSOLE, "no terminal", work.now)
            else:
                route = RouteRecord(new_id(), "console", "", CONSOLE.external, "this terminal", "holdwatch", work.now)
                await work.routes.save(route)
                await post_open(work, app.world)
