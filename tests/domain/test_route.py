"""Which places hear of loads, and which of CARM."""

from dataclasses import dataclass, field

import pytest

from bot.domain.route import hear_carm, hear_loads


@dataclass(frozen=True)
class Asked:
    name: str
    matchers: dict[str, list[str]] = field(default_factory=dict)


ALL = Asked("all")
WINDSOR = Asked("windsor", {"crossing": ["Ambassador Bridge"]})
ONLY = Asked("only", {"carm": ["only"]})
NO = Asked("no", {"carm": ["no"]})
SOME_NO = Asked("some", {"crossing": ["Ambassador Bridge"], "carm": ["no"]})
BOTH = Asked("both", {"crossing": ["Ambassador Bridge"], "carm": ["yes"]})


@pytest.mark.parametrize(
    ("places", "loads", "carm"),
    [
        ([ALL, WINDSOR], "all windsor", "all"),
        ([WINDSOR], "windsor", "windsor"),
        ([ALL, ONLY], "all", "all only"),
        ([ALL, BOTH], "all both", "all both"),
        ([NO, ONLY], "no", "only"),
        ([WINDSOR, ONLY], "windsor", "only"),
        ([ONLY, Asked("other", ONLY.matchers)], "only other", "only other"),
        ([NO, WINDSOR], "no windsor", "windsor"),
        ([NO], "no", "no"),
        ([NO, SOME_NO], "no some", "no"),
        ([SOME_NO], "some", "some"),
        ([SOME_NO, WINDSOR], "some windsor", "windsor"),
        ([], "", ""),
    ],
)
def test_loads_are_always_heard_somewhere_and_carm_where_it_was_asked_for(
    places: list[Asked], loads: str, carm: str
) -> None:
    assert [p.name for p in hear_loads(places)] == loads.split()
    assert [p.name for p in hear_carm(places)] == carm.split()
