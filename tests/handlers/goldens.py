"""Golden texts of the announcements: `python -m tests.handlers.goldens` writes them anew for reading the difference."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.domain.alert import Event
from bot.domain.brief import Brief
from bot.domain.load import Direction
from bot.domain.policy import Policy
from bot.domain.waits import Bridge, Flow, Lane, Queue, Wait
from handlers.announce import (
    card,
    drill_word,
    feed_card,
    feed_word,
    outage_card,
    outage_over,
    status,
    why,
    word,
    words_as_one,
)
from tests.handlers.briefs import CLOCKS, ETA, ZONE, about, accepted, before, brief, load, pars, told
from tests.handlers.kinds import BASE, GOOD, KINDS, ONLY
from tests.handlers.plain import plain

HOME = Path(__file__).parents[1] / "fixtures" / "announce"


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of each golden file."""
    for name in KINDS:
        yield f"kind-{name}", _kind(name)
    for name, good in GOOD.items():
        hours = 0.5 if name == "but-not_before" else -0.5 if name == "go-overdue" else 1.8
        yield name, "\n".join(plain(form(good, before(hours))) for form in (status, why))
    yield "driver", _driver()
    yield "ends", _ends()
    yield "events", _events()
    yield "asked", _asked()
    yield "feeds", _feeds()
    yield "many", _many()
    yield "waits", _waits()


def _kind(name: str) -> str:
    hours = {level: ONLY.get(name, at) for level, at in CLOCKS.items()}
    made = {level: KINDS[name](at) for level, at in hours.items()}
    titles = [
        f"{level}: {plain(replace(card(of, before(hours[level])), body=(), buttons=()))}" for level, of in made.items()
    ]
    near, now = made["urgent"], before(hours["urgent"])
    return "".join(titles) + "\n" + "\n".join((plain(card(near, now)), plain(why(near, now, Policy()))))


def _driver() -> str:
    held, now = KINDS["not_matched"](1.8), before(1.8)
    there = replace(held, found=replace(held.found, at_border=True))
    waits = KINDS["not_matched"](4.5)
    over = replace(GOOD["go"], state="cleared", raised_at=before(3), ended_at=now)
    shown = [card(b, now, driver=True) for b in (held, there, waits, over, GOOD["go"], replace(held, sample=True))]
    asks = [
        told("asked", held, 1.8, ask=ask, shipment="s1", topic="driver") for ask in ("papers", "arrived", "crossed")
    ]
    ends = [told(e, over, 1.8, topic="driver") for e in ("cleared", "closed")]
    return "\n".join(plain(reply) for reply in (*shown, *(word(t, now) for t in (*asks, *ends))))


def _ends() -> str:
    now, ended = before(1.8), {"raised_at": before(2.7), "ended_at": before(1.8)}
    held = KINDS["not_matched"](1.8)
    crossed = replace(held, found=replace(held.found, ended="crossed"))
    shown: list[Brief] = [
        replace(GOOD["go"], state="cleared", **ended),  # type: ignore[arg-type]
        replace(GOOD["but-manifest_unseen"], state="cleared", sample=True, **ended),  # type: ignore[arg-type]
        replace(crossed, state="closed", end_why="crossed, never seen accepted", **ended),  # type: ignore[arg-type]
        replace(held, state="closed", end_why="cancelled by Ana", **ended),  # type: ignore[arg-type]
        replace(held, state="cleared", **ended),  # type: ignore[arg-type]
    ]
    return "\n".join(plain(form(b, now)) for b in shown for form in (card, status))


def _events() -> str:
    held, now = replace(KINDS["not_matched"](1.8), owner="Ana", owned_until=before(1.3)), before(1.8)
    waits = KINDS["not_matched"](4.5)
    deaf = KINDS["unwatched-dead"](4.5)
    over = replace(GOOD["go"], state="cleared", raised_at=before(2.7), ended_at=before(1.8))
    of = {"waiting": waits, "last_known": deaf, "more_time": waits, "cleared": over}
    whys = {"owned": "Ana", "unowned": "Ana", "level": "Ana", "closed": "cancelled by Ana"}
    all_ = [told(e.value, of.get(e, held), 1.8, whys.get(e, "")) for e in Event if e is not Event.ASKED]
    one_by_one = "\n".join(f"{t.event}: {plain(word(t, now))}" for t in all_)
    late = plain(word(all_[0], before(1.2)))
    return f"{one_by_one}\nlate: {late}\nas one: {plain(words_as_one(all_, now))}"


def _asked() -> str:
    phone, held, now = GOOD["go-by-phone"], KINDS["not_matched-guess"](1.8), before(1.8)
    asks = [("word", phone), ("papers", held), ("eta", held), ("arrived", held), ("crossed", held)]
    return "\n".join(plain(word(told("asked", of, 1.8, ask=ask, shipment="s1"), now)) for ask, of in asks)


NEAR = [
    ("1234", before(0.2), [("SMPLPARS100123", "12345-000067897"), ("SMPLPARS100124", "")]),
    ("1301", ETA, [("SMPLPARS100301", "12345-000067905")]),
    ("1302", ETA, []),
]


def _feeds() -> str:
    loads, now = [("1300", None), ("1301", ETA), ("1234", before(1))], before(1.8)
    many = [(str(n), ETA) for n in range(2000, 2020)]
    return "\n".join(
        plain(reply)
        for reply in (
            feed_card("rns", "dead", before(3), before(4), loads, ZONE, now, sample=True),
            feed_card("rns", "dead", None, None, many, ZONE, now),
            feed_card("rns", "can't tell", None, before(4), loads[:1], ZONE, now),
            feed_card("rns", "alive", before(2), before(2), [], ZONE, now),
            feed_word("rns", before(3), before(2), ZONE, now, heard=4),
            feed_word("rns", before(3), before(2), ZONE, now),
            outage_card("CBSA", before(3), 2, NEAR, ZONE, now, by="Ana"),
            outage_card("CBSA", before(3), 0, [], ZONE, now, sample=True),
            outage_over("CBSA", before(3), before(1.9), loads, ZONE, now),
            drill_word({"drill": "cbsa", "load": "1234", "papers": NEAR[0][2], "sample": True}),
        )
    )


def many(shipments: int, hours: float = 1.8) -> Brief:
    """A load of that many shipments: every third is accepted, every fourth has no known papers time."""
    own = [pars(f"s{n}", f"SMPLPARS{n:06}", None if n % 4 == 3 else 6) for n in range(shipments)]
    facts = {s.id: about([accepted()]) if n % 3 == 0 else about() for n, s in enumerate(own)}
    return brief(load(*own), replace(BASE, about=facts), hours, state="open", raised_at=before(3))


def _many() -> str:
    of, now = many(12), before(1.8)
    waiting = many(3, 4.5)
    words = plain(word(told("waiting", waiting, 4.5), before(4.5)))
    return "\n".join((plain(card(of, now)), plain(status(of, now)), words))


def _waits() -> str:
    held, now = KINDS["not_matched"](1.8), before(1.8)
    here = Wait("Ambassador Bridge", Direction.CA, Lane.COMMERCIAL, Flow.MOVING, "CBSA", now, before(2), 55)
    there = replace(here, crossing="Blue Water Bridge", minutes=15)
    fast = replace(here, direction=Direction.US, lane=Lane.FAST, source="CBP", minutes=0)
    us = replace(there, direction=Direction.US, source="CBP")
    queues = (
        Queue(here),
        Queue(here, Bridge(there.crossing, there, 40, ("0440",), False)),
        Queue(replace(here, flow=Flow.CLOSED, minutes=None), Bridge(there.crossing, there, None, ("0440",), False)),
        Queue(fast, Bridge(us.crossing, us, 125, ("3802",), False)),
        Queue(fast, Bridge(us.crossing, us, 25, ("0901",), True)),
    )
    made = [replace(held, queue=q, direction=q.wait.direction.value) for q in queues]
    return "\n".join(plain(form(b, now)) for b in made for form in (card, status))


if __name__ == "__main__":
    HOME.mkdir(parents=True, exist_ok=True)
    for name, text in texts():
        (HOME / f"{name}.txt").write_text(text, "utf-8")
