"""The board: one page, rendered here, that renews itself; and a page for each load."""

from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, FunctionLoader, StrictUndefined

from bot.domain.errors import HoldwatchError
from handlers.board.sheet import sheet
from handlers.reply import Fields, Para, Span, Style, Table
from handlers.views import Desk, LoadPage
from handlers.visible import visible
from handlers.words import _, ngettext

PATH = "/board"
_HERE = files("handlers.board")
_STATIC = {"board.css": "text/css", "board.js": "text/javascript", "mark.svg": "image/svg+xml"}
#: Links that a load's page may hold: anything else is shown as text.
_SAFE = ("https://", "http://", "tel:", "mailto:")


Desks = Callable[[], Awaitable[Sequence[Desk]]]
Pages = Callable[[str, str], Awaitable[LoadPage | None]]


class Board:
    """`desks` gives what to show, `pages` a load's page by carrier and key (without the ~)."""

    def __init__(self, desks: Desks, pages: Pages) -> None:
        self._desks = desks
        self._pages = pages
        self._templates = Environment(
            loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True, auto_reload=False,
        )  # fmt: skip
        self._templates.filters |= {"seen": visible, "kind": _kind, "href": _href, "path": lambda t: quote(t, safe="")}
        self._templates.globals |= {"_": _, "ngettext": ngettext}
        self._files = {name: (_HERE / "static" / name).read_text("utf-8") for name in _STATIC}

    def routes(self) -> list[web.RouteDef]:
        """What the one HTTP server mounts, behind its gate."""
        return [
            web.get(PATH, self._show),
            web.get(PATH + "/load/{carrier}/{key}", self._load),
            web.get(PATH + "/{name}", self._static),
        ]

    async def _show(self, request: web.Request) -> web.Response:
        sheets = [sheet(desk) for desk in await self._desks()]
        return self._page("board.html", sheets=sheets, title=_title(sum(s.alerts for s in sheets)))

    async def _load(self, request: web.Request) -> web.Response:
        try:
            page = await self._pages(request.match_info["carrier"], request.match_info["key"])
        except HoldwatchError:
            page = None
        if page is None:
            body = self._page("gone.html", title="Holdwatch")
            body.set_status(404)
            return body
        return self._page("load.html", page=page, title=f"{visible(page.number)[:40]} · Holdwatch")

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound
        return web.Response(text=self._files[name], content_type=_STATIC[name], charset="utf-8")

    def _page(self, name: str, **values: object) -> web.Response:
        text = self._templates.get_template(name).render(**values)
        # A lone surrogate in what somebody typed must not make the page fail.
        body = text.encode("utf-8", "replace")
        return web.Response(body=body, content_type="text/html", charset="utf-8")


def _title(alerts: int) -> str:
    if not alerts:
        return "Holdwatch"
    return f"({alerts}) Holdwatch"


def _source(name: str) -> str:
    return (_HERE / "templates" / name).read_text("utf-8")


def _kind(part: object) -> str:
    match part:
        case Para():
            return "para"
        case Fields():
            return "fields"
        case Table():
            return "table"
    return ""


def _href(span: Span) -> str:
    """The address of a link that is safe to follow, else ''."""
    return span.url if span.style is Style.LINK and span.url.lower().startswith(_SAFE) else ""
