"""Quick records are those that dataclasses make."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quick import altered, quick


@quick
@dataclass(frozen=True, slots=True)
class Made:
    number: str
    at: datetime
    words: tuple[str, ...] = ()
    more: dict[str, str] = field(default_factory=dict)


AT = datetime(2026, 1, 15, tzinfo=UTC)
VALUES = {
    "number": st.text(),
    "at": st.datetimes(timezones=st.just(UTC)),
    "words": st.lists(st.text()).map(tuple),
    "more": st.dictionaries(st.text(), st.text()),
}


@given(st.fixed_dictionaries(VALUES), st.fixed_dictionaries({}, optional=VALUES))
def test_an_altered_record_is_what_dataclasses_would_make(before, changes) -> None:
    record = Made(**before)
    assert altered(record, **changes) == replace(record, **changes)
    assert record == Made(**before)


def test_what_is_not_given_is_made_anew() -> None:
    one, other = Made("1", AT), Made("1", AT)
    one.more["a"] = "b"
    assert other == Made("1", AT, (), {})


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        altered(Made("1", AT), colour="red")
