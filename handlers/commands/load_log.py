"""/load 1234 log: everything heard, said and told about one load, in one order."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.carm.bn import mask, read_bn
from bot.domain.load import Hand, Said
from bot.domain.report import Report
from bot.domain.status import Status
from bot.watch.civil import civil_time
from handlers.announce.facts import level_word, status_word
from handlers.announce.scene import Times, cut
from handlers.commands.asking import Ask
from handlers.commands.standing import zone_of
from handlers.commands.subjects import the_load
from handlers.reply import Reply, Table
from handlers.words import _, mark, ngettext
from storage.journal import JournalRecord
from storage.loads import LoadRecord
from storage.outbox import WAITING, WORD, OutboxRecord
from storage.questions import QuestionRecord
from storage.work import Work

_MOST = 40
_PARTIES = ("broker", "importer")


@dataclass(frozen=True, slots=True)
class _Entry:
    at: datetime
    who: str
    what: str


async def log(ask: Ask) -> Reply:
    """What happened to a load, oldest first; the newest when it is much."""
    record = (await the_load(ask)).record
    return await log_of(ask.work, record, ask.times(zone_of(ask, record)))


async def log_of(work: Work, record: LoadRecord, times: Times, most: int = _MOST) -> Reply:
    """The log of one load, with times as said now."""
    entries = sorted(await _entries(work, record.id, times), key=lambda e: e.at)
    shown = entries[-most:]
    hidden = len(entries) - len(shown)
    more = ngettext("{n} earlier entry is not shown", "{n} earlier entries are not shown", hidden).format(n=hidden)
    title = ngettext("{number}: {n} entry.", "{number}: {n} entries.", len(entries))
    rows = tuple((times.at(e.at), times.span(e.at), cut(e.who, 30), cut(e.what, 160)) for e in shown)
    table = Table((_("When"), _("Age"), _("Who"), _("What")), rows, more if hidden else "")
    return Reply(title.format(number=cut(record.number, 40), n=len(entries)), (table,) if rows else (), private=True)


async def _entries(work: Work, load_id: str, times: Times) -> list[_Entry]:
    numbers = {c.number_id for c in await work.claims.of_loads([load_id])}
    reports = await work.reports.of_numbers(numbers) if numbers else {}
    labels = {s.id: s.text or s.ccn for s in (await work.shipments.of_loads([load_id])).get(load_id, [])}
    told = (await work.said.of_loads([load_id])).get(load_id, [])
    parties = await work.parties.of({s.value for s in told if s.field in _PARTIES and s.value})
    names = {id_: p.name for id_, p in parties.items()}
    found = [_heard(r) for told in reports.values() for r in told if r.received is not None]
    found += [_said(s, labels, names, times) for s in told if s.field != "pars"]
    for asked in (await work.questions.of_loads([load_id])).get(load_id, []):
        found += _asked(asked, times)
    found += [_happened(j, times) for j in await work.log.of_load(load_id)]
    found += list(_told(await work.outbox.of_loads([load_id]), await civil_time(work)))
    return found


def _heard(report: Report) -> _Entry:
    parts = [report.text or report.key, status_word(report.status)]
    if report.raw:
        parts.append(_("code {code}").format(code=report.raw))
    if report.transaction:
        parts.append(report.transaction)
    if report.office:
        parts.append(_("office {office}").format(office=report.office))
    assert report.received is not None  # filtered by the caller
    return _Entry(report.received, report.by or report.feed, ", ".join(parts))


#: Why customs was asked (`bot.domain.asking.Why`).
_WHY = {
    "due": mark("the promise is over"),
    "near": mark("the border is near"),
    "last": mark("the last time before the border"),
    "aged": mark("the acceptance is old"),
    "hand": mark("by hand"),
}


def _asked(asked: QuestionRecord, times: Times) -> Iterator[_Entry]:
    """A question to customs, and its answer where that was no news."""
    what = _("asked {feed} about {number}: {why}").format(feed=asked.feed, number=asked.key, why=_(_WHY[asked.why]))
    if asked.sent_at is None:
        what += ", " + _("not sent yet")
    yield _Entry(asked.asked_at, asked.by_name or _("Holdwatch"), what)
    if asked.answered_at is not None and asked.answer == "same":
        yield _Entry(asked.answered_at, asked.feed, _("{number}: nothing new").format(number=asked.key))


def _said(said: Said, labels: Mapping[str, str], names: Mapping[str, str], times: Times) -> _Entry:
    value = names.get(said.value or "") or _value(said, times)
    of = f" ({labels[said.shipment]})" if said.shipment in labels else ""
    by = said.who if said.hand >= Hand.DRIVER else _("{name} (file or feed)").format(name=said.who)
    return _Entry(said.at, by, f"{said.field.replace('_', ' ')}{of}: {value}")


def _value(said: Said, times: Times) -> str:
    """A stored value as people say it; '' erased."""
    value = said.value
    if value is None:
        return _("taken away")
    if said.field in ("eta", "papers", "pickup", "crossed"):
        return times.at(datetime.fromisoformat(value))
    if said.field == "bn15":
        number = read_bn(value)
        return mask(number.bn9, number.rm)
    if said.field in ("driver", "same_truck"):
        return value.partition("=")[2]
    if said.field in ("word", "manifest", "numbers", "number"):
        return _spelled(said.field, json.loads(value), times)
    return value


def _spelled(field: str, value: Mapping[str, Any], times: Times) -> str:
    match field:
        case "word":
            what = status_word(str(value["status"]), phone=True)
            return _("{what} by phone, {by}").format(what=what, by=value.get("by", ""))
        case "manifest":
            at = times.at(datetime.fromisoformat(str(value["at"])))
            if (status := value.get("status", Status.ON_FILE.value)) != Status.ON_FILE.value:
                return f"{status_word(str(status))} {at}, {value.get('by', '')}"
            return _("accepted {time}, {by}").format(time=at, by=value.get("by", ""))
        case "number":
            return _("{was} is now {number}").format(was=value.get("was", ""), number=value.get("number", ""))
        case _:
            counts = [(_("added"), "added"), (_("filled in"), "filled"), (_("taken off"), "dropped")]
            return ", ".join(f"{len(value[key])} {word}" for word, key in counts if value.get(key)) or _("no change")


def _happened(entry: JournalRecord, times: Times) -> _Entry:
    words = entry.words
    parts = [entry.what.replace("_", " ")]
    if words.get("level"):
        parts.append(level_word(int(words["level"])))
    if words.get("kinds"):
        parts.append(", ".join(str(k).replace("_", " ") for k in words["kinds"]))
    if words.get("why"):
        parts.append(_why(str(words["why"]), times))
    return _Entry(entry.at, entry.who, ": ".join(parts[:2]) + "".join(f"; {p}" for p in parts[2:]))


def _why(text: str, times: Times) -> str:
    try:
        return times.at(datetime.fromisoformat(text))
    except ValueError:
        return text


def _told(rows: list[OutboxRecord], civil: Callable[[datetime], datetime]) -> Iterator[_Entry]:
    """What was posted, where, and what is still waiting or could not be said; in civil time, as all else."""
    for row in rows:
        what = _("card") if row.kind != WORD else _("word: {event}").format(event=row.content.get("event", ""))
        where = f"{row.door} {row.external}"
        if row.sent_at is not None:
            yield _Entry(civil(row.sent_at), "holdwatch", _("{what} sent to {where}").format(what=what, where=where))
        elif row.state == WAITING:
            yield _Entry(civil(row.made_at), "holdwatch", _("{what} waits for {where}").format(what=what, where=where))
        else:
            form = _("{what} not sent to {where}: {why}")
            yield _Entry(
                civil(row.made_at), "holdwatch", form.format(what=what, where=where, why=row.error or row.state)
            )
