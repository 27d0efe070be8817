"""Every row of RULES K, and every line of the table of causes, has its night."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.domain.cause import Line
from bot.domain.kinds import KINDS, Kind

#: What stands beside a reason and is none of its own (RULES T3, T7, F7, F8).
_BESIDE = {Kind.TIGHT, Kind.OVERDUE, Kind.UNREAD, Kind.CHECKING}
#: The night that tells a line; `other` is a kind that has one cause only.
_LINES = {
    Line.OUTAGE: "test_e2_nothing_from_customs_for_anyone",
    Line.MANIFEST: "test_e2_our_manifest_is_not_accepted",
    Line.NOT_FILED: "test_e2_by_phone_not_filed",
    Line.UNEXPLAINED: "test_e2_what_no_row_explains_is_not_known_and_says_why",
    Line.DECIDING: "test_e2_matched_and_not_accepted_is_customs_move",
    Line.PAPERS: "test_e2_papers_were_never_sent",
    Line.IN_TIME: "test_e2_papers_are_with_the_broker_and_its_time_runs",
    Line.LATE: "test_e2_the_broker_is_late",
    Line.OTHER: "test_k_inbond_missing",
}


def told() -> Iterator[str]:
    for path in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        yield from (node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef))


def test_k_every_kind_has_its_night() -> None:
    nights = [name for name in told() if name.startswith("test_k_")]
    kinds = set(KINDS) - _BESIDE
    assert {kind for kind in kinds if any(n.startswith(f"test_k_{kind.value}") for n in nights)} == kinds


def test_e2_every_line_has_its_night() -> None:
    assert set(_LINES) == set(Line)
    assert set(_LINES.values()) <= set(told())
