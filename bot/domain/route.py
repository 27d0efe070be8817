"""Places that hear alerts and who hears what."""

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
