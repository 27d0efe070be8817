"""Code tables of sources, with what the operator decided otherwise for a feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.quick import quick
from bot.domain.status import Status
from bot.feeds.protocol import Problem


@quick
@dataclass(frozen=True, slots=True)
class Codes:
    """Status by key (`GIS:24`), and what is wrong with the overrides: told with every reading, never silent."""

    table: Mapping[str, Status]
    problems: tuple[Problem, ...] = ()


def codes(base: Mapping[str, Status], kinds: tuple[str, ...], overrides: Mapping[str, str]) -> Codes:
    """The table of a source under a feed's overrides; an override that can't be understood makes its code UNKNOWN."""
    return _merged(tuple(base.items()), kinds, tuple(sorted(overrides.items()))) if overrides else Codes(base)


@lru_cache(maxsize=32)
def _merged(
    base: tuple[tuple[str, Status], ...], kinds: tuple[str, ...], overrides: tuple[tuple[str, str], ...]
) -> Codes:
    table, problems = dict(base), []
    for written, name in overrides:
        kind, colon, code = written.partition(":")
        key = f"{kind.strip().upper()}:{code.strip().upper()}"
        if not (colon and code.strip()) or kind.strip().upper() not in kinds:
            problems.append(
                Problem("overrides", f"{written!r} is not {' or '.join(f'{k}:code' for k in kinds)}", written)
            )
            continue
        status = Status.__members__.get(name.strip().upper())
        if status is None:
            why = f"{name!r} is no status, so {written} counts as UNKNOWN; statuses are {', '.join(Status.__members__)}"
            problems.append(Problem("overrides", why, written))
        table[key] = status or Status.UNKNOWN
    return Codes(table, tuple(problems))
