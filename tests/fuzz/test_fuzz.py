"""A slice of the fuzzing in every run; `python -m tests.fuzz` does a million cases, other ones each time."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.domain.status import Status
from bot.feeds.registry import SOURCES
from tests.fuzz.blows import broken
from tests.fuzz.corpus import reader, seeds
from tests.fuzz.engines import by_hypothesis, fault, kept, own, shares
from tests.fuzz.sound import sound
from tests.fuzz.stated import WITNESSES, is_stated
from tests.fuzz.targets import Target, targets

#: Cases of a target in a run of the tests, and the seconds that they may take.
_OWN, _HYPOTHESIS, _SECONDS = 250, 50, 0.4


@pytest.mark.parametrize("name", targets())
def test_no_broken_message_crashes_hangs_or_says_what_it_does_not_say(name: str) -> None:
    run = own(targets()[name], _OWN, _SECONDS, 1)
    assert not run.why, (run.why, run.body)
    assert run.cases


@pytest.mark.parametrize("name", targets())
def test_hypothesis_finds_no_fault_either(name: str) -> None:
    run = by_hypothesis(targets()[name], _HYPOTHESIS, _SECONDS, 1)
    assert not run.why, (run.why, run.body)
    assert run.cases


def test_every_source_is_a_target() -> None:
    assert set(SOURCES) <= set(targets())
    assert [name for name, target in targets().items() if not target.seeds] == []


def test_the_same_seed_breaks_the_same() -> None:
    bodies = [s.body for s in seeds("cbsa_rns")]
    first, again, other = (broken(Random(seed), bodies) for seed in (7, 7, 8))
    assert first == again != other


@pytest.mark.parametrize("source", sorted(set(WITNESSES) - {"x12_acks", "ace_truck_cusres", "load_csv"}))
def test_a_witness_sees_good_news_that_is_made_up(source: str) -> None:
    """Otherwise the fuzzing would find nothing for want of looking."""
    good = [(s.body, r) for s in seeds(source) for r in sound(source, s.body, reader(source)).reports]
    good = [(body, r) for body, r in good if r.status in (Status.READY, Status.RELEASED)]
    assert good
    for body, report in good:
        assert not is_stated(source, body, replace(report, key="OTHR999999"))


def test_a_reader_that_raises_is_found_and_cut_down_to_what_it_takes(tmp_path: Path) -> None:
    def check(body: bytes) -> None:
        if b"GIS+9" in body:
            raise ValueError("cannot")

    target = replace(targets()["cbsa_rns"], check=check)
    for run in (own(target, 500, 10, 1), by_hypothesis(target, 500, 10, 1)):
        assert run.why == "ValueError: cannot"
        path = kept(target, run, tmp_path)
        assert path.read_bytes() == b"GIS+9"
        assert fault(target, path.read_bytes()) and not fault(targets()["cbsa_rns"], path.read_bytes())


def test_every_target_has_its_share_of_the_cases() -> None:
    names = list(targets())
    found = list(shares(names, 1_000))
    assert sum(cases for _target, cases in found) == 1_000
    assert [target.name for target, _cases in found] == names
    assert all(isinstance(target, Target) for target, _cases in found)


def test_white_space_before_an_answer_hides_it_from_no_witness() -> None:
    body = next(s.body for s in seeds("x12_acks") if b"OTI*TA*" in s.body).replace(b"OTI*TA", b"OTI*\x1cTA")
    reports = sound("x12_acks", body, reader("x12_acks")).reports
    assert Status.ON_FILE in {report.status for report in reports}
