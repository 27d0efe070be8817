"""Which load, and which of its shipments, a line is about. A write never takes the nearest: several hits ask."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.load import Life
from bot.domain.numbers import key_of
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, Stop, choices, no, question
from handlers.grammar import Command
from handlers.reply import Reply, Result, say
from handlers.words import _
from storage.finder import Hit
from storage.loads import LoadRecord
from storage.shipments import ShipmentRecord

ALL = "ALL"
#: Letters of a name that are enough to look for it, and open loads among which one looks.
_PART, _LISTED = 3, 500
_NUMBERED = ("ccn", "scn", "entry")


@dataclass(frozen=True, slots=True)
class Meant:
    """The load that a line is about; `number` is the key of the shipment by which it was named, else ''."""

    record: LoadRecord
    number: str = ""


async def the_load(ask: Ask) -> Meant:
    """The load meant; Stop with a question or a refusal when it is not one."""
    subject = ask.command.subject
    if not subject:
        return Meant(await _of_thread(ask))
    hits = [h for h in await ask.work.finder.search(subject) if may_see(ask, h.load)]
    open_ = [h for h in hits if h.load.life is Life.OPEN] or hits
    if not open_:
        raise await _unknown(ask, subject)
    if len(open_) > 1 and not _one_load_again(ask, open_):
        raise question(
            _("“{subject}” can be several loads, so nothing was done. Which one?").format(subject=cut(subject)),
            [(describe(ask, h), replace(ask.command, subject=h.load.key).line()) for h in open_],
        )
    hit = open_[0]
    return Meant(hit.load, hit.text if hit.what in _NUMBERED else "")


def _one_load_again(ask: Ask, hits: Sequence[Hit]) -> bool:
    """Whether these are earlier runs of one number, of which a reader means the last."""
    same = {(h.load.number_key, h.load.direction) for h in hits}
    return len(same) == 1 and not ask.command.spec.writes


def may_see(ask: Ask, record: LoadRecord) -> bool:
    """Drivers see their own loads only."""
    return not ask.who.drives or (bool(ask.who.person) and record.driver_id == ask.who.person)


async def _of_thread(ask: Ask) -> LoadRecord:
    if not ask.thread_load and ask.who.drives:
        return await _of_driver(ask)
    if not ask.thread_load:
        example = replace(ask.command, subject="1234").line()
        raise no(
            _("Which load? Nothing was done."),
            _("Type its number, or answer in the thread of its post: {line}").format(line=example),
        )
    found = (await ask.work.loads.of([ask.thread_load])).get(ask.thread_load)
    if found is None or not may_see(ask, found):
        raise no(_no_such(""))
    return found


async def _of_driver(ask: Ask) -> LoadRecord:
    """A driver with one load need not say which."""
    own = await ask.work.finder.listed(driver_id=ask.who.person, limit=4) if ask.who.person else []
    if len(own) == 1:
        return own[0]
    if not own:
        raise no(_("You have no open load here. Nothing was changed."), _("Ask dispatch to put you on your load."))
    lines = [(cut(load.number, 40), replace(ask.command, subject=load.key).line()) for load in own]
    raise question(_("Which of your loads? Nothing was done."), lines)


def _no_such(subject: str) -> str:
    if not subject:
        return _("There is no such load here. Nothing was changed.")
    return _("There is no load “{subject}” here. Nothing was changed.").format(subject=cut(subject, 40))


async def _unknown(ask: Ask, subject: str) -> Stop:
    """No hit: what looks alike, and numbers that a feed spoke of and no load claims. Drivers get the bare answer."""
    title = _no_such(subject)
    if ask.who.drives:
        return no(title)
    lines: list[tuple[str, str]] = []
    more: list[str] = []
    key = key_of(subject)
    for number in (await ask.work.numbers.alike([key]))[:5]:
        claims = await ask.work.claims.loads_of([number.id])
        loads = await ask.work.loads.of({c.load_id for c in claims})
        if not loads and number.key == key:
            form = _("A feed spoke of {number}, but no load has it: /load 1234 pars {number}")
            more.append(form.format(number=number.text or number.key))
        for record in loads.values():
            label = _("{number} of load {load}").format(number=number.text or number.key, load=record.number)
            lines.append((label, Command("load", record.key, "status").line()))
    lines += [(describe(ask, h), Command("load", h.load.key, "status").line()) for h in await _pieced(ask, subject)]
    lines += await _driven(ask, subject)
    more.append(_("A load, trip, PARS, PAPS, transaction, truck or trailer number finds it; or see: /load list"))
    buttons, typed = choices(lines)
    if lines:
        more.append(_("What looks like it:"))
    return Stop(Reply(title, (*map(say, more), *typed), buttons, private=True, result=Result.REFUSED))


async def _pieced(ask: Ask, subject: str) -> list[Hit]:
    """Loads of a number that was typed in pieces, its letters taken for a verb: SMPL PARS 100 123."""
    command = ask.command
    if not command.spec.names or not all(word.isdigit() for word in command.words):
        return []
    return (await ask.work.finder.search(f"{subject}{command.verb}{''.join(command.words)}"))[:4]


async def _driven(ask: Ask, subject: str) -> list[tuple[str, str]]:
    """Open loads whose driver has that part in his name."""
    part = subject.casefold()
    if len(part) < _PART or any(c.isdigit() for c in part):
        return []
    own = [r for r in await ask.work.finder.listed(limit=_LISTED) if part in r.driver_name.casefold()]
    form = _("{number}, driver {name}")
    return [
        (form.format(number=cut(r.number, 20), name=cut(r.driver_name, 40)), Command("load", r.key, "status").line())
        for r in own[:5]
    ]


def describe(ask: Ask, hit: Hit) -> str:
    """A load in a few words, to choose by."""
    load = hit.load
    times = ask.times()
    parts = [f"{cut(load.number, 20)} → {load.direction.value}"]
    if load.crossing:
        parts.append(cut(load.crossing, 24))
    if load.life is not Life.OPEN:
        parts.append(_("over: {why}").format(why=cut(load.end_why or load.life.value, 24)))
    elif load.eta:
        parts.append(_("ETA {time}").format(time=times.at(load.eta)))
    if hit.what not in ("number", "key"):
        parts.append(f"{hit.what} {cut(hit.text, 20)}")
    return ", ".join(parts)


async def shipments_meant(ask: Ask, meant: Meant, *, ask_which: bool) -> list[ShipmentRecord]:
    """The shipments that a line is about: named by last digits, by number, or all; asks which when it must be told."""
    rows = (await ask.work.shipments.of_loads([meant.record.id])).get(meant.record.id, [])
    tail = ask.command.shipment
    if tail == ALL and not any(s.ccn.endswith(ALL) for s in rows):
        return rows
    if tail:
        return _tailed(ask, meant.record, rows, tail)
    if meant.number and (own := [s for s in rows if meant.number in (s.ccn, key_of(s.entry))]):
        return own
    if len(rows) > 1 and ask_which:
        raise question(
            _("Load {number} has {n} shipments, and nothing was changed. Which one?").format(
                number=cut(meant.record.number, 40), n=len(rows)
            ),
            _which(ask, meant.record, rows),
        )
    return rows


def _tailed(ask: Ask, record: LoadRecord, rows: Sequence[ShipmentRecord], tail: str) -> list[ShipmentRecord]:
    found = [s for s in rows if s.ccn.endswith(tail)]
    if len(found) == 1:
        return found
    if found:
        raise question(
            _("…{tail} fits {n} shipments, and nothing was changed. Which one?").format(tail=tail, n=len(found)),
            _which(ask, record, found),
        )
    known = ", ".join(cut(s.text or s.ccn, 40) for s in rows[:8]) or _("none")
    raise no(
        _("Load {number} has no shipment that ends in {tail}. Nothing was changed.").format(
            number=cut(record.number, 40), tail=tail
        ),
        _("Its numbers: {numbers}").format(numbers=known),
    )


def _which(ask: Ask, record: LoadRecord, rows: Sequence[ShipmentRecord]) -> list[tuple[str, str]]:
    base = replace(ask.command, subject=record.key)
    lines = []
    for row in rows[:6]:
        end = ending(row, rows)
        if end:
            lines.append((cut(row.text or row.ccn, 40), replace(base, shipment=end).line()))
    lines.append((_("All of them"), replace(base, shipment=ALL).line()))
    return lines


def ending(row: ShipmentRecord, rows: Sequence[ShipmentRecord]) -> str:
    """The shortest end, of three characters or more, that only this shipment's number has; '' when there is none."""
    for length in range(3, min(len(row.ccn), 25) + 1):
        end = row.ccn[-length:]
        if sum(s.ccn.endswith(end) for s in rows) == 1 and end.replace("-", "").isalnum():
            return end
    return ""


def label(rows: Sequence[ShipmentRecord], of: int) -> str:
    """Shipments in words: one by its number, all by their count."""
    if len(rows) == 1:
        return rows[0].text or rows[0].ccn or _("the shipment without a number")
    if len(rows) == of:
        return _("all {n} shipments").format(n=of)
    return ", ".join(s.text or s.ccn for s in rows)
