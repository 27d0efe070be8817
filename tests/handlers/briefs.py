"""Briefs made by the real rules from constructed facts: every kind of hold, each condition, and what surrounds them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.assess import assess
from bot.domain.brief import Brief, Contact, Paper, Told
from bot.domain.clearance import fold
from bot.domain.coverage import Ear, Hearing, Liveness
from bot.domain.crossings import Crossing, Crossings
from bot.domain.facts import About, BrokerFacts, Facts
from bot.domain.load import Direction, Load, LoadKind, Shipment, ShipmentType
from bot.domain.manifest import Manifest
from bot.domain.numbers import NumberKind
from bot.domain.policy import Policy
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track

ETA = datetime(2026, 2, 12, 17, 10, tzinfo=UTC)
ZONE = "America/Toronto"
LABEL = "SMPL PARS100123"
KEY = "SMPLPARS100123"
TRANSACTION = "14234123456788"
CLOCKS = {"late": 4.5, "warn": 3.0, "urgent": 1.8, "critical": 0.9}
PCB = Contact("PCB SAMPLE", "555-0101", "555-0102", open_now=False, opens=ETA + timedelta(hours=20))
ALIVE = Hearing(Ear("rns", Liveness.ALIVE))
CANT_TELL = Hearing(Ear("rns", Liveness.CANT_TELL, last_word=ETA - timedelta(hours=21)))
DEAD = Hearing(Ear("rns", Liveness.DEAD, ETA - timedelta(hours=9), ETA - timedelta(hours=10)))
BRIDGE = Crossing("Ambassador Bridge", ZONE, offices=frozenset({"0453"}), ports=frozenset({"3801"}))
ELSEWHERE = Crossing("Peace Bridge", ZONE, offices=frozenset({"0410"}), ports=frozenset({"0901"}))
BOTH = Crossings([BRIDGE, ELSEWHERE])


def before(hours: float) -> datetime:
    """So many hours before the ETA."""
    return ETA - timedelta(hours=hours)


def report(status: Status, hours: float, track: Track = Track.RELEASE, **more: object) -> Report:
    """What customs said, that many hours before the ETA."""
    facts: dict[str, object] = {"prepared": before(hours), "received": before(hours), "by": "CBSA", "feed": "rns"}
    return Report(NumberKind.CCN, KEY, status, track, str(more.pop("raw", "")), **(facts | more))  # type: ignore[arg-type]


def accepted(hours: float = 5, **more: object) -> Report:
    return report(Status.READY, hours, **({"office": "0453", "transaction": TRANSACTION, "raw": "9"} | more))


def person(status: Status, hours: float, by: str = "Maria/PCB") -> Report:
    return report(status, hours, raw="by phone", authority=Authority.PERSON, by=by, feed="person")


MANIFEST = Manifest(accepted=report(Status.ON_FILE, 6, Track.MANIFEST))


def pars(id_: str = "s1", number: str = KEY, papers: float | None = 6, **more: object) -> Shipment:
    sent = before(papers) if papers is not None else None
    facts: dict[str, object] = {"type": ShipmentType.PARS, "ccn": number, "broker": "PCB SAMPLE", "papers_sent": sent}
    return Shipment(id_, **(facts | more))  # type: ignore[arg-type]


def about(
    reports: Sequence[Report] = (), words: Sequence[Report] = (), hearing: Hearing = ALIVE, **more: object
) -> About:
    return About(fold(list(reports), list(words)), hearing, BrokerFacts("PCB SAMPLE"), **more)  # type: ignore[arg-type]


def load(*shipments: Shipment, **more: object) -> Load:
    facts: dict[str, object] = {"direction": Direction.CA, "kind": LoadKind.LOADED, "known_at": before(30), "eta": ETA}
    facts |= {"trips": ("SMPLTRIP0007",), "crossing": BRIDGE.name, "shipments": shipments}
    return Load("l1", "1234", **(facts | more))  # type: ignore[arg-type]


def paper(shipment: Shipment, label: str = "") -> Paper:
    """A shipment as people know it; the first sample number was filed with a blank."""
    filed = LABEL if shipment.ccn == KEY else shipment.ccn
    return Paper(
        shipment.id, label or filed, shipment.type.value, PCB, Contact("ACME SAMPLE", "555-0109"), shipment.papers_sent
    )


def brief(load_: Load, facts: Facts, hours: float, policy: Policy | None = None, **more: object) -> Brief:
    """The load as told that many hours before its ETA, by the real rules."""
    found = assess(load_, facts, policy or Policy(), before(hours))
    known: dict[str, object] = {"crossing": load_.crossing, "trips": load_.trips, "truck": "88", "trailer": "5310"}
    known |= {"driver": Contact("J. Sample", "555-0117"), "papers": tuple(paper(s) for s in load_.shipments)}
    known |= {"number": load_.number, "key": "~k3f9", "direction": load_.direction.value, "kind": load_.kind.value}
    return Brief(zone=ZONE, found=found, **(known | more))  # type: ignore[arg-type]


def one(
    shipment: Shipment | None = None, told: About | None = None, hours: float = 1.8, *, facts: Facts | None = None,
    load_: Load | None = None, **more: object
) -> Brief:  # fmt: skip
    """A load of one shipment, its trip's manifest accepted, its alert open."""
    own = shipment or pars()
    base = facts or Facts(manifest=MANIFEST, crossing=BRIDGE, crossings=BOTH)
    known = {"state": "open", "raised_at": before(3)} | more
    return brief(load_ or load(own), replace(base, about={own.id: told or about()}), hours, **known)


def told(event: str, of: Brief, hours: float, why: str = "", level: int = 3, **more: str) -> Told:
    """An event that many hours before the ETA, about all that stands."""
    fingerprints = tuple(h.fingerprint for h in of.found.standing)
    return Told(event, level, before(hours), of, fingerprints, why, more)
