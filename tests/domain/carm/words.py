"""Random words about one importer, for properties."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.domain.carm.evidence import OWN_ITEMS, STATES, Evidence, Item, Source
from bot.domain.carm.grades import Grade, grade
from bot.domain.carm.plan import Plan
from bot.domain.carm.scope import Change, Changed, Subject
from tests.domain.carm.says import say

#: Words are said in these fourteen months, which hold two reviews; verdicts are asked for after the last of them.
START, LAST = datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 11, 21, 15, tzinfo=UTC)
_MINUTES = int((LAST - START) / timedelta(minutes=1))

moments = st.integers(0, _MINUTES).map(lambda m: START + timedelta(minutes=m)) | st.sampled_from(
    [LAST - timedelta(days=d) for d in (0, 1, 29, 30, 31, 89, 90, 91)]
)
theirs = [item for item in Item if item not in OWN_ITEMS]
subjects = st.builds(
    Subject,
    st.just("acme"),
    st.sampled_from(["", "0001", "0002"]),
    st.sampled_from(["", "pcb"]),
    st.just("load-1"),
    st.lists(st.builds(Change, st.sampled_from(Changed), moments), max_size=1).map(tuple),
)
plans = st.none() | st.builds(
    Plan,
    st.sampled_from(["", "c_type", "in_bond", "csa", "rpp_electronic", "casual"]),
    attendee=st.sampled_from(["", "Sam"]),
    bonded=st.booleans(),
    broker_covered=st.sampled_from([None, True, False]),
)


_DAYS = st.none() | st.integers(-10, 200).map(lambda d: (LAST + timedelta(days=d)).date())


def words(items: list[Item] = theirs, bad: bool = False) -> st.SearchStrategy[Evidence]:
    """Any word; with `bad` only one that stands in the way."""
    found = [(i, s) for i in items for s in STATES[i] if not bad or grade(i, s) is Grade.BAD]
    return st.builds(
        lambda what, source, when, rm, broker, load, until: say(
            *what, source, when, rm=rm, broker=broker, load=load, until=until
        ),
        st.sampled_from(found),
        st.sampled_from(Source),
        moments,
        st.sampled_from(["", "", "0001", "0002"]),
        st.sampled_from(["", "", "pcb", "wil"]),
        st.sampled_from(["", "load-1", "load-2"]),
        _DAYS,
    )


#: Mostly of the few items that decide, so that random words meet each other.
_DECIDING = [Item.IOR, Item.RPP, Item.DELEGATION, Item.LAST_GOOD_RELEASE, Item.LAST_RPP_REJECT, Item.SECURITY]
histories = st.lists(words(_DECIDING) | words(), max_size=10)
