"""Places that hear alerts and who hears what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

#: The matcher that says what a place hears of CARM: `only` that and no loads, `no`, or `yes`.
CARM = "carm"
ONLY, NO, YES = "only", "no", "yes"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, group or private chat: `door` is slack, telegram or console; `workspace` a Slack team id, else ''."""

    door: str
    workspace: str
    external: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A person as one door knows them."""

    door: str
    workspace: str
    external: str
    name: str = ""


def matches(matchers: Mapping[str, Sequence[str]], *, direction: str, crossing: str, brokers: Sequence[str]) -> bool:
    """Whether a place that asked for some loads only hears this one; no matcher means all."""
    wanted = (("direction", (direction,)), ("crossing", (crossing,)), ("broker", tuple(brokers)))
    return all(not matchers.get(key) or any(v in matchers[key] for v in values) for key, values in wanted)


class Hears(Protocol):
    """What asked for some loads only, or for some of CARM."""

    @property
    def matchers(self) -> Mapping[str, Any]: ...


Route = TypeVar("Route", bound=Hears)


def carm_of(matchers: Mapping[str, Any]) -> str:
    """What a place asked for of CARM; "" where it said nothing of that."""
    return next((word for word in (ONLY, NO, YES) if word in (matchers.get(CARM) or ())), "")


def hear_loads(routes: Iterable[Route]) -> list[Route]:
    """The places that hear of loads: all but those that asked for CARM alone; where there are no others, these too,
    for a silent miss is worse."""
    on = list(routes)
    return [route for route in on if carm_of(route.matchers) != ONLY] or on


def hear_carm(routes: Iterable[Route]) -> list[Route]:
    """The places that hear of CARM: those that asked for it, and those that hear all loads and said nothing of it;
    where there is neither, those that hear some loads. Who said no hears nothing, unless all did: then those of them
    that hear all loads, else all of them, for a silent miss is worse."""
    every = list(routes)
    on = [route for route in every if carm_of(route.matchers) != NO]
    hear = [route for route in on if carm_of(route.matchers) or not any(route.matchers.values())] or on
    return hear or [route for route in every if not _chooses(route)] or every


def none_hears_carm(routes: Iterable[Hears]) -> bool:
    """Whether there are places, and every one of them said no to CARM's messages."""
    every = list(routes)
    return bool(every) and all(carm_of(route.matchers) == NO for route in every)


def _chooses(route: Hears) -> bool:
    return any(value for key, value in route.matchers.items() if key != CARM)
