"""What a broker promises, where that comes from, and what was measured of it (RULES T1)."""

from datetime import timedelta

from bot.domain.load import Direction
from bot.domain.promise import Fixed, Pace, promised
from bot.domain.times import age
from bot.watch.promises import WINDOW
from handlers.commands.asking import Ask
from handlers.reply import Part, Table, say
from handlers.words import _, mark
from storage.parties import PartyRecord
from storage.promises import PromiseRecord

_FOR = {
    Pace.CA: mark("into Canada"),
    Pace.US: mark("into the US"),
    Pace.AGENCY: mark("with another agency"),
}
_DIRECTION = {Pace.CA: Direction.CA, Pace.US: Direction.US, Pace.AGENCY: Direction.CA}


async def promise(ask: Ask, party: PartyRecord) -> list[Part]:
    """Its promise at each pace, with what was measured of it in the night."""
    first = (ask.now - WINDOW).astimezone(ask.home).date()
    rows = await ask.work.promises.of(party.id, first.isoformat())
    last = {row.pace: row for row in rows}
    held = [Fixed(r.since, r.pace, timedelta(minutes=r.minutes) if r.minutes is not None else None) for r in rows]
    head = (_("Papers"), _("Promise"), _("Known times"), _("Half within"), _("Nine of ten within"))
    table = Table(head, tuple(_row(ask, party, pace, held, last.get(pace)) for pace in Pace))
    return [table, say(_said(ask, rows))]


def _row(ask: Ask, party: PartyRecord, pace: Pace, held: list[Fixed], last: PromiseRecord | None) -> tuple[str, ...]:
    known = last is not None and last.samples > 0
    return (
        _(_FOR[pace]),
        _promise(ask, party, pace, promised(held, pace, ask.now)),
        str(last.samples if last else 0),
        age(timedelta(minutes=last.half)) if last and known else "",
        age(timedelta(minutes=last.most)) if last and known else "",
    )


def _promise(ask: Ask, party: PartyRecord, pace: Pace, measured: timedelta | None) -> str:
    """What holds for papers that go now, and where it comes from."""
    policy = ask.world.carriers[ask.work.carrier].policy
    if party.promise_minutes:
        return _("{time}, set here").format(time=age(timedelta(minutes=party.promise_minutes)))
    own = policy.own_promise(party.name)
    if own is not None:
        return _("{time}, set in holdwatch.toml").format(time=age(own))
    if measured is not None:
        return _("{time}, measured").format(time=age(measured))
    usual = policy.promise_of(party.name, _DIRECTION[pace], agency=pace is Pace.AGENCY)
    return _("{time}, the usual").format(time=age(usual))


def _said(ask: Ask, rows: list[PromiseRecord]) -> str:
    policy = ask.world.carriers[ask.work.carrier].policy
    form = _("From {n} known times on its own time is its promise, for papers that go after it was measured.")
    rule = form.format(n=policy.promise_samples)
    if not rows:
        return _("Its time from papers to acceptance is not measured yet.") + " " + rule
    said = _("Measured {time}, in its open hours, by papers of the last {days}.")
    return said.format(time=ask.times().aged(rows[-1].since), days=age(policy.promise_window)) + " " + rule
