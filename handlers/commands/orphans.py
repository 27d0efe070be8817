"""/feed orphans: numbers of which something was told and that no load has."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.watch.nearby import whose_slip
from handlers.announce.facts import status_word
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, choices
from handlers.commands.subjects import ending
from handlers.grammar import Command
from handlers.reply import Reply, Table, say
from handlers.words import _, ngettext
from storage.loads import LoadRecord
from storage.numbers import NumberRecord
from storage.shipments import ShipmentRecord

#: Numbers of one answer.
_LISTED = 15
#: How the number of a new load is said, where its kind says it.
_KEYS = {NumberKind.CCN: "pars", NumberKind.SCN: "paps", NumberKind.TRIP: "trip", NumberKind.ENTRY: "entry"}


async def orphans(ask: Ask) -> Reply:
    """Numbers that were reported and belong to no load, the newest first."""
    numbers = await ask.work.numbers.orphans(_LISTED + 1)
    if not numbers:
        return Reply(_("Every number that was reported lately belongs to a load."), private=True)
    more, numbers = len(numbers) > _LISTED, numbers[:_LISTED]
    told = await ask.work.reports.of_numbers(n.id for n in numbers)
    near = await whose_slip(ask.work, numbers)
    loads = await ask.work.loads.of({load for load, _shipment in near.values()}) if near else {}
    rows, lines = [], []
    for number in numbers:
        load, shipment = near.get(number.id, ("", None))
        record = loads.get(load)
        rows.append(_row(ask, number, told.get(number.id, ()), record, shipment))
        lines.append(await _line(ask, number, record, shipment))
    header = (_("Number"), _("Last word"), _("Feed"), _("When"), _("Near"))
    title = ngettext("{n} number without a load.", "{n} numbers without a load.", len(numbers))
    rest = _("… and more, heard of before these; only the newest {n} are shown.").format(n=_LISTED) if more else ""
    buttons, typed = choices(lines)
    note = _("What is told of a number counts for the load that gets it, as if the load had been there.")
    return Reply(
        title.format(n=len(numbers)), (Table(header, tuple(rows), rest), *typed, say(note)), buttons, private=True
    )


def _row(
    ask: Ask,
    number: NumberRecord,
    told: Sequence[Report],
    record: LoadRecord | None,
    shipment: ShipmentRecord | None,
) -> tuple[str, ...]:
    last = max(told, key=lambda r: (_received(r, number), r.position), default=None)
    word = status_word(last.status.value) if last else ""
    when = ask.times().aged(_received(last, number) if last else number.first_seen)
    near = ""
    if record is not None and shipment is not None:
        form = _("{number} of load {load}")
        near = form.format(number=cut(shipment.text or shipment.ccn, 40), load=cut(record.number, 20))
    return (cut(number.text or number.key, 40), word, cut(last.feed, 30) if last else "", when, near)


def _received(report: Report, number: NumberRecord) -> datetime:
    return report.received or number.first_seen


async def _line(
    ask: Ask, number: NumberRecord, record: LoadRecord | None, shipment: ShipmentRecord | None
) -> tuple[str, str]:
    """A tap: the load that it may belong to, else a new one."""
    text = cut(number.text or number.key, 40)
    if record is None or shipment is None:
        key = _KEYS.get(number.kind, "pars")
        return _("Add a load: {number}").format(number=text), Command("load", "", "add", (), ((key, text),)).line()
    rows = (await ask.work.shipments.of_loads([record.id])).get(record.id, [])
    end = ending(shipment, rows) if len(rows) > 1 else ""
    label = _("{number} belongs to {load}").format(number=text, load=cut(record.number, 20))
    return label, Command("load", record.key, "sticker", ("theirs",), (), end).line()
