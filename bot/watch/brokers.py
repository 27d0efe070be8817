"""What the rules need of a broker in the address book."""

from collections.abc import Mapping
from datetime import time, timedelta

from bot.domain.facts import BrokerFacts
from bot.domain.promise import Fixed, OpenHours
from bot.domain.quick import altered
from storage.parties import PartyRecord


def broker_facts(party: PartyRecord) -> BrokerFacts:
    """What the rules need of a broker in the address book."""
    promise = timedelta(minutes=party.promise_minutes) if party.promise_minutes else None
    return BrokerFacts(party.name, promise, open_hours(party), frozenset(party.filers))


def with_measured(
    broker: BrokerFacts | None, party: PartyRecord | None, promises: Mapping[str, tuple[Fixed, ...]]
) -> BrokerFacts | None:
    """The same, with what was measured of the party that it is by now."""
    rows = promises.get(party.id, ()) if party else ()
    return altered(broker, measured=rows) if rows and broker is not None else broker


def open_hours(party: PartyRecord) -> OpenHours | None:
    """A broker's week from {"zone": …, "spans": [[weekday, "08:00", "17:00"], …]}; None when not known."""
    if not party.hours or "spans" not in party.hours:
        return None
    spans = tuple((int(d), time.fromisoformat(a), time.fromisoformat(b)) for d, a, b in party.hours["spans"])
    return OpenHours(str(party.hours.get("zone", "UTC")), spans)
