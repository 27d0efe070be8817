"""C: absence is a fact only where somebody listens."""

from dataclasses import replace

import pytest

from bot.domain.carrier import FeedCover
from bot.domain.coverage import UNCOVERED, Ear, Hearing, Liveness, covering, hearing, hears
from bot.domain.load import Direction
from bot.domain.status import Track
from tests.domain.builders import a_load, a_shipment

RNS = FeedCover("rns", frozenset({Track.RELEASE}), frozenset({"9XYZ"}))
D4 = FeedCover("d4", frozenset({Track.MATCH, Track.MANIFEST}))
PCB = FeedCover("pcb", frozenset({Track.RELEASE}), brokers=frozenset({"PCB"}))


@pytest.mark.parametrize(
    ("number", "broker", "feeds"),
    [
        ("9XYZPARS000123", "PCB", ("rns", "pcb")),
        ("9XYZPARS000123", "WIL", ("rns",)),
        ("7ABCPARS000123", "PCB", ("pcb",)),
        ("7ABCPARS000123", "WIL", ()),
    ],
)
def test_c1_a_feed_covers_by_track_carrier_code_and_broker(number: str, broker: str, feeds: tuple) -> None:
    shipment = a_shipment(ccn=number, broker=broker)
    assert covering(a_load(), shipment, Track.RELEASE, [RNS, D4, PCB]) == feeds


def test_c1_notices_of_the_match_alone_do_not_cover_a_pars() -> None:
    assert covering(a_load(), a_shipment(), Track.RELEASE, [D4]) == ()
    assert hears(D4, Track.MATCH, Direction.CA, "9XYZPARS000123", "PCB")


def test_c1_a_feed_covers_the_directions_that_it_declares() -> None:
    north = replace(PCB, directions=frozenset({Direction.CA}))
    assert covering(a_load(), a_shipment(), Track.RELEASE, [north]) == ("pcb",)
    assert covering(a_load(direction=Direction.US), a_shipment(), Track.RELEASE, [north]) == ()


def test_c1_a_trip_is_covered_by_its_own_number() -> None:
    own = FeedCover("aci", frozenset({Track.MANIFEST}), frozenset({"9XYZ"}))
    assert covering(a_load(), None, Track.MANIFEST, [own, RNS]) == ("aci",)
    assert covering(a_load(trips=()), None, Track.MANIFEST, [own]) == ()
    assert covering(a_load(trips=("7ABC1",)), None, Track.MANIFEST, [own]) == ()


def test_c1_a_feed_that_was_taken_away_is_dead_for_the_loads_it_covered() -> None:
    gone = hearing(["rns"], {})
    assert gone.deaf
    assert gone.ear == Ear("rns", Liveness.DEAD)


def test_c1_a_load_that_no_feed_ever_covered_is_uncovered() -> None:
    assert hearing([], {"rns": Ear("rns", Liveness.ALIVE)}) == UNCOVERED
    assert UNCOVERED.deaf


@pytest.mark.parametrize(
    ("states", "best"),
    [
        ((Liveness.DEAD, Liveness.ALIVE), Liveness.ALIVE),
        ((Liveness.DEAD, Liveness.CANT_TELL), Liveness.CANT_TELL),
        ((Liveness.CANT_TELL, Liveness.ALIVE), Liveness.ALIVE),
        ((Liveness.DEAD, Liveness.DEAD), Liveness.DEAD),
    ],
)
def test_c2_the_best_of_the_feeds_that_cover_counts(states: tuple, best: Liveness) -> None:
    ears = {name: Ear(name, state) for name, state in zip(("a", "b"), states, strict=True)}
    found = hearing(["a", "b"], ears)
    assert found.ear is not None
    assert found.ear.liveness is best
    assert found.deaf == (best is Liveness.DEAD)


def test_c3_a_plain_folder_that_cannot_tell_is_not_deaf() -> None:
    assert not Hearing(Ear("folder", Liveness.CANT_TELL)).deaf
