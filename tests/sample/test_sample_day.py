"""The SAMPLE day, played without waiting on real SQLite and real folders: it shows what it promises."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import opened
from bot.clock import Clock
from bot.domain.load import Life
from bot.domain.numbers import transaction_check
from bot.sample.day import SPEED, play, prepare, sample_config
from bot.sample.freight import DRIVERS, ENDS, ROBIN, STORY, TALES
from bot.sample.messages import transaction
from bot.sample.phones import PHONE
from bot.sample.story import Beats, Rns, Silent, Typed
from handlers.console import CONSOLE, plain
from handlers.reply import Result
from tests.patience import until
from tests.sample.played import Played, played, url
from tests.sample.stepper import Recorder, Shown

#: What each load's conversation comes to, in order.
COMES_TO = {
    "S101": "raised level owned said cleared",
    "S102": "raised owned cleared",
    "S103": "raised owned cleared",
    "S104": "",
    "S105": "raised owned waiting cleared",
    "S106": "raised level owned cleared",
    "S107": "raised said cleared",
    "S108": "raised owned cleared",
    "S109": "raised owned waiting cleared",
    "S110": "raised level owned cleared",
    "S111": "",
    "S112": "raised more_time cleared",
    "S113": "raised closed",
    "S114": "",
    "S115": "raised said level owned cleared",
    "S116": "raised escalated said level escalated closed",
    "S117": "raised owned waiting cleared",
}
KINDS = {
    "not_matched", "no_release", "rejected", "exam", "link_broken", "port_mismatch", "number_reused", "unwatched",
    "number_mismatch", "tight", "entry_missing", "carm",
}  # fmt: skip


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return asyncio.run(played(tmp_path_factory.mktemp("sample")))


def test_every_line_typed_was_understood(day: Played) -> None:
    assert [(typed.line, plain(reply)) for typed, reply in day.answers if reply.result is not Result.OK] == []
    assert {typed.who for typed, _ in day.answers} > {ROBIN}
    assert {typed.who for typed, _ in day.answers} & set(DRIVERS)


def test_every_line_of_the_tour_is_understood(day: Played) -> None:
    assert [(line, plain(reply)) for line, reply in day.toured if reply.result is not Result.OK] == []


@pytest.mark.parametrize("number", COMES_TO)
def test_each_load_comes_to_what_its_tale_says(day: Played, number: str) -> None:
    events = [e for e in day.events(number) if e != "asked"]
    assert " ".join(events) == COMES_TO[number]


def test_the_day_tells_of_every_load_and_of_no_other(day: Played) -> None:
    assert set(day.loads) == set(COMES_TO)
    assert len(TALES) == len(COMES_TO)


def test_holds_are_explained_when_asked_why(day: Played) -> None:
    assert "Papers 02:20" in day.answer("/load S101 why")
    assert "K link_broken" in day.answer("/load S105 why")
    assert "K port_mismatch" in day.answer("/load S108 why")
    assert "SMPLPARS100111" in day.answer("/load S110 why")


def test_every_intended_kind_occurred(day: Played) -> None:
    seen = {kind for entries in day.journal.values() for e in entries for kind in e.words.get("kinds", ())}
    assert seen >= KINDS


def test_f7_the_link_that_our_own_change_broke_is_said_to_be_checked_and_settles(day: Played) -> None:
    assert "waits for the match of PARS SMPLPARS100104 to come back" in day.answer("/load S104 status")
    assert not [s for s in day.shown if s.place == CONSOLE and not s.thread and "S104" in s.reply.title]


def test_n3_nothing_is_called_cleared_without_a_fact_for_each_of_its_shipments(day: Played) -> None:
    cleared = 0
    for load, entries in day.journal.items():
        for entry in (e for e in entries if e.what == "cleared"):
            cleared += 1
            assert day.good[load], "a load that was cleared has shipments"
            for number, good in day.good[load]:
                assert any(at <= entry.at for at in good), f"{number} had no good word at {entry.at}"  # type: ignore[operator]
    assert cleared == sum(events.split().count("cleared") for events in COMES_TO.values())
    said = {s.reply.title.split(" CLEARED")[0] for s in day.shown if " CLEARED" in s.reply.title}
    assert said == {f"SAMPLE · {n}" for n, events in COMES_TO.items() if "cleared" in events}


def test_n3_the_load_that_crossed_unseen_and_the_one_whose_number_went_are_closed(day: Played) -> None:
    assert day.alerts[day.loads["S116"].id].end_why == "crossed, never seen accepted"
    assert "taken off by SAMPLE Robin" in day.alerts[day.loads["S113"].id].end_why


def test_n1_the_terminal_gets_one_card_for_each_alert_and_edits_of_it(day: Played) -> None:
    cards = [s for s in day.shown if s.place == CONSOLE and not s.thread and not s.edited and " HOLD" in s.reply.title]
    cards += [
        s for s in day.shown if s.place == CONSOLE and not s.thread and "S112 UNKNOWN" in s.reply.title and not s.edited
    ]
    numbers = [next(n for n in COMES_TO if n in s.reply.title) for s in cards]
    assert sorted(numbers) == [n for n, events in COMES_TO.items() if "raised" in events]
    posted = {s.ref for s in day.shown if not s.edited}
    assert {s.ref for s in day.shown if s.edited} <= posted


def test_c3_the_dead_feed_has_a_card_of_its_own_that_names_its_loads_and_ends(day: Played) -> None:
    (dead,) = (s for s in day.shown if "Feed rns is dead" in s.reply.title)
    assert "S106" in plain(dead.reply)
    later = [s.reply.title for s in day.shown if s.ref == dead.ref and s.edited] + [
        s.reply.title for s in day.shown if s.thread == dead.ref
    ]
    assert any("Feed rns is alive" in title for title in later)
    assert any("Feed rns is back" in title for title in later)


def test_drivers_of_held_loads_are_told_to_stop_and_when_it_is_over(day: Played) -> None:
    told = [s.reply.title for s in day.shown if s.thread == PHONE and s.reply.title.startswith("SAMPLE Cleo's phone")]
    assert any("STOP. Stay where you are." in title for title in told)
    assert "not your problem any more" in told[-1]
    assert not [title for title in told if " GO" in title]


def test_the_card_of_a_listed_load_has_the_number_of_its_driver(day: Played) -> None:
    card = next(plain(s.reply) for s in day.shown if "S101 HOLD" in s.reply.title)
    assert f"SAMPLE Arun, {DRIVERS['SAMPLE Arun']}" in card


def test_an_orphan_that_looks_alike_is_named_by_its_number(day: Played) -> None:
    card = next(s.reply.title for s in day.shown if "S113 HOLD" in s.reply.title)
    assert "SMPLPARS100113 is on file" in card


def test_messages_are_read_without_a_problem_and_lie_in_done(day: Played) -> None:
    assert day.problems == 0
    assert [path for path in day.left if not path.endswith("heartbeat")] == []


def test_everything_is_sample(day: Played) -> None:
    names = [p.name for p in day.people] + [p.name for p in day.parties]
    assert all(name.startswith("SAMPLE ") for name in names)
    phones = [p.phone for p in day.people if p.phone] + [n for p in day.parties for n in (p.phone_day, p.phone_night)]
    assert all(phone.startswith("555-01") for phone in phones)
    assert all(load.driver_name.startswith("SAMPLE ") or not load.driver_name for load in day.loads.values())
    assert [s.reply.title for s in day.shown if "SAMPLE" not in s.reply.title] == []


def test_nobody_drives_two_loads_and_all_loads_are_over_in_the_end(day: Played) -> None:
    drivers = [load.driver_name for load in day.loads.values() if load.driver_name]
    assert len(drivers) == len(set(drivers))
    assert [load.number for load in day.loads.values() if load.life is not Life.CROSSED] == []


def test_the_end_is_said_once_with_what_was_shown(day: Played) -> None:
    (over,) = (plain(s.reply) for s in day.shown if "The SAMPLE day is over" in s.reply.title)
    assert "17 loads were watched, 14 of them were in trouble: 12 cleared by a fact, 2 closed" in over
    assert all(tale.shows in over for tale in TALES)
    assert "README" in over


def test_the_whole_day_fits_into_two_minutes() -> None:
    begins, ends = min(step.at for step in STORY), ENDS
    hours = [int(at[:2]) * 60 + int(at[3:]) for at in (begins, ends)]
    assert (hours[1] - hours[0]) * 60 / SPEED < 110


def test_transaction_numbers_have_a_check_digit_that_fits() -> None:
    filings = {step.filing for step in STORY if isinstance(step, Rns)}
    assert all(transaction_check(transaction(filing)) for filing in filings)


def test_prepare_takes_an_earlier_day_away_and_nothing_else(tmp_path: Path) -> None:
    for name in ("holdwatch.db", "holdwatch.db-wal", "holdwatch.db.run", "mine.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "feeds" / "rns").mkdir(parents=True)
    (tmp_path / "feeds" / "rns" / "old.edi").write_text("x")
    clock = prepare(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["feeds", "holdwatch.db.run", "mine.txt"]
    assert not (tmp_path / "feeds" / "rns" / "old.edi").exists()
    assert Clock.from_json(clock.to_json()) == clock
    assert f"{clock.civil().astimezone(sample_config(tmp_path).carriers[0].zone):%H}" == "04"


async def test_a_day_plays_by_its_own_clock_and_keeps_its_feeds_alive_until_it_is_stopped(tmp_path: Path) -> None:
    story = (
        Rns("05:01", "9", "SMPLPARS100901", 901, "0440"),
        Typed(
            "05:02", ROBIN, "/load S901 add to=CA port=Sarnia eta=20:00 pars=SMPLPARS100901 broker=MAPLE papers=04:00"
        ),
        Silent("05:03", "broker"),
        Beats("05:03", "broker"),
    )
    clock = prepare(tmp_path)
    assert clock.civil_start is not None
    clock = replace(clock, civil_start=clock.civil_start + timedelta(hours=7))
    async with opened(sample_config(tmp_path), url(tmp_path), clock, tmp_path, sample=True) as app:
        recorder = Recorder(clock)
        app.doors.by_name[CONSOLE.door] = recorder
        playing = asyncio.create_task(app.run([lambda: play(app, story)]))
        over = await _within(lambda: [s for s in recorder.shown if "day is over" in s.reply.title], playing)
        assert len(over) == 1
        await asyncio.sleep(1.2)
        assert app.world.ears["rns"].liveness == "alive"
        playing.cancel()
        await asyncio.wait([playing])
    (answer,) = (plain(s.reply) for s in recorder.shown if "S901 add" in s.reply.title)
    assert "S901 GO, BUT manifest not seen by us" in answer


async def _within(found: Callable[[], Sequence[Shown]], playing: "asyncio.Task[None]") -> Sequence[Shown]:
    def happened() -> Sequence[Shown]:
        if playing.done():
            playing.result()
        return found()

    await until(happened)
    return found()
