"""A season from a seed: loads, messages, signs of life and lines as files of a backtest, and the truth. SAMPLE data."""

import csv
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from random import Random

from tests.season.tales import NORTH, SOUTH, Tale, reused
from tests.season.trip import BROKERS, CROSSINGS, FILERS, HOUR, MINUTE, Trip
from tests.season.wire import FEEDS

START = datetime(2026, 3, 2, 5, tzinfo=UTC)
_SIGN = 5 * MINUTE
#: So long after it began the outage is declared, and declared over.
_DECLARED, _ENDED = 20 * MINUTE, 9 * HOUR + 30 * MINUTE
#: Every tale of either direction, the usual ones last.
_EACH = [
    (direction, tale)
    for pair in zip_longest(reversed(NORTH), reversed(SOUTH))
    for direction, tale in zip(("CA", "US"), pair, strict=True)
    if tale is not None
]
_COLUMNS = ("number", "direction", "kind", "known_at", "eta", "trip", "crossing", "broker", "driver", "papers_sent",
            "pars", "paps", "inbond", "agency", "release_plan")  # fmt: skip
_TOML = """
[carriers.home]
name = "SAMPLE Carrier"
codes = ["SMPL"]
scacs = ["SMPL"]

[feeds.rns]
source = "cbsa_rns"
[feeds.notices]
source = "cbsa_notices"
[feeds.ace]
source = "ace_truck_350"
zone = "UTC"
[feeds.gateway]
source = "borderconnect"
zone = "UTC"
"""


@dataclass(frozen=True)
class Season:
    """What was made. `deaf` are times in which a feed was dead, `late` messages that came long after they were made."""

    trips: list[Trip]
    messages: int
    deaf: list[tuple[str, datetime, datetime]]
    late: int


def made(folder: Path, loads: int, days: float, seed: int) -> Season:
    """Writes a season into a folder."""
    r = Random(seed)
    trips = sorted((_trip(r, n, days) for n in range(1, loads + 1)), key=lambda t: t.known_at)
    _give_numbers_again(trips)
    deaf = _deaf(r, days)
    outage = START + timedelta(days=days / 2, hours=9)
    said, late = _heard(trips, deaf, outage)
    _write_loads(folder / "loads.csv", trips)
    _write_messages(folder / "messages.jsonl", said, deaf, days)
    _write_lines(folder / "lines.jsonl", trips, outage, days)
    _write_truth(folder / "truth.csv", trips)
    (folder / "holdwatch.toml").write_text(_TOML, "utf-8")
    return Season(trips, len(said), deaf, late)


def _trip(r: Random, n: int, days: float) -> Trip:
    direction, tale = _lot(r, n)
    eta = (START + timedelta(hours=14) + timedelta(days=days - 1) * r.random()).replace(second=0, microsecond=0)
    known = eta - r.randint(330, 720) * MINUTE
    crossing, office = r.choice(CROSSINGS[direction])
    papers = known + r.randint(-30, 40) * MINUTE
    t = Trip(r, n, direction, eta, known, papers, r.choice(list(BROKERS)), crossing, office)
    t.tale = tale.__name__
    tale(t)
    t.arrives = t.eta
    return t


def _lot(r: Random, n: int) -> tuple[str, Tale]:
    """Direction and tale; the first loads have each tale once, so that a small season has all."""
    if n <= len(_EACH):
        return _EACH[n - 1]
    direction, tales = ("CA", NORTH) if r.random() < 0.65 else ("US", SOUTH)
    (tale,) = r.choices(list(tales), list(tales.values()))
    return direction, tale


def _give_numbers_again(trips: list[Trip]) -> None:
    """Gives each load whose number is to be one that was used before the number of an earlier clean load."""
    clean = [t for t in trips if t.tale == "clean" and t.direction == "CA"]
    for t in (t for t in trips if t.tale == reused.__name__):
        before = [c for c in clean if c.eta + timedelta(days=1) < t.known_at]
        if not before:
            t.stop = t.trouble = False
            t.known_from = None
            continue
        own, other = t.pars, before[-1].pars
        for row in t.rows:
            row["pars"] = other
        t.said = [(at, feed, body.replace(own.encode(), other.encode())) for at, feed, body in t.said]


def _deaf(r: Random, days: float) -> list[tuple[str, datetime, datetime]]:
    """A feed dies for some hours about once in five days."""
    found = []
    for week in range(max(1, int(days // 5))):
        start = START + timedelta(days=5 * week, hours=30 + r.random() * 60)
        feed = ("rns", "ace", "gateway")[week % 3]
        found.append((feed, start, start + r.randint(2, 6) * HOUR))
    return found


def _heard(
    trips: list[Trip], deaf: list[tuple[str, datetime, datetime]], outage: datetime
) -> tuple[list[tuple[datetime, str, bytes]], int]:
    """When each message is heard: at once, when its feed is back, or long after the outage."""
    found, late = [], 0
    for t in trips:
        for place, (at, feed, body) in enumerate(t.said):
            heard = at + timedelta(seconds=t.r.randint(2, 50))
            for dead, start, end in deaf:
                if feed == dead and start <= heard < end:
                    heard, late = end + timedelta(seconds=t.r.randint(1, 90)), late + 1
            if feed in ("rns", "notices") and outage <= heard < outage + 3 * HOUR:
                heard, late = heard + 6 * HOUR, late + 1
            found.append((heard, feed, body))
            for _, wait, words in (one for one in t.replies if one[0] == place):
                t.types(max(heard, t.known_at) + wait, words)
            if t.known_from == at:
                t.known_from = heard
        # What rests on silence cannot be told while customs is known to be down (C4).
        on, off = outage + _DECLARED, outage + _ENDED
        if t.silence and t.direction == "CA" and t.known_from is not None and on <= t.known_from < off:
            t.known_from = off
    return sorted(found, key=lambda one: one[0]), late


def _write_loads(path: Path, trips: list[Trip]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, restval="")
        writer.writeheader()
        for t in trips:
            writer.writerows(t.rows)


def _write_messages(
    path: Path, said: list[tuple[datetime, str, bytes]], deaf: list[tuple[str, datetime, datetime]], days: float
) -> None:
    lines = [(at, 1, {"feed": feed, "source": FEEDS[feed], "body": body.decode()}) for at, feed, body in said]
    at = START
    while at < START + timedelta(days=days + 2):
        for feed, source in FEEDS.items():
            if not any(feed == dead and start <= at < end for dead, start, end in deaf):
                lines.append((at, 0, {"feed": feed, "source": source}))
        at += _SIGN
    lines.sort(key=lambda one: one[:2])
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"at": when.isoformat()} | line) + "\n" for when, _, line in lines)


def _write_lines(path: Path, trips: list[Trip], outage: datetime, days: float) -> None:
    lines = [one for t in trips for one in t.lines]
    seen: set[str] = set()
    for t in trips:  # a broker is known from its first load on
        if t.broker not in seen:
            words = f"/broker {t.broker} set filer={','.join(FILERS[t.broker])}"
            lines.append((t.known_at + MINUTE, "SAMPLE Robin", "admin", words))
        seen.add(t.broker)
    if days > 1:
        for at, word in ((outage + _DECLARED, "on"), (outage + _ENDED, "off")):
            lines.append((at, "SAMPLE Robin", "admin", f"/feed outage cbsa {word}"))
    lines.sort(key=lambda one: one[0])
    with path.open("w", encoding="utf-8") as file:
        for at, who, role, line in lines:
            name = f"{who} {role}" if role == "admin" else who
            file.write(json.dumps({"at": at.isoformat(), "who": name, "role": role, "line": line}) + "\n")


def _write_truth(path: Path, trips: list[Trip]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("number", "direction", "stop", "trouble", "arrives", "known_from", "tale"))
        for t in trips:
            known = t.known_from.isoformat() if t.known_from else ""
            stop, trouble = ("yes" if yes else "no" for yes in (t.stop, t.trouble))
            writer.writerow((t.number, t.direction, stop, trouble, t.arrives and t.arrives.isoformat(), known, t.tale))
