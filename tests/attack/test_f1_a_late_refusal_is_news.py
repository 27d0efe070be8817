"""F1 for a broker's JSON: `at` is when the matter happened, `sent_at` when the sender said so; bad news sent late is
news all the same, good news sent late is as old as its matter."""

import asyncio
import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from storage.database import Database
from tests.attack.ground import NOW, PARS, Ground
from tests.attack.test_f1_a_double_hour_hides_no_bad_news import night

GOOD = ("accepted", "released")
BAD = ("rejected", "canceled", "exam", "held")


def ago(minutes: int) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


async def desk(db: Database, number: str = "1234", pars: str = PARS) -> Ground:
    """A load whose manifest is accepted."""
    ground = Ground(db)
    await load(ground, number, pars)
    return ground


async def load(ground: Ground, number: str, pars: str) -> None:
    trip = f"SMPLTRIP{number}"
    line = f'/load {number} add to=CA port="Ambassador Bridge" pars={pars} broker=PCB trip={trip} eta=13:00'
    await ground.types(line)
    await ground.manifest(trip)


async def batch(ground: Ground, sent: int | None, *items: tuple[str, int | None], pars: str = PARS) -> None:
    """A batch sent and items recorded some minutes ago."""
    statuses = [{"number": pars, "status": s, **({} if at is None else {"at": ago(at)})} for s, at in items]
    body: dict[str, object] = {"sender": "PCB", "message_id": str(next(ground._refs)), "statuses": statuses}
    if sent is not None:
        body["sent_at"] = ago(sent)
    await ground.bytes("pcb", json.dumps(body).encode())


async def test_a_refusal_sent_after_an_acceptance_stands_whenever_it_happened(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    await batch(ground, 30, ("accepted", 30))
    assert (await ground.found()).answer.value == "go"
    await batch(ground, 10, ("rejected", 40))
    assert (await ground.found()).answer.value == "hold"


async def test_an_acceptance_of_before_a_refusal_sent_late_does_not_answer_it(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    await batch(ground, 30, ("rejected", 30))
    await batch(ground, 10, ("accepted", 40))
    assert (await ground.found()).answer.value == "hold"
    await batch(ground, 5, ("accepted", 6))
    assert (await ground.found()).answer.value == "go"


async def test_a_refusal_that_does_not_say_when_it_was_sent_was_sent_just_before_it_came(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    await batch(ground, None, ("accepted", 30))
    await batch(ground, None, ("rejected", 40))
    assert (await ground.found()).answer.value == "hold"


async def test_a_batch_that_tells_a_numbers_history_does_not_bring_its_beginning_back(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    await batch(ground, 20, ("rejected", 60), ("accepted", 30))
    assert (await ground.found()).answer.value == "go"
    await batch(ground, 10, ("rejected", 60), ("accepted", 30), ("exam", 25))
    assert (await ground.found()).answer.value == "hold"


async def test_a_batch_answers_only_the_number_and_the_track_that_its_good_word_is_about(sqlite_db: Database) -> None:
    ground = await desk(sqlite_db)
    await batch(ground, 30, ("accepted", 30))
    items = [
        {"number": PARS, "status": "rejected", "at": ago(40)},
        {"number": "SMPLPARS100124", "status": "accepted", "at": ago(20)},
        {"number": PARS, "status": "cargo complete", "at": ago(20)},
    ]
    body = {"message_id": "other", "sent_at": ago(10), "statuses": items}
    await ground.bytes("pcb", json.dumps(body).encode())
    assert (await ground.found()).answer.value == "hold"


async def test_a_brokers_refusal_of_the_second_hour_takes_back_an_acceptance_of_the_first(sqlite_db: Database) -> None:
    ground = await night(sqlite_db)
    ground.now = datetime(2026, 11, 1, 5, 50, tzinfo=UTC)
    await ground.broker(PARS, "accepted", sent_at="2026-11-01T01:50")
    assert (await ground.found()).answer.value == "go"
    ground.now = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)
    await ground.broker(PARS, "rejected", sent_at="2026-11-01T01:10")
    assert (await ground.found()).answer.value == "hold"


async def test_a_brokers_refusal_of_the_first_hour_is_answered_by_an_acceptance_in_it(sqlite_db: Database) -> None:
    ground = await night(sqlite_db)
    ground.now = datetime(2026, 11, 1, 5, 10, tzinfo=UTC)
    await ground.broker(PARS, "rejected", sent_at="2026-11-01T01:10", at="2026-11-01T01:05")
    ground.now = datetime(2026, 11, 1, 5, 50, tzinfo=UTC)
    await ground.broker(PARS, "accepted", sent_at="2026-11-01T01:50", at="2026-11-01T01:45")
    assert (await ground.found()).answer.value == "go"


async def test_a_brokers_acceptance_of_a_double_hour_does_not_answer_a_refusal_in_it(sqlite_db: Database) -> None:
    ground = await night(sqlite_db)
    ground.now = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)
    await ground.broker(PARS, "rejected", sent_at="2026-11-01T01:10-05:00")
    ground.now = datetime(2026, 11, 1, 6, 50, tzinfo=UTC)
    await ground.broker(PARS, "accepted", sent_at="2026-11-01T06:50Z", at="2026-11-01T01:50")
    assert (await ground.found()).answer.value == "hold"


@dataclass(frozen=True)
class Said:
    """A status: minutes after NOW when it was sent, how long it took to come, when its matter happened."""

    status: str
    sent: int
    way: int
    at: int | None
    stamped: bool

    @property
    def moment(self) -> int:
        return self.sent if self.stamped else self.sent + self.way


SAID = st.builds(
    Said,
    st.sampled_from(GOOD + BAD),
    st.integers(0, 40),
    st.integers(0, 15),
    st.none() | st.integers(-40, 60),
    st.booleans(),
)
HISTORIES = st.lists(SAID, min_size=2, max_size=5, unique_by=lambda s: s.moment)


async def answer(ground: Ground, number: str, history: list[Said]) -> str:
    pars, start = f"SMPLPARS{number}", ground.now
    await load(ground, number, pars)
    for said in sorted(history, key=lambda s: s.sent + s.way):
        ground.now = start + timedelta(minutes=said.sent + said.way)
        item = {"number": pars, "status": said.status}
        if said.at is not None:
            item["at"] = (start + timedelta(minutes=said.at)).isoformat()
        body: dict[str, object] = {"message_id": str(next(ground._refs)), "statuses": [item]}
        if said.stamped:
            body["sent_at"] = (start + timedelta(minutes=said.sent)).isoformat()
        await ground.bytes("pcb", json.dumps(body).encode())
    found = (await ground.found(number)).answer.value
    await ground.types(f"/load {number} cancel")
    ground.now = start
    return found


@pytest.mark.hypothesis
def test_f1_no_history_whose_newest_sent_word_is_bad_ends_as_go(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    numbers = itertools.count(100_000)
    with asyncio.Runner() as runner:
        ground = Ground(db)
        ends: set[str] = set()

        @settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
        @given(HISTORIES)
        @example([Said("rejected", 0, 0, None, True), Said("released", 1, 0, 1, True)])
        def holds(history: list[Said]) -> None:
            found = runner.run(answer(ground, str(next(numbers)), history))
            ends.add(found)
            if max(history, key=lambda s: s.moment).status in BAD:
                assert not found.startswith("go"), history

        try:
            holds()
            assert {"go", "hold"} <= ends
        finally:
            runner.run(db.close())
