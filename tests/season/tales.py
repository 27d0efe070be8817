"""What can happen to a load at the border. SAMPLE data."""

from collections.abc import Callable

from tests.season.filed import csa, inbond, inland, not_filed, numberless, other_filer, other_port, unread
from tests.season.trip import BROKERS, HOUR, MINUTE, Trip


def clean(t: Trip) -> None:
    t.row()
    t.well()
    t.over()


def slow(t: Trip) -> None:
    """The broker takes longer than it promises, and is in time."""
    t.row()
    at = t.eta - t.r.randint(35, 110) * MINUTE
    t.rns(at - 20 * MINUTE, "34") if t.direction == "CA" else None
    t.rns(at, "9") if t.direction == "CA" else t.ace(at, "02")
    t.manifest(t.eta - 3 * HOUR)
    t.trouble = True
    t.over()


def never(t: Trip) -> None:
    """Nobody filed."""
    t.row()
    t.manifest(t.eta - 3 * HOUR)
    t.stops(t.silent_from())


def broken(t: Trip) -> None:
    """Accepted, and the link is lost again; half of them are matched again in time."""
    t.row()
    t.well()
    at = t.eta - t.r.randint(70, 115) * MINUTE
    t.rns(at, "14", error="01") if t.r.random() < 0.5 else t.notice(at, "0002")
    t.trouble = True
    if t.r.random() < 0.5:
        t.rns(at + t.r.randint(15, 40) * MINUTE, "9", filing=t.filing + 1)
        t.over()
    else:
        t.stops(at)


def rejected(t: Trip) -> None:
    t.row()
    t.manifest(t.eta - 3 * HOUR)
    at = min(t.accepted(), t.eta - 150 * MINUTE)
    t.rns(at, "2")
    t.trouble = True
    if t.r.random() < 0.6:
        t.rns(at + t.r.randint(20, 60) * MINUTE, "9", filing=t.filing + 1)
        t.over()
    else:
        t.stops(at)


def exam(t: Trip) -> None:
    t.row()
    at = t.well() + t.r.randint(5, 30) * MINUTE
    t.rns(at, "5")
    t.stops(at)


def documents(t: Trip) -> None:
    t.row()
    at = t.well() + t.r.randint(5, 30) * MINUTE
    t.rns(at, "6")
    t.trouble = True
    if t.r.random() < 0.5:
        t.rns(at + 35 * MINUTE, "9")
        t.over()
    else:
        t.stops(at)


def no_cargo(t: Trip) -> None:
    """The release names another number: customs finds no cargo for it."""
    t.row()
    t.manifest(t.eta - 4 * HOUR)
    at = t.accepted()
    t.notice(at, "DOCUMENT NOT ON FILE")
    t.stops(at)


def typo(t: Trip) -> None:
    """The broker wrote the letter O for a zero: all good news is about a number that nobody has."""
    t.row()
    t.manifest(t.eta - 3 * HOUR)
    at = t.accepted()
    other = t.pars[:-6] + t.pars[-6:].replace("0", "O", 1)
    t.rns(at - 10 * MINUTE, "34", number=other)
    t.rns(at, "9", number=other)
    t.stops(t.silent_from())


def refiled(t: Trip) -> None:
    """The broker cancels and files again, customs names the new transaction; one in three is never accepted."""
    t.row()
    at = t.well() + 20 * MINUTE
    t.rns(at, "34", filing=t.filing + 1)
    t.trouble = True
    if t.r.random() < 0.67:
        t.rns(at + 30 * MINUTE, "9", filing=t.filing + 1)
        t.over()
    else:
        t.stops(at)


def no_manifest(t: Trip) -> None:
    """Our own manifest was never sent."""
    t.row()
    at = t.accepted()
    t.rns(at, "9") if t.direction == "CA" else t.ace(at, "02")
    t.stops(t.silent_from())


def bad_manifest(t: Trip) -> None:
    t.row()
    at = t.accepted()
    t.rns(at, "9") if t.direction == "CA" else t.ace(at, "02")
    told = t.eta - t.r.randint(150, 220) * MINUTE
    t.manifest(told, good=False)
    t.trouble = True
    if t.r.random() < 0.6:
        t.manifest(told + t.r.randint(15, 40) * MINUTE)
        t.over()
    else:
        t.stops(told)


def late_entry(t: Trip) -> None:
    """Nobody told us of the load before it was 50 minutes from the border."""
    t.known_at = t.eta - 50 * MINUTE
    t.row()
    if t.r.random() < 0.5:
        t.well()
        t.over()
    else:
        t.manifest(t.eta - 3 * HOUR)
        t.silence = True
        t.stops(t.known_at + 2 * MINUTE)


def part_load(t: Trip) -> None:
    """Two shipments of two brokers; of the second half are never filed."""
    other = t.r.choice([b for b in BROKERS if b != t.broker])
    second = f"{t.pars}X"
    t.row()
    t.row(pars=second, broker=other)
    t.well()
    if t.r.random() < 0.5:
        t.rns(t.accepted(), "9", number=second, filing=t.filing + 5, broker=other)
        t.over()
        t.rns(t.eta + 30 * MINUTE, "4", number=second, filing=t.filing + 5, broker=other)
    else:
        t.stops(t.silent_from())


def empty(t: Trip) -> None:
    t.row(kind="empty", pars="", paps="", papers_sent="")
    if t.r.random() < 0.8:
        t.manifest(t.eta - 3 * HOUR)
    else:
        t.stop = t.trouble = True
        t.known_from = t.silent_from()


def postponed(t: Trip) -> None:
    """Dispatch moves the ETA by some hours."""
    t.row()
    at = t.eta - 5 * HOUR
    t.eta += t.r.randint(2, 5) * HOUR
    t.types(at, f"eta {t.eta:%Y-%m-%dT%H:%MZ}")
    t.well()
    t.over()


def reused(t: Trip) -> None:
    """The number was on a load of last week already; the list has both."""
    t.row()
    t.well()
    t.stops(t.known_at)


def withdrawn(t: Trip) -> None:
    """US: the entry is taken back; half of them are filed again."""
    t.row()
    t.well()
    at = t.eta - t.r.randint(80, 115) * MINUTE
    t.ace(at, "14")
    t.trouble = True
    if t.r.random() < 0.5:
        t.ace(at + 15 * MINUTE, "02")
        t.over()
    else:
        t.stops(at)


def held(t: Trip) -> None:
    """US: another agency holds it, and half of them lets it go."""
    t.row()
    at = t.well() + 20 * MINUTE
    t.ace(at, "2H")
    t.trouble = True
    if t.r.random() < 0.5:
        t.ace(at + 60 * MINUTE, "2I")
        t.over()
    else:
        t.stops(at)


def not_loaded(t: Trip) -> None:
    """US: do not load."""
    t.row()
    at = t.well() + 15 * MINUTE
    t.ace(at, "6H")
    t.stops(at)


def prior_notice(t: Trip) -> None:
    """US: FDA; the broker confirms the prior notice by telephone, or nobody asks."""
    t.row(agency="FDA")
    at = t.well()
    if t.r.random() < 0.7:
        when = max(at, t.eta - 280 * MINUTE)
        t.types(when, "agency ok by=Maria")
        t.over()
    else:
        t.stops(t.eta - 2 * HOUR)


Tale = Callable[[Trip], None]
#: How often each happens, in 1,000 loads of a direction.
NORTH: dict[Tale, int] = {
    clean: 634, slow: 40, never: 22, broken: 24, rejected: 20, exam: 12, documents: 14, no_cargo: 12, typo: 12,
    refiled: 16, no_manifest: 14, bad_manifest: 16, late_entry: 20, part_load: 24, empty: 30, postponed: 20, reused: 4,
    other_filer: 12, other_port: 14, inland: 10, inbond: 16, csa: 16, not_filed: 10,
    numberless: 10, unread: 6,
}  # fmt: skip
SOUTH: dict[Tale, int] = {
    clean: 710, slow: 40, never: 24, withdrawn: 24, held: 24, not_loaded: 10, prior_notice: 36, no_manifest: 16,
    bad_manifest: 20, empty: 30, postponed: 16, other_filer: 14, other_port: 14, inbond: 16,
    numberless: 10,
}  # fmt: skip
