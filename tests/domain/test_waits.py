"""Which wait counts, and which other bridge is really quicker (SAMPLE data)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import world_crossings
from bot.domain.crossings import Crossings
from bot.domain.load import Direction
from bot.domain.waits import Bridge, Flow, Judging, Lane, Wait, Waits, addresses, next_bridge, wait_for

NOW = datetime(2026, 11, 24, 15, 20, tzinfo=UTC)
BY = Judging(NOW, timedelta(minutes=75), timedelta(minutes=20))
ALL = world_crossings()
HERE, SARNIA = "Ambassador Bridge", "Blue Water Bridge"


def wait(
    crossing: str = HERE, minutes: int | None = 60, *, flow: Flow = Flow.MOVING, age: int | None = 10,
    lane: Lane = Lane.COMMERCIAL, direction: Direction = Direction.CA,
) -> Wait:  # fmt: skip
    at = None if age is None else NOW - timedelta(minutes=age)
    return Wait(crossing, direction, lane, flow, "CBSA", NOW, at, minutes if flow is Flow.MOVING else None)


def better(*waits: Wait, here: str = HERE, crossings: Crossings = ALL, fast: bool = False) -> Bridge | None:
    crossing = crossings.get(here)
    assert crossing is not None
    return next_bridge(crossing, waits[0].direction, Waits(waits), crossings, BY, fast=fast)


def test_a_bridge_with_a_much_shorter_wait_is_named_with_the_difference_and_its_codes() -> None:
    found = better(wait(), wait(SARNIA, 20))
    assert found is not None
    assert (found.crossing, found.gain, found.codes, found.same_port) == (SARNIA, 40, ("0440",), False)


@pytest.mark.parametrize(("minutes", "named"), [(40, True), (41, False), (60, False), (90, False)])
def test_a_difference_below_policy_is_not_worth_a_word(minutes: int, named: bool) -> None:
    assert (better(wait(), wait(SARNIA, minutes)) is not None) is named


@pytest.mark.parametrize(
    "there",
    [
        wait(SARNIA, flow=Flow.CLOSED),
        wait(SARNIA, flow=Flow.UNKNOWN),
        wait(SARNIA, flow=Flow.NONE),
        wait(SARNIA, 0, age=76),
        wait(SARNIA, 0, age=None),
        wait(SARNIA, 0, direction=Direction.US),
        wait(SARNIA, 0, lane=Lane.FAST),
        wait("Peace Bridge", 0),  # of another group
        wait("Detroit-Windsor Tunnel", 0),  # takes no PAPS
        wait("Gordie Howe International Bridge", 0),  # whether it takes trucks is not known
    ],
)
def test_no_bridge_is_named_that_may_not_help(there: Wait) -> None:
    assert better(wait(), there) is None


@pytest.mark.parametrize(
    "edit", [{"trucks": "no"}, {"trucks": "limited"}, {"paps": "no"}, {"paps": "unknown"}, {"offices": []}]
)
def test_an_operators_word_on_what_a_bridge_takes_holds(edit: dict[str, object]) -> None:
    assert better(wait(), wait(SARNIA, 0), crossings=ALL.with_edits({SARNIA: edit})) is None


def test_the_groups_are_the_operators_to_change() -> None:
    apart = ALL.with_edits({SARNIA: {"group": ""}})
    together = ALL.with_edits({"Peace Bridge": {"group": "Detroit and St. Clair"}})
    assert better(wait(), wait(SARNIA, 0), crossings=apart) is None
    assert better(wait(), wait("Peace Bridge", 0), crossings=together) is not None
    alone = ALL.with_edits({HERE: {"group": ""}})
    assert better(wait(), wait(SARNIA, 0), crossings=alone) is None


@pytest.mark.parametrize("here", [wait(age=76), wait(age=None), wait(flow=Flow.UNKNOWN), wait(flow=Flow.NONE)])
def test_without_a_fresh_wait_here_nothing_is_compared(here: Wait) -> None:
    assert better(here, wait(SARNIA, 0)) is None


def test_where_this_side_is_closed_the_next_that_runs_is_named_without_a_difference() -> None:
    found = better(wait(flow=Flow.CLOSED), wait(SARNIA, 50))
    assert found is not None
    assert (found.crossing, found.gain) == (SARNIA, None)


def test_two_bridges_of_one_us_port_say_so() -> None:
    found = better(
        wait("Peace Bridge", 70, direction=Direction.US),
        wait("Queenston-Lewiston Bridge", 5, direction=Direction.US),
        here="Peace Bridge",
    )
    assert found is not None
    assert (found.codes, found.same_port) == (("0901",), True)


def test_the_shortest_wait_of_a_group_is_named() -> None:
    names = [c.name for c in ALL.all if c.group == "St. Lawrence"]
    found = better(wait(names[0], 90), wait(names[1], 30), wait(names[2], 10), here=names[0])
    assert found is not None
    assert found.crossing == names[2]


def test_a_fast_truck_counts_by_the_fast_lane_where_that_runs() -> None:
    fast, slow = wait(minutes=5, lane=Lane.FAST), wait()
    assert better(slow, fast, wait(SARNIA, 20), fast=True) is None
    assert better(slow, fast, wait(SARNIA, 20), fast=False) is not None
    shut = replace(fast, flow=Flow.CLOSED, minutes=None)
    assert wait_for(Waits((slow, shut)), HERE, Direction.CA, BY, fast=True) == slow
    assert wait_for(Waits((slow, fast)), HERE, Direction.CA, BY, fast=True) == fast
    assert wait_for(Waits((fast,)), HERE, Direction.CA, BY) is None


def test_the_addresses_are_public_unless_set_or_off() -> None:
    assert set(addresses({})) == {"cbp", "cbsa"}
    assert addresses({"cbp": "off", "cbsa": "http://127.0.0.1:1/x"}) == {"cbsa": "http://127.0.0.1:1/x"}
    with pytest.raises(ValueError, match=r"waits\.cpb is not a setting, there are cbp, cbsa"):
        addresses({"cpb": "off"})
    with pytest.raises(ValueError, match=r"waits\.cbp is an http:// or https:// address, or off"):
        addresses({"cbp": "on"})
