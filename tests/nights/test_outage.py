"""300 loads and an agency that says nothing for three hours, and tells it all six hours later (SAMPLE data)."""

import random
from datetime import datetime, timedelta

from storage.database import Database
from tests.nights.messages import LATER, manifest, rns
from tests.nights.night import MINUTE, Night, local

LOADS = 300
#: Those that customs refused meanwhile.
REFUSED = frozenset(range(7, LOADS, 15))


def number(n: int) -> str:
    return f"{5000 + n}"


def pars(n: int) -> str:
    return f"SMPLPARS{300000 + 7 * n}"


def trip(n: int) -> str:
    return f"SMPLTRIP{3000 + n}"


def listed() -> bytes:
    """The loads of the day, ETA from 11:00 to 16:00, papers sent at ten in the evening."""
    rows = ["number,direction,crossing,eta,broker,papers_sent,pars,trip"]
    for n in range(LOADS):
        eta = datetime(2026, 11, 24, 11) + n * MINUTE
        rows.append(
            f"{number(n)},CA,Ambassador Bridge,{eta:%Y-%m-%d %H:%M},B{n % 7},2026-11-23 22:00,{pars(n)},{trip(n)}"
        )
    return "\n".join([*rows, ""]).encode()


async def test_300_loads_and_customs_silent_for_three_hours(sqlite_db: Database) -> None:
    night = await Night(sqlite_db, pace=timedelta(minutes=15)).begins("00:00")
    await night.hears("loads", listed())
    assert len(await night.open_loads()) == LOADS
    await night.at("00:30")
    await night.hears("bc", *(manifest(night, trip=trip(n)) for n in range(LOADS)))
    await night.at("01:30")
    await night.outage(on=True)
    await night.at("10:00")
    held = [p for p in night.chat.posts if "HOLD" in p.texts[-1].splitlines()[0]]
    assert held == [], "a silence that an outage explains is no hold"
    said = [rns(night, "9", pars(n), transaction="", made=local("01:00") + n % 180 * MINUTE) for n in range(LOADS)]
    said += [rns(night, "14+Y50", pars(n), transaction="", made=local("04:00")) for n in REFUSED]
    random.Random(7).shuffle(said)
    night.may_go(*(number(n) for n in range(LOADS) if n not in REFUSED))
    await night.hears("rns", *said)
    await night.outage(on=False)
    cards = [p.texts[-1] for p in night.chat.posts if not p.under and "HOLD" in p.texts[-1].splitlines()[0]]
    assert len(cards) == len(REFUSED) and all(
        "refused by customs (code Y50)" in c and "Call first: B" in c for c in cards
    )
    answers = {r.number: r.answer for r in (await night.open_loads()).values()}
    assert {n for n in answers if answers[n] != "go"} == {number(n) for n in REFUSED}
    await night.at("10:20")
    night.may_go(*map(number, range(LOADS)))
    await night.hears("rns", *(rns(night, "9", pars(n), transaction=LATER) for n in REFUSED))
    for n in REFUSED:
        night.ends("CLEARED", number(n))
