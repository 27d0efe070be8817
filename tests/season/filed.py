"""Who filed it, for which office, and what is filed in another way than by a broker's release. SAMPLE data."""

from tests.season.trip import BROKERS, CROSSINGS, HOUR, MINUTE, Trip

#: An office inland, where a release may be made whatever the bridge.
_INLAND = "0495"


def other_filer(t: Trip) -> None:
    """Accepted by a filer that is not its broker: a partner whom dispatch vouches for, or one who took the wrong
    number; then its own broker files in time, or nobody sees it."""
    t.row()
    other = t.r.choice([b for b in BROKERS if b != t.broker])
    at = t.accepted()
    t.accepts(at, filing=t.filing + 3, broker=other)
    t.trouble = True
    fate = t.r.random()
    if fate < 0.3:
        t.replied(t.r.randint(10, 40) * MINUTE, "filer yes")
        t.over()
    elif fate < 0.6:
        t.accepts(at + t.r.randint(25, 70) * MINUTE)
        t.over()
    else:
        t.stops(at)
    t.manifest(t.eta - 3 * HOUR)


def other_port(t: Trip) -> None:
    """Filed for another bridge: the truck goes there, the broker files it for this one, or nobody sees it."""
    t.row()
    name, office = t.r.choice([c for c in CROSSINGS[t.direction] if c[0] != t.crossing])
    at = t.accepted()
    t.accepts(at, office=office)
    t.trouble = True
    fate = t.r.random()
    if fate < 0.3:
        t.replied(t.r.randint(10, 40) * MINUTE, f"port {name}")
        t.crossing, t.office = name, office
        t.over()
    elif fate < 0.6:
        t.accepts(at + t.r.randint(25, 70) * MINUTE, filing=t.filing + 1)
        t.over()
    else:
        t.stops(at)
    t.manifest(t.eta - 3 * HOUR)


def inland(t: Trip) -> None:
    """Released at an office inland: that is no other port, and no trouble."""
    t.row()
    t.accepts(t.accepted(), office=_INLAND)
    t.manifest(t.eta - t.r.randint(150, 300) * MINUTE)
    t.over()


def inbond(t: Trip) -> None:
    """Moves in bond: authorized, refused or held, or never sent."""
    t.row(pars="", paps="", inbond=t.pars)
    t.manifest(t.eta - t.r.randint(150, 300) * MINUTE)
    fate = t.r.random()
    if fate < 0.3:
        t.stops(t.silent_from())
        return
    at = min(t.accepted(), t.eta - 150 * MINUTE)
    if fate < 0.45:
        t.cargo(at, good=False) if t.direction == "CA" else t.ace(at, "1D", "2H")
        t.stops(at)
        return
    t.cargo(at) if t.direction == "CA" else t.ace(at, "1D")
    reported = t.eta + t.r.randint(2, 20) * MINUTE
    t.notice(reported, "REPORTED") if t.direction == "CA" else t.ace(reported, "19")


def csa(t: Trip) -> None:
    """Goes by CSA, of which no feed says a word before the booth: dispatch confirms the plan, or nobody does and the
    driver turns out not to be approved."""
    t.row(pars="", release_plan="csa", papers_sent="")
    t.manifest(t.eta - t.r.randint(150, 300) * MINUTE)
    if t.r.random() < 0.6:
        t.types(t.eta - t.r.randint(150, 300) * MINUTE, "accepted by=Maria")
        t.over()
    else:
        t.stops(t.eta - 2 * HOUR)


def not_filed(t: Trip) -> None:
    """Customs says itself that it has no release for the number, and half of the brokers hear of it in time."""
    t.row()
    t.manifest(t.eta - 3 * HOUR)
    t.rns(t.accepted(), "14", error="01")
    t.trouble = True
    if t.r.random() < 0.5:
        t.rns(t.eta - t.r.randint(65, 100) * MINUTE, "9")
        t.over()
    else:
        t.stops(t.silent_from())


def numberless(t: Trip) -> None:
    """Nobody gave the number; half of the loads get theirs in time."""
    t.row(pars="", paps="")
    t.manifest(t.eta - 3 * HOUR)
    t.trouble = True
    if t.r.random() < 0.5:
        at = t.eta - t.r.randint(150, 240) * MINUTE
        t.types(at, f"{'pars' if t.direction == 'CA' else 'paps'} {t.pars}")
        t.accepts(t.accepted())
        t.over()
    else:
        t.stops(t.eta - 2 * HOUR)


def unread(t: Trip) -> None:
    """A word of customs that nobody knows comes after the acceptance: half of them are stopped for it."""
    t.row()
    at = t.well() + 20 * MINUTE
    t.rns(at, "77")
    t.trouble = True
    if t.r.random() < 0.5:
        t.rns(at + 40 * MINUTE, "9")
        t.over()
    else:
        t.stops(at)
