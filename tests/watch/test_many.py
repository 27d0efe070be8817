"""The gate before the job that looks at many loads: it opens exactly when the job would find something new."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.policy import Policy
from bot.watch.many import NO_PART, Gate, Part
from tests.watch.ground import NOW

HOUR = timedelta(hours=1)


def silent(broker: str, shipment: str) -> Part:
    return Part(silent=((shipment, broker, NOW),))


def test_n4_it_opens_with_the_third_load_of_a_broker_and_with_each_change_after_that() -> None:
    gate = Gate(Policy())
    waiting = Part(frozenset({"PCB"}))
    for load in ("a", "b"):
        gate.put(load, waiting)
        assert not gate.opens(None, False)
    gate.put("c", waiting)
    assert gate.opens(None, False)
    gate.ran(None, False)
    assert not gate.opens(None, False)
    assert gate.put("c", NO_PART) == waiting
    assert gate.opens(None, False)


def test_c4_it_opens_when_customs_may_be_down_and_when_customs_is_heard_again() -> None:
    gate = Gate(Policy())
    for n in range(5):
        assert not gate.opens(None, False)
        gate.put(str(n), silent(f"broker {n % 2}", f"s{n}"))
    assert gate.opens(NOW - HOUR, False)
    assert not gate.opens(NOW - HOUR, True)
    gate.ran(NOW - HOUR, False)
    assert gate.asks
    assert not gate.opens(NOW - HOUR, False)
    assert gate.opens(NOW + HOUR, False)


def test_c4_one_broker_that_is_silent_is_no_outage() -> None:
    gate = Gate(replace(Policy(), outage_numbers=2))
    gate.put("a", silent("PCB", "s1"))
    gate.put("b", silent("PCB", "s2"))
    assert not gate.opens(None, False)
