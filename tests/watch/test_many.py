"""The gate before the job that looks at many loads: it opens exactly when the job would find something new."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.config import read_config
from bot.domain.policy import Policy
from bot.feeds.registry import SOURCES
from bot.watch.many import NO_PART, Finds, Gate, Gates, Part
from bot.watch.world import World
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


def gates(tmp_path: Path) -> Gates:
    config = read_config(None, tmp_path, SOURCES)
    return Gates(World({c.id: c for c in config.carriers}, config.crossings, lambda: NOW), lambda _carrier, _at: None)


def test_n4_changes_of_a_stretch_count_each_from_its_own_beat_on(tmp_path: Path) -> None:
    all_, waiting = gates(tmp_path), Part(frozenset({"PCB"}))
    minute = timedelta(minutes=1)
    all_.add((NOW + n * minute, "home", f"load {n}", waiting) for n in (1, 2, 3, 5))
    assert all_.first(NOW + 3 * minute, []) is None
    assert all_.first(NOW + 10 * minute, []) == NOW + 3 * minute
    assert all_.opens(NOW + 3 * minute) == Finds(silence=False, calls=True)
    all_.ran(NOW + 3 * minute)
    all_.add([(NOW + 4 * minute, "home", "load 1", waiting)])
    assert all_.first(NOW + 10 * minute, []) == NOW + 5 * minute
    all_.ran(NOW + 5 * minute)
    assert all_.first(NOW + 10 * minute, []) is None


def test_c4_a_word_of_customs_ends_the_question_at_the_next_beat(tmp_path: Path) -> None:
    words = []
    config = read_config(None, tmp_path, SOURCES)
    world = World({c.id: c for c in config.carriers}, config.crossings, lambda: NOW)
    all_ = Gates(world, lambda _carrier, at: max((w for w in words if w <= at), default=None))
    all_.add((NOW, "home", str(n), silent(f"broker {n % 2}", f"s{n}")) for n in range(5))
    assert all_.first(NOW + HOUR, []) == NOW
    all_.ran(NOW)
    assert all_.first(NOW + HOUR, words) is None
    words.append(NOW + timedelta(minutes=10, seconds=3))
    assert all_.first(NOW + HOUR, words) == NOW + timedelta(minutes=10, seconds=30)
