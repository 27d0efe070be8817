"""/load 1234 add: a new load, or more about one; alone it opens a form."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.load import Direction, Life, LoadRow
from bot.domain.rowtext import ERASE
from bot.watch.intake import add_rows
from handlers.announce.scene import cut
from handlers.commands import crossing
from handlers.commands.asking import Ask, no
from handlers.commands.standing import again, stands
from handlers.nouns import LOAD_COLUMNS
from handlers.reply import Form, Input, Reply, Result, say
from handlers.timewords import when
from handlers.words import _, worded

_EXAMPLE = "/load 1234 add to=CA port=Sarnia eta=14:30 pars=SMPLPARS100123 broker=PCB papers=09:40"
_TIMES = {"eta": (False, True), "pickup": (True, True), "papers_sent": (True, False)}


async def add(ask: Ask) -> Reply:
    """Adds a load by its keys."""
    number = ask.command.subject.lstrip("#").strip()
    if not number or not ask.command.pairs:
        return _form(number, dict(ask.command.pairs))
    if number.startswith("~"):
        raise no(_("A new load needs the number that dispatch calls it by. Nothing was added."))
    if len(number) > 40:
        raise no(_("A load number has at most 40 characters. Nothing was added."))
    cells = {"number": number} | {LOAD_COLUMNS[k]: v for k, v in ask.command.pairs if v.strip()}
    direction = _direction(cells)
    zone = _port(ask, cells, direction)
    for column, (past, future) in _TIMES.items():
        text = cells.get(column, "")
        if text and text != ERASE:
            cells[column] = when(text, ask.now, zone, past_ok=past, future_ok=future).isoformat()
    (result,) = await add_rows(ask.work, ask.world, [LoadRow("this line", cells)], ask.hands)
    if result.outcome == "refused" or result.load_id is None:
        why = "; ".join(map(worded, result.remarks))
        raise no(_("Load {number} was not added: {why}.").format(number=cut(number, 40), why=why.rstrip(".")))
    record = await again(ask, result.load_id)
    if record.life is not Life.OPEN:
        raise no(
            _("Load {number} is over ({why}), and that ETA is of the same trip; nothing was added.").format(
                number=cut(number, 40), why=record.end_why or record.life.value
            ),
            _("To bring it back, type: /load {key} undo; for another trip give its own ETA").format(key=record.key),
        )
    said = {
        "added": _("Load {number} is watched now."),
        "changed": _("Load {number} was there already; what you typed is in it now."),
        "same": _("Load {number} says that already; nothing was changed."),
    }[result.outcome]
    return await stands(ask, result.load_id, said.format(number=cut(number, 40)), result.remarks)


def _direction(cells: dict[str, str]) -> Direction | None:
    word = cells.get("direction", "").strip().upper()
    if word in Direction.__members__:
        return Direction(word)
    if cells.get("pars") and not cells.get("paps"):
        return Direction.CA
    return Direction.US if cells.get("paps") and not cells.get("pars") else None


def _port(ask: Ask, cells: dict[str, str], direction: Direction | None) -> ZoneInfo:
    """The zone of the crossing; the crossing by its full name. Asked when several can be meant."""
    text = cells.get("crossing", "")
    if not text or text == ERASE:
        return ask.home
    rest = tuple((k, v) for k, v in ask.command.pairs if LOAD_COLUMNS[k] != "crossing")

    def again(name: str) -> str:
        return replace(ask.command, pairs=(*rest, ("port", name))).line()

    meant = crossing.one(ask, text, direction, _("Nothing was added."), again)
    cells["crossing"] = meant.name
    return meant.clock


def _form(number: str, known: dict[str, str]) -> Reply:
    inputs = (
        Input("subject", _("Load number"), optional=False, initial=number),
        Input("to", _("Into"), options=(("CA", _("Canada")), ("US", _("United States"))), optional=False,
              initial="US" if known.get("paps") else "CA"),
        Input("port", _("Crossing"), _("a name, a town or an office code")),
        Input("eta", _("At the border"), _("as in 14:30 or tomorrow 6:00; local to the crossing")),
        Input("pars", _("PARS"), _("several: with commas")),
        Input("paps", _("PAPS"), _("several: with commas")),
        Input("trip", _("Trip number"), _("CRN or ACE trip")),
        Input("broker", _("Broker")),
        Input("importer", _("Importer of record")),
        Input("papers", _("Papers sent"), _("as in 09:40; empty when not yet")),
        Input("driver", _("Driver")),
        Input("truck", _("Truck")),
        Input("trailer", _("Trailer")),
        Input("kind", _("Kind"), options=tuple((k, _(k)) for k in ("loaded", "empty", "racks", "bobtail")),
              initial="loaded"),
    )  # fmt: skip
    filled = tuple(replace(i, initial=known.get(i.name, i.initial)) for i in inputs)
    form = Form(_("New load"), _("Watch it"), "load", "add", filled, "subject")
    example = say(_("Type: {line}").format(line=_EXAMPLE))
    keys = say(_("Keys: {keys}").format(keys=", ".join(f"{k}=" for k in LOAD_COLUMNS)))
    title = _("What is the load? Nothing was added yet.")
    return Reply(title, (example, keys), private=True, result=Result.UNKNOWN, form=form)
