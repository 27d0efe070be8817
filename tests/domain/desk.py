"""Builders for alerts: one that was raised, and a load with two shipments. All of it is SAMPLE data."""

from bot.domain.alert import Alert, Event, Notice
from bot.domain.assess import assess
from bot.domain.assessment import Assessment
from bot.domain.load import Load
from tests.domain.builders import POLICY, a_load, a_shipment, about, before, see, tell, the_facts

TWO_SHIPMENTS = a_load(shipments=(a_shipment("s1"), a_shipment("s2", ccn="9XYZPARS000124")))


def events(one: Notice) -> list[Event]:
    return [s.event for s in one.said]


def raised(at: float = 3) -> Alert:
    """An alert for a shipment that nobody accepted, at warn."""
    alert = tell(None, see(before(at)), before(at)).alert
    assert alert is not None
    return alert


def two(hours: float, *reports: object, second: tuple = (), load: Load = TWO_SHIPMENTS, **more: object) -> Assessment:
    """A load with two shipments, the reports about each."""
    return assess(load, the_facts(about(reports), about(second), **more), POLICY, before(hours))
