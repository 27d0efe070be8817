"""A shipment's number against one like it that is on file: which is on the sticker (K, `number_mismatch`)."""

from dataclasses import replace

from bot.domain.assessment import Hold
from bot.domain.bench import Bench
from bot.domain.facts import About
from bot.domain.kinds import KINDS, Cause, Kind, Level
from bot.domain.load import Shipment
from bot.domain.numbers import key_of

#: Kinds that another number on file may explain.
_EXPLAINED = frozenset(
    {
        Kind.NOT_MATCHED,
        Kind.NO_RELEASE,
        Kind.NO_CARGO,
        Kind.ENTRY_MISSING,
        Kind.INBOND_MISSING,
        Kind.UNWATCHED,
    }
)


def mismatch(bench: Bench, shipment: Shipment, about: About, start: int) -> None:
    """Asks for the sticker beside the hold that it may explain, among those from `start`; answered *ours*, the broker
    files again; answered *theirs*, nothing goes until a match or an acceptance newer than the answer."""
    levels = [h.level for h in bench.holds[start:] if (h.replaces or h.kind) in _EXPLAINED and h.level is not None]
    if about.sticker is not None and not about.sticker.ours:
        _theirs(bench, shipment, about, levels)
    elif levels:
        _explains(bench, shipment, about, max(levels))


def _theirs(bench: Bench, shipment: Shipment, about: About, levels: list[Level]) -> None:
    sticker = about.sticker
    if sticker is None:
        return
    detail = {"answer": "theirs", "near": sticker.other, "by": sticker.who}
    bench.fact_hold(Kind.NUMBER_MISMATCH, shipment.id, None, sticker.at, detail=detail)
    hold = bench.holds[-1]
    bench.holds[-1] = replace(hold, cause=Cause.OURS, level=max((*levels, hold.level or Level.LATE)))


def _explains(bench: Bench, shipment: Shipment, about: About, level: Level) -> None:
    row, sticker = KINDS[Kind.NUMBER_MISMATCH], about.sticker
    if sticker is not None and (not about.near or key_of(about.near) == key_of(sticker.other)):
        detail = {"answer": "ours", "near": sticker.other, "by": sticker.who}
        cause, since = Cause.BROKER, sticker.at
    elif about.near:
        detail, cause, since = {"near": about.near}, row.cause, None
    else:
        return
    bench.holds.append(
        Hold(
            Kind.NUMBER_MISMATCH,
            shipment.id,
            cause,
            level,
            fact=True,
            stops=row.stops,
            since=since,
            detail=detail,
        )
    )
