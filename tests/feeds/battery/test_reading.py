"""One battery for all sources: whatever is done to a message, nothing raises, nothing is lost in silence, and no good
word is read that the message does not say."""

from collections.abc import Iterator

import pytest

from bot.domain.status import GOOD
from bot.feeds.protocol import Reading
from bot.feeds.registry import SOURCES
from tests.feeds.battery.bad import BAD, half_bad, is_framed, of_others, truncated, twice
from tests.fuzz.corpus import Seed, missing, reader, readers, seeds
from tests.fuzz.sound import sound

#: So many messages of a source are broken in every way, spread over all it has.
_MOST = 16
#: Of those that are put into something large, and so take long.
_FEW = {"MIME nests": 5, "wrong charset": 8}


def some(source: str, most: int = _MOST) -> list[Seed]:
    """Messages of a source, spread over its fixtures."""
    found = seeds(source)
    return list(found[:: max(1, -(-len(found) // most))])


def said(reading: Reading) -> set[tuple[str, ...]]:
    """What it says of which numbers, in no order."""
    reports = {(r.kind.value, r.key, r.status.value, r.track.value, r.hold_key) for r in reading.reports}
    return reports | {("load", *(text for pair in sorted(row.cells.items()) for text in pair)) for row in reading.loads}


def numbers(reading: Reading) -> set[tuple[str, str]]:
    """Whom it speaks of."""
    loads = {("load", row.cells.get("number", "")) for row in reading.loads}
    return loads | {(r.kind.value, r.key) for r in reading.reports}


def broken(source: str, bad: str) -> Iterator[tuple[Seed, bytes, Reading, Reading]]:
    """A message, the same broken, and what is read in each."""
    for seed in some(source, _FEW.get(bad, _MOST)):
        whole = sound(source, seed.body, reader(source))
        for body in BAD[bad](seed.body):
            yield seed, body, whole, sound(source, body, reader(source))


def test_every_source_has_messages_to_break() -> None:
    assert missing() == [], "put some into tests/fixtures/<source>/"


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("source", SOURCES)
def test_what_is_lost_is_a_problem_that_names_a_place(source: str, bad: str) -> None:
    """`sound` has looked at the rest: time, what can be stored, and that good news is stated by the message itself."""
    for seed, body, whole, found in broken(source, bad):
        unseen = bad == "truncated" and not is_framed(seed.body)  # a list that ends earlier is a shorter list
        if not unseen and len(numbers(found)) < len(numbers(whole)):
            assert found.problems, (seed.name, body)


@pytest.mark.parametrize("source", SOURCES)
def test_no_message_says_more_when_it_is_cut(source: str) -> None:
    for seed in (s for s in some(source) if is_framed(s.body)):
        whole = said(sound(source, seed.body, reader(source)))
        for body in truncated(seed.body):
            assert said(sound(source, body, reader(source))) <= whole, (seed.name, body)


@pytest.mark.parametrize("source", SOURCES)
def test_the_good_half_of_a_bad_batch_is_kept(source: str) -> None:
    for seed in some(source):
        whole = said(sound(source, seed.body, reader(source)))
        for body in half_bad(seed.body):
            found = sound(source, body, reader(source))
            assert whole <= said(found), (seed.name, body)
            assert found.problems, (seed.name, body)


@pytest.mark.parametrize("source", SOURCES)
def test_the_same_is_read_the_same_and_twice_says_nothing_new(source: str) -> None:
    for seed in some(source):
        whole = sound(source, seed.body, reader(source))
        for body in twice(seed.body):
            found = sound(source, body, reader(source))
            assert body != seed.body or found == whole, seed.name
            unread = not (whole.reports or whole.loads)
            assert unread or said(found) <= said(whole) or found.problems, (seed.name, body)


@pytest.mark.parametrize("source", SOURCES)
def test_numbers_of_another_carrier_are_read_as_theirs(source: str) -> None:
    for seed in some(source):
        found = sound(source, of_others(seed.body), reader(source))
        assert not [r for r in found.reports if r.key.startswith(("SMPL", "8SMP"))], seed.name


@pytest.mark.parametrize("source", SOURCES)
def test_good_news_of_an_unbelievable_time_is_of_no_time_and_says_so(source: str) -> None:
    for seed, body, whole, found in broken(source, "dates in the future"):
        dated = {r.key for r in whole.reports if r.prepared and r.status in GOOD}
        for report in found.reports:
            if report.key in dated and report.status in GOOD and report.prepared is None:
                assert found.problems, (seed.name, body)


@pytest.mark.parametrize("source", SOURCES)
def test_every_message_is_read_by_all_settings(source: str) -> None:
    for seed in seeds(source):
        for settings in readers(source):
            sound(source, seed.body, settings)
