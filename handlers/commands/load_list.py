"""Lists of loads: /load list and /hold list, worst first, what is left out is counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.brief import Brief
from bot.domain.load import Life
from bot.watch.query import briefs
from handlers.announce.facts import ANSWERS, level_word
from handlers.announce.scene import Scene, cut, scene_of
from handlers.announce.sentence import reason
from handlers.commands import crossing
from handlers.commands.asking import Ask, no, question
from handlers.commands.naming import near_parties, party_of, person_meant
from handlers.reply import Reply, Table, Tone
from handlers.words import _, ngettext
from storage.loads import LoadRecord
from storage.parties import cousins

_SHOWN = 20
_MOST = 200
_HELD = ("held", "holds", "hold", "trouble", "stuck")
_MINE = ("mine", "my", "me")


@dataclass(frozen=True, slots=True)
class _Filter:
    """What a list is cut to; `held` keeps loads whose alert is open, `mine` those that the speaker owns."""

    crossings: tuple[str, ...] = ()
    broker: str = ""
    driver: str = ""
    direction: str = ""
    since: datetime | None = None
    until: datetime | None = None
    mine: bool = False
    held: bool = False


async def loads(ask: Ask) -> Reply:
    """Loads, worst first."""
    wanted = await _filter(ask)
    if wanted.held or wanted.mine:
        return await _alerts(ask, wanted)
    records = await _records(ask, wanted)
    if not records:
        return Reply(_("No open load fits that."), private=True)
    told = await briefs(ask.work, ask.world, records[:_SHOWN])
    held = sum(r.level > 1 for r in records)
    title = ngettext("{n} open load, {held} in trouble.", "{n} open loads, {held} in trouble.", len(records))
    count = f"{len(records)}+" if len(records) >= _MOST else str(len(records))
    tone = Tone.WARN if held else Tone.INFO
    return Reply(title.format(n=count, held=held), (_table(ask, told, len(records), "/load list"),), tone=tone,
                 private=True)  # fmt: skip


async def holds(ask: Ask) -> Reply:
    """Open alerts, worst first, with owner and age."""
    return await _alerts(ask, await _filter(ask))


async def _alerts(ask: Ask, wanted: _Filter) -> Reply:
    alerts = {a.load_id: a for a in await ask.work.alerts.open(_MOST)}
    found = await ask.work.loads.of(alerts)
    records = [found[i] for i in alerts if i in found and _fits(found[i], wanted)]
    if wanted.mine:
        records = [r for r in records if alerts[r.id].owner_id == ask.who.person and ask.who.person]
    if wanted.broker:
        shipments = await ask.work.shipments.of_loads([r.id for r in records])
        kin = cousins(wanted.broker, await ask.work.parties.merged())
        own = {i for i, rows in shipments.items() if any(s.broker_id in kin for s in rows)}
        records = [r for r in records if r.id in own]
    if not records:
        mine = _("You own no open alert.") if wanted.mine else _("No load is in trouble: no alert is open.")
        return Reply(mine, tone=Tone.GO, private=True)
    told = await briefs(ask.work, ask.world, records[:_SHOWN])
    unowned = sum(not alerts[r.id].owner_name for r in records)
    title = ngettext("{n} load in trouble, {u} owned by nobody.", "{n} loads in trouble, {u} owned by nobody.",
                     len(records))  # fmt: skip
    table = _table(ask, told, len(records), "/hold list port=…")
    return Reply(title.format(n=len(records), u=unowned), (table,), tone=Tone.WARN, private=True)


def _fits(record: LoadRecord, wanted: _Filter) -> bool:
    if wanted.crossings and record.crossing not in wanted.crossings:
        return False
    if wanted.driver and record.driver_id != wanted.driver:
        return False
    return not wanted.direction or record.direction.value == wanted.direction


async def _records(ask: Ask, wanted: _Filter) -> list[LoadRecord]:
    found = await ask.work.finder.listed(
        life=Life.OPEN, crossings=wanted.crossings, broker_id=wanted.broker, driver_id=wanted.driver,
        eta_from=wanted.since, eta_until=wanted.until, limit=_MOST,
    )  # fmt: skip
    return [r for r in found if _fits(r, wanted)]


async def _filter(ask: Ask) -> _Filter:
    value = ask.command.value
    words = [w.casefold() for w in ask.command.words]
    known = {*_HELD, *_MINE, "today", "open", "all", "tomorrow", "loads"}
    strange = [w for w in words if w not in known]
    if strange:
        raise no(
            _("I don't know “{word}” in a list.").format(word=cut(strange[0], 40)),
            _("Type: {line}").format(line="/load list held, /load list today, /load list port=Sarnia broker=PCB"),
        )
    since, until = _day(ask, words)
    direction = (value("to") or "").strip().upper()
    if direction and direction not in ("CA", "US"):
        raise no(_("to= is CA or US, the country that the truck enters."))
    return _Filter(
        crossings=_crossings(ask, value("port") or ""),
        broker=await _broker(ask, value("broker") or ""),
        driver=(await person_meant(ask, value("driver") or "", "driver")).id if value("driver") else "",
        direction=direction,
        since=since,
        until=until,
        mine=any(w in _MINE for w in words),
        held=any(w in _HELD for w in words),
    )


def _day(ask: Ask, words: list[str]) -> tuple[datetime | None, datetime | None]:
    """The local day of `today` or `tomorrow`; what is late from before still counts as today's."""
    start = ask.now.astimezone(ask.home).replace(hour=0, minute=0, second=0, microsecond=0)
    if "tomorrow" in words:
        return start + timedelta(days=1), start + timedelta(days=2)
    return (None, start + timedelta(days=1)) if "today" in words else (None, None)


def _crossings(ask: Ask, text: str) -> tuple[str, ...]:
    if not text:
        return ()
    return tuple(c.name for c in crossing.every(ask, text, "", lambda name: f'/load list port="{name}"'))


async def _broker(ask: Ask, text: str) -> str:
    if not text:
        return ""
    party = await party_of(ask, text)
    if party is not None:
        return party.id
    near = await near_parties(ask, text, "broker")
    lines = [(p.name, f'/{ask.command.noun} list broker="{p.name}"') for p in near]
    title = _("There is no broker “{name}” in the address book.").format(name=cut(text, 40))
    if lines:
        raise question(title, lines)
    raise no(title)


def _table(ask: Ask, told: list[Brief], of: int, line: str) -> Table:
    header = (_("Load"), _("Answer"), _("Why"), _("ETA"), _("At"), _("Owner"), _("Since"))
    rows = tuple(_row(scene_of(b, ask.now)) for b in told)
    more = of - len(told)
    form = ngettext("… and {n} more: {line}", "… and {n} more: {line}", more)
    return Table(header, rows, form.format(n=more, line=line) if more > 0 else "")


def _row(scene: Scene) -> tuple[str, ...]:
    brief, found = scene.brief, scene.brief.found
    answer = _(ANSWERS[found.answer])
    if found.level is not None and not found.is_go:
        answer = f"{answer} [{level_word(found.level)}]"
    owner = cut(brief.owner, 20) or (_("nobody yet") if brief.state else "")
    raised = scene.span(brief.raised_at) if brief.raised_at else ""
    return (scene.number, answer, cut(reason(scene), 80), scene.eta, scene.port, owner, raised)
