"""F9 through ingest, with messages as customs sends them: repeats change nothing, no order turns a hold into a go."""

import asyncio
import itertools
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from storage.database import Database
from tests.watch.ground import MINUTE, NOW, PARS, Feeds, add, carrier, notice, rns, row, the_load, world

CODES = ["9", "4", "5", "23", "14+01", "6", "12", "1"]
NOTICES = ["NOT MATCHED", "MATCHED", "HELD"]
#: What makes a PARS shipment good, by its own word.
GOOD = {"9", "4", "23"}
Message = tuple[str, str, int]
MESSAGES = st.lists(
    st.tuples(st.sampled_from(["rns"]), st.sampled_from(CODES), st.integers(0, 5))
    | st.tuples(st.sampled_from(["d4"]), st.sampled_from(NOTICES), st.integers(0, 5)),
    min_size=1,
    max_size=5,
    unique=True,
)
LISTED = {"pars": PARS, "eta": "2026-11-24T22:00Z", "papers_sent": "2026-11-24T13:00Z"}


def body(message: Message) -> bytes:
    feed, said, minute = message
    at = NOW + minute * MINUTE
    return rns(said, at=at) if feed == "rns" else notice(said, at=at)


async def told(db: Database, whose: str, messages: list[Message], *, again: bool = False) -> dict[str, Any]:
    """The shipment's part of the stored assessment once all messages arrived, one by one in this order."""
    # Raw messages belong to feeds, not to carriers: each example has feeds of its own.
    feeds = Feeds(db, world(carrier(whose)), NOW + 10 * MINUTE, carriers=(whose,), mark=f".{whose}")
    await add(db, feeds.world, row(**LISTED), now=feeds.now, whose=whose)
    for message in messages:
        await feeds.hears(body(message), feed=message[0])
    before = await the_load(db, whose=whose)
    if again:
        for message in messages:
            assert await feeds.hears(body(message), feed=message[0]) == (0, 1)
        assert await the_load(db, whose=whose) == before
    (shipment,) = before.assessment["shipments"]
    return dict(shipment)


@pytest.mark.hypothesis
def test_f9_repeats_and_shuffles_never_turn_a_hold_into_a_go_and_no_go_is_unstated(sqlite_url: str):
    db = Database(sqlite_url)
    fresh = (f"c{n}" for n in itertools.count())
    with asyncio.Runner() as runner:

        @settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
        @given(MESSAGES, st.randoms(use_true_random=False))
        def holds(messages: list[Message], chance: Any) -> None:
            messages = sorted(messages, key=lambda m: m[2])
            in_order = runner.run(told(db, next(fresh), messages, again=True))
            shuffled = messages[:]
            chance.shuffle(shuffled)
            found = runner.run(told(db, next(fresh), shuffled))
            if not in_order["answer"].startswith("go"):
                assert not found["answer"].startswith("go"), (messages, shuffled)
            for one in (in_order, found):
                if one["answer"].startswith("go"):
                    assert GOOD & {said for _, said, _ in messages}

        try:
            holds()
        finally:
            runner.run(db.close())
