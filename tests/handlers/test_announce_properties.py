"""What holds of the words of every load that the rules can make (RULES A5, N3)."""

import json
import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.alert import Event, State
from bot.domain.assessment import Answer
from bot.domain.brief import Brief, Told, told_from_json, told_to_text
from bot.domain.facts import Facts, Question
from bot.domain.journey import NO_WORD, Journey
from bot.domain.load import ShipmentType
from bot.domain.manifest import Manifest
from bot.domain.report import Report
from bot.domain.status import Status, Track
from handlers.announce import card, status, why, word, words_as_one
from handlers.announce.holdwords import wait
from handlers.announce.scene import scene_of
from handlers.grammar import Command, parse
from handlers.reply import Reply, Tone
from tests.handlers.briefs import ALIVE, BOTH, BRIDGE, CANT_TELL, DEAD, MANIFEST, about, before, brief, load, pars, told
from tests.handlers.briefs import person as person_said
from tests.handlers.briefs import report as said
from tests.handlers.plain import plain

HELD = Journey(held=said(Status.HELD, 12, raw="HTR"))
HOURS = st.sampled_from([9.0, 5.0, 3.5, 1.9, 1.2, 0.7, 0.0, -0.2, -1.0, -25.0, -80.0])
_GO = re.compile(r"\bgo\b|\bcleared\b", re.IGNORECASE)
_TRACKS = {Status.ON_FILE: Track.MANIFEST, Status.MATCHED: Track.MATCH, Status.NOT_MATCHED: Track.MATCH}


@st.composite
def reports(draw: st.DrawFn, now: float) -> list[Report]:
    told = draw(st.lists(st.tuples(st.sampled_from(list(Status)), st.floats(0.1, 20)), max_size=4))
    found = []
    for number, (status_, ago) in enumerate(told):
        transaction = draw(st.sampled_from(["", "14234123456788", "00000123456789", "99990000000011"]))
        track = _TRACKS.get(status_, Track.RELEASE)
        found.append(said(status_, now + ago, track, transaction=transaction, ref=str(number), raw="Z9", office="0410"))
    return found


@st.composite
def briefs(draw: st.DrawFn) -> tuple[Brief, float]:
    now = draw(HOURS)
    types = st.sampled_from([ShipmentType.PARS] * 3 + [ShipmentType.PAPS, ShipmentType.INBOND, ShipmentType.CARNET])
    own, facts = [], {}
    for n in range(draw(st.integers(0, 3))):
        sent = draw(st.sampled_from([None, now + 1, now + 6]))
        agency = draw(st.sampled_from(["", "", "CFIA"]))
        own.append(pars(f"s{n}", draw(st.sampled_from(["", f"SMPLPARS{n:05}"])), sent, type=draw(types), agency=agency))
        words = [person_said(draw(st.sampled_from([Status.READY, Status.NO_RELEASE])), now + draw(st.floats(0.1, 3)))]
        facts[f"s{n}"] = about(
            draw(reports(now)),
            words if draw(st.booleans()) else [],
            draw(st.sampled_from([ALIVE, CANT_TELL, DEAD, replace(ALIVE, ear=None)])),
            near=draw(st.sampled_from(["", "SMPLPAR5"])),
            earlier=draw(st.sampled_from(["", "", "1190"])),
            asked=draw(st.sampled_from([None, Question(before(now + 0.1), "rns"), Question(before(now + 1), "rns")])),
            can_ask=True,
        )
    refused = Manifest(rejected=said(Status.REJECTED, now + 1, Track.MANIFEST, reason="E17"))
    soon = Manifest(accepted=said(Status.ON_FILE, now + 0.2, Track.MANIFEST))
    base = Facts(
        facts, draw(st.sampled_from([MANIFEST, soon, refused, Manifest()])), draw(st.sampled_from([ALIVE, DEAD])),
        draw(st.sampled_from([NO_WORD, NO_WORD, HELD])), BRIDGE, BOTH, outage_on=draw(st.booleans()),
    )  # fmt: skip
    made = brief(
        load(*own, eta=None if draw(st.integers(0, 5)) == 0 else load().eta), base, now,
        state=draw(st.sampled_from(["", *State])), owner=draw(st.sampled_from(["", "Ana"])), raised_at=before(now + 1),
        ended_at=before(now), end_why=draw(st.sampled_from(["", "cancelled by Ana"])), sample=draw(st.booleans()),
    )  # fmt: skip
    return made, now


def told_about(of: Brief, now: float) -> list[Told]:
    asks = ("papers", "word", "eta", "arrived", "crossed")
    return [
        *(told(event.value, of, now, why="Ana" if event is Event.OWNED else "") for event in Event if event != "asked"),
        *(told("asked", of, now, ask=ask, shipment=p.id) for ask in asks for p in of.papers[:1]),
    ]


def everything(of: Brief, now: float) -> list[Reply]:
    """All that dispatch can be shown of a load."""
    at = before(now)
    events = told_about(of, now)
    shown = [card(of, at), status(of, at), why(of, at), words_as_one(events, at)]
    return [*shown, *(word(one, at + timedelta(minutes=9)) for one in events)]


def to_driver(of: Brief, now: float) -> list[Reply]:
    events = [replace(one, more={**one.more, "topic": "driver"}) for one in told_about(of, now)]
    at = before(now)
    return [card(of, at, driver=True), words_as_one(events, at), *(word(one, at) for one in events)]


@settings(max_examples=60, deadline=None)
@given(briefs())
def test_a5_go_and_cleared_are_said_only_of_a_load_that_may(made: tuple[Brief, float]) -> None:
    of, now = made
    for reply in everything(of, now):
        if not of.found.is_go:
            assert not _GO.search(plain(replace(reply, tone=Tone.INFO))), plain(reply)
            assert reply.tone is not Tone.GO
        if reply.tone is Tone.GO:
            assert of.found.answer is Answer.GO


@settings(max_examples=60, deadline=None)
@given(briefs())
def test_a_driver_is_told_no_reason_and_never_to_go(made: tuple[Brief, float]) -> None:
    of, now = made
    for reply in to_driver(of, now):
        text = plain(reply)
        assert not _GO.search(text), text
        assert "accepted" not in text
        assert reply.tone is not Tone.GO
        assert ("SAMPLE · " in reply.title) == of.sample
    stops = (
        any(h.stops and h.level for h in of.found.holds)
        and not of.found.ended
        and of.state not in ("cleared", "closed")
    )
    assert card(of, before(now), driver=True).title.removeprefix("SAMPLE · ").startswith("STOP.") == stops


@settings(max_examples=60, deadline=None)
@given(briefs())
def test_every_button_is_a_short_line_that_is_understood(made: tuple[Brief, float]) -> None:
    of, now = made
    for reply in everything(of, now) + to_driver(of, now):
        for button in reply.buttons:
            assert len(button.line.encode()) <= 64
            command = parse(button.line)
            assert isinstance(command, Command), button.line
            assert command.subject == "~k3f9"


@settings(max_examples=60, deadline=None)
@given(briefs())
def test_unknown_names_what_it_waits_for_and_ready_is_printed_accepted(made: tuple[Brief, float]) -> None:
    of, now = made
    scene, title = scene_of(of, before(now)), status(of, before(now)).title
    if of.found.answer is Answer.UNKNOWN and not of.found.ended and of.state != "closed":
        waits = [wait(h, scene) for h in of.found.waits]
        assert ("waits for " in title and waits[0] in title) if waits and not of.found.standing else ": " in title
    for reply in everything(of, now):
        assert "READY" not in plain(reply)
        assert "None" not in plain(reply)
        assert "{" not in plain(reply)
        assert ("SAMPLE · " in reply.title) == of.sample


@settings(max_examples=60, deadline=None)
@given(briefs())
def test_a_word_reads_the_same_after_its_night_in_the_outbox(made: tuple[Brief, float]) -> None:
    of, now = made
    for one in told_about(of, now):
        again = told_from_json(json.loads(told_to_text(one)))
        assert word(again, before(now)) == word(one, before(now))
