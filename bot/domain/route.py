"""Places that hear alerts and who hears what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


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
