"""All that the words of a card or an event need about one load, frozen; and its JSON form for the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.assessment import Assessment, from_json
from bot.domain.quick import altered
from bot.domain.waits import Queue
from bot.domain.written import to_text


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call: day and night numbers, and whether somebody answers now (None: hours not known)."""

    name: str = ""
    day: str = ""
    night: str = ""
    open_now: bool | None = None
    opens: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One shipment as people know it: `label` is its number exactly as filed."""

    id: str
    label: str
    type: str
    broker: Contact = Contact()
    importer: Contact = Contact()
    papers_sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """One load for people. `zone` is that of its crossing, else the carrier's home; times are UTC."""

    number: str
    key: str
    direction: str
    kind: str
    zone: str
    found: Assessment
    papers: tuple[Paper, ...] = ()
    crossing: str = ""
    trips: tuple[str, ...] = ()
    truck: str = ""
    trailer: str = ""
    driver: Contact = Contact()
    carried_by: str = ""
    owner: str = ""
    owned_until: datetime | None = None
    state: str = ""
    raised_at: datetime | None = None
    ended_at: datetime | None = None
    end_why: str = ""
    sample: bool = False
    queue: Queue | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event of an alert, with the load as it stood: the facts of a word (DESIGN, Outbox)."""

    event: str
    level: int
    at: datetime
    brief: Brief
    about: tuple[str, ...] = ()
    why: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


def told_to_text(told: Told) -> str:
    """An event as JSON; wait times are left out, for a word that waits would tell old ones."""
    return to_text(altered(told, brief=altered(told.brief, queue=None)))


def told_from_json(data: Mapping[str, Any]) -> Told:
    """The event that `told_to_text` made this of."""
    return Told(
        data["event"],
        data["level"],
        datetime.fromisoformat(data["at"]),
        _brief(data["brief"]),
        tuple(data.get("about", ())),
        data.get("why", ""),
        data.get("more", {}),
    )


def _brief(data: Mapping[str, Any]) -> Brief:
    plain = (
        "number",
        "key",
        "direction",
        "kind",
        "zone",
        "crossing",
        "truck",
        "trailer",
        "carried_by",
        "owner",
        "state",
    )
    return Brief(
        **{name: data.get(name, "") for name in plain},
        end_why=data.get("end_why", ""),
        sample=data.get("sample", False),
        trips=tuple(data.get("trips", ())),
        found=from_json(data["found"]),
        papers=tuple(_paper(p) for p in data.get("papers", ())),
        driver=_contact(data.get("driver")),
        owned_until=_time(data.get("owned_until")),
        raised_at=_time(data.get("raised_at")),
        ended_at=_time(data.get("ended_at")),
    )


def _paper(data: Mapping[str, Any]) -> Paper:
    return Paper(
        data["id"],
        data.get("label", ""),
        data["type"],
        _contact(data.get("broker")),
        _contact(data.get("importer")),
        _time(data.get("papers_sent")),
    )


def _contact(data: Mapping[str, Any] | None) -> Contact:
    if not data:
        return Contact()
    known = {name: data.get(name, "") for name in ("name", "day", "night")}
    return Contact(**known, open_now=data.get("open_now"), opens=_time(data.get("opens")))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
