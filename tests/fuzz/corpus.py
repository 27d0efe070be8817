"""What is fuzzed from: the fixtures of every source, and the settings under which each is read."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.feeds.protocol import Reader
from bot.feeds.registry import SOURCES
from tests.feeds.asked_readers import CHECKER, MAILS

FIXTURES = Path(__file__).parents[1] / "fixtures"
ZONE = ZoneInfo("America/Toronto")
#: When all of it came: a few hours after the times that fixtures name.
RECEIVED = datetime(2026, 1, 15, 20, tzinfo=UTC)
PLAIN = Reader(ZONE)
#: What an operator says of codes that no document explains; by it `cbsa_350` can say something good at all.
OVERRIDES = {"X407:1C": "RELEASED"}
#: Settings beside the plain ones under which a source says more, or something else.
_MORE: dict[str, tuple[Reader, ...]] = {
    "x12_acks": (replace(PLAIN, fields={"control": "trip", "355": "trip"}),),
    "cbsa_350": (replace(PLAIN, overrides=OVERRIDES),),
    "borderconnect": (Reader(ZoneInfo("UTC")),),
    "json_poll": (CHECKER,),
    "email_drop": (MAILS,),
}


@dataclass(frozen=True)
class Seed:
    """A message that a source is known to read."""

    name: str
    body: bytes


@cache
def seeds(name: str) -> tuple[Seed, ...]:
    """Every message among the fixtures of a source, or of the pages of wait times."""
    paths = sorted(p for p in (FIXTURES / name).glob("*") if p.is_file() and ".expected." not in p.name)
    return tuple(Seed(p.name, body) for p in paths if (body := p.read_bytes()))


def readers(source: str) -> tuple[Reader, ...]:
    """The settings that say most first; a source that is new is read by the plain ones."""
    return (*_MORE.get(source, ()), PLAIN)


def reader(source: str) -> Reader:
    """The settings that say most."""
    return readers(source)[0]


def missing() -> list[str]:
    """Sources without a single message to begin with."""
    return [name for name in SOURCES if not seeds(name)]
