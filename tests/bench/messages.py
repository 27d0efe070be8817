"""SAMPLE release messages as customs sends them, one an interchange."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.feeds.protocol import Arrived

FEED = "rns"
_HOME = ZoneInfo("America/Toronto")
#: What customs says of numbers in turn: awaiting, accepted, released; one in ten is refused first, one goes to exam.
HISTORIES = (
    ("34", "9", "4"),
    ("9", "4"),
    ("34", "9", "4"),
    ("14+01", "9", "4"),
    ("9", "4"),
    ("34", "9"),
    ("34", "5"),
    ("9", "4"),
    ("9",),
    ("9", "4"),
)
_REFS = count(1)
_NOBODYS = 5_000_000


def pars(number: int) -> str:
    """The cargo control number of the load with this number."""
    return f"SMPLPARS{number}"


def paps(number: int) -> str:
    """The shipment control number of the load with this number, into the US."""
    return f"SMPLPAPS{number}"


def rns(code: str, number: int, made: datetime) -> bytes:
    """A CUSRES about a load's PARS: an indicator, or an indicator and an error code."""
    ref, (indicator, _, error) = next(_REFS), code.partition("+")
    stamp = made.astimezone(_HOME).strftime("%Y%m%d%H%M")
    segments = [
        f"UNH+{ref}+CUSRES:D:96A:UN",
        f"BGM+:::125+12345{number % 10**9:09}+11",
        "LOC+22+0453:129::1234",
        f"DTM+9:{stamp}:203",
        f"GIS+{indicator}",
        *([f"ERC+{error}"] if error else []),
        f"RFF+XC:{pars(number)}",
        *([] if error else [f"RFF+TN:12345{number % 10**9:09}"]),
    ]
    head = f"UNB+UNOA:3+CBSA+SMPL+{stamp[2:8]}:{stamp[8:]}+{ref}"
    return "'".join([head, *segments, f"UNT+{len(segments) + 1}+{ref}", f"UNZ+1+{ref}", ""]).encode()


def day(
    first: int,
    numbers: int,
    now: datetime,
    *,
    known: bool = False,
    said: Callable[[str, int, datetime], bytes] = rns,
    observed: bool = False,
) -> Iterator[Arrived]:
    """What customs says of so many numbers, round by round, so that neighbours speak of different loads.

    Loads are numbered from `first` on; every fifth number is one that nobody has, unless all are `known`. `said` makes
    a message of a code, a number and a time; `observed` ones answer a poll.
    """
    for turn in range(max(map(len, HISTORIES))):
        made = now - timedelta(minutes=30 - 10 * turn)
        for i in range(numbers):
            history = HISTORIES[i // 5 % len(HISTORIES)]
            if turn < len(history):
                number = first + i + (0 if known or i % 5 else _NOBODYS)
                body = said(history[turn], number, made)
                yield Arrived(FEED, body, f"{number}-{turn}.edi", now, observation=observed)
