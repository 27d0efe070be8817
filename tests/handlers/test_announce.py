"""The words of cards, answers and events: golden texts, and what each of them must hold."""

from dataclasses import replace

import pytest

from bot.domain.alert import Event
from bot.domain.assessment import But, Condition
from bot.domain.brief import Brief, Contact
from bot.domain.kinds import Kind, Level
from bot.domain.load import LoadKind
from bot.domain.status import Status
from handlers.announce import card, status, why, word, words_as_one
from handlers.announce.holdtable import TABLE
from handlers.announce.scene import cut
from handlers.grammar import Command, parse
from handlers.reply import Tone
from tests.handlers.briefs import (
    CLOCKS,
    DEAD,
    ETA,
    about,
    accepted,
    before,
    brief,
    load,
    one,
    paper,
    pars,
    person,
    told,
)
from tests.handlers.goldens import HOME, many, texts
from tests.handlers.kinds import BASE, GOOD, KINDS, ONLY
from tests.handlers.plain import plain

TEXTS = dict(texts())


@pytest.mark.parametrize("name", TEXTS)
def test_the_words_are_those_that_were_read_and_kept(name: str) -> None:
    kept = (HOME / f"{name}.txt").read_text("utf-8")
    assert TEXTS[name] == kept, "read the difference; if it is meant: python -m tests.handlers.goldens"


def test_no_golden_text_is_left_over() -> None:
    assert {p.stem for p in HOME.glob("*.txt")} == set(TEXTS)


def test_every_kind_and_every_condition_has_a_golden_text() -> None:
    shown = {h.kind for name, made in KINDS.items() for h in made(ONLY.get(name, 1.8)).found.holds}
    assert shown == set(Kind)
    assert {b.kind for good in GOOD.values() for b in good.found.buts} == set(But)


def test_every_situation_of_the_table_has_a_golden_text() -> None:
    said = "\n".join(TEXTS.values())
    silent = [key for key, words in TABLE.items() if _longest_plain_run(words.title) not in said]
    assert silent == []


def _longest_plain_run(template: str) -> str:
    runs = "".join(c if depth == 0 else "\0" for c, depth in _depths(template)).split("\0")
    return max(runs, key=len)


def _depths(template: str) -> list[tuple[str, int]]:
    found, depth = [], 0
    for c in template:
        depth += c == "{"
        found.append((c, depth))
        depth -= c == "}"
    return found


def test_the_first_line_answers_in_a_sentence() -> None:
    held = status(KINDS["not_matched"](1.8), before(1.8)).title
    assert held == (
        "1234 HOLD: PARS SMPL PARS100123 not matched, PCB SAMPLE late since 09:10. "
        "ETA Ambassador Bridge 12:10 (in 1 h 48)."
    )
    good = status(GOOD["go"], before(1.8)).title
    assert good.startswith("1234 GO: PARS SMPL PARS100123 accepted by CBSA 07:10 (3 h 12 ago).")


@pytest.mark.parametrize("name", KINDS)
def test_e2_every_hold_that_stands_says_whom_to_call_and_what_to_say(name: str) -> None:
    hours = ONLY.get(name, 0.9)
    text = plain(card(KINDS[name](hours), before(hours)))
    if KINDS[name](hours).found.standing:
        assert "Call first: " in text
        assert "Say: “" in text


def full() -> Brief:
    """A load of which everything is known."""
    own = [pars("s1"), pars("s2", "SMPLPARS100124"), pars("s3", "SMPLPARS100125", None)]
    facts = {"s1": about(), "s2": about([accepted()]), "s3": about((), [person(Status.READY, 1.9)])}
    made = brief(load(*own), replace(BASE, about=facts), 1.8, state="open", raised_at=before(3))
    papers = [paper(s) for s in own]
    other = Contact("Livi SAMPLE", "555-0103", "555-0104", open_now=True)
    papers[1] = replace(papers[1], broker=other, importer=Contact("Zed Co"))
    return replace(made, papers=tuple(papers), owner="Ana Sample", owned_until=before(1.3), carried_by="North Lane")


def test_e3_the_card_holds_every_fact_that_a_desk_needs() -> None:
    text = plain(card(full(), before(1.8)))
    wanted = (
        "1234", "~k3f9", "SMPLTRIP0007", "SMPL PARS100123", "SMPLPARS100124", "into Canada", "Ambassador Bridge",
        "12:10", "in 1 h 48", "88", "5310", "J. Sample", "555-0117", "North Lane", "PCB SAMPLE", "555-0101", "555-0102",
        "Livi SAMPLE", "555-0103", "555-0104", "14234123456788", "office 0453", "papers sent 06:10", "ACME SAMPLE",
        "Zed Co", "Ana Sample until 10:52", "on file by CBSA", "by phone, Maria/PCB", "URGENT", "rns is alive",
    )  # fmt: skip
    assert [fact for fact in wanted if fact not in text] == []


def test_the_first_call_has_the_number_that_answers_at_this_hour() -> None:
    closed = KINDS["not_matched"](1.8)
    cases = {
        "night 555-0102 (the office is closed": closed.papers[0].broker,
        "555-0101 (open now)": replace(closed.papers[0].broker, open_now=True),
        "day 555-0101, night 555-0102 (hours not known)": replace(closed.papers[0].broker, open_now=None, opens=None),
        "555-0101 (closed, opens": replace(closed.papers[0].broker, night=""),
        "no number stored": Contact("PCB SAMPLE"),
        "not known here": Contact(),
    }
    for wanted, who in cases.items():
        shown = plain(card(replace(closed, papers=(replace(closed.papers[0], broker=who),)), before(1.8)))
        assert wanted in next(line for line in shown.splitlines() if "Call first" in line)


def test_t1_a_guess_is_marked_and_names_no_broker_as_late() -> None:
    guess = status(KINDS["not_matched-guess"](1.8), before(1.8)).title
    assert "(guess: papers time not known)" in guess
    assert "late since" not in guess


def test_t6_an_assumed_eta_says_so_and_is_asked_for() -> None:
    made = brief(load(pars(), eta=None, pickup=ETA.replace(hour=10)), replace(BASE, about={"s1": about()}), 4)
    text = plain(status(made, before(4)))
    assert ", assumed" in text.splitlines()[0]
    assert "When is it at the border? /load ~k3f9 eta 14:30" in text


def test_f4_a_persons_word_is_shown_by_phone_with_name_age_and_end() -> None:
    title = status(GOOD["go-by-phone"], before(1.8)).title
    assert "accepted by phone, Maria/PCB, 10:16 (6 min ago), good until 13:10" in title


def test_c3_a_folder_says_how_long_ago_its_last_word_was() -> None:
    text = plain(status(KINDS["not_matched-folder-silent"](1.8), before(1.8)))
    assert "Nothing heard; last word from rns 19 h 12 ago." in text


def test_c4_an_outage_counts_what_it_hides() -> None:
    text = plain(card(KINDS["outage"](1.8), before(1.8)))
    assert "An outage hides 1 reason that rests on silence" in text


def test_t7_at_the_border_is_said_loud() -> None:
    made = KINDS["not_matched"](0.9)
    there = replace(made, found=replace(made.found, at_border=True))
    assert "HOLD, AT THE BORDER: " in card(there, before(0.9)).title
    assert card(there, before(0.9)).title.endswith("At Ambassador Bridge NOW.")


def test_a3_a_condition_comes_before_what_it_rests_on() -> None:
    title = status(GOOD["but-not_before"], before(0.5)).title
    assert title.startswith("1234 GO, BUT not before 12:34 (in 54 min): PARS")


def test_n3_an_ended_card_says_what_ended_it_and_has_nothing_to_tap() -> None:
    over = replace(GOOD["go"], state="cleared", raised_at=before(2.7), ended_at=before(1.8))
    shown = card(over, before(1.8))
    assert shown.title == "1234 CLEARED after 54 min: PARS SMPL PARS100123 accepted by CBSA 07:10 (3 h 12 ago)."
    assert (shown.buttons, shown.tone) == ((), Tone.GO)
    shut = replace(KINDS["not_matched"](1.8), state="closed", end_why="cancelled by Ana", ended_at=before(1.8))
    assert card(shut, before(1.8)).title == "1234 closed after 1 h 12: cancelled by Ana."
    assert (card(shut, before(1.8)).buttons, card(shut, before(1.8)).tone) == ((), Tone.DONE)


def test_levels_are_said_by_word_and_tone() -> None:
    shown = {level: card(KINDS["not_matched"](h), before(h)) for level, h in CLOCKS.items() if level != "late"}
    assert {level: str(reply.tone) for level, reply in shown.items()} == {k: k for k in shown}
    assert all(reply.title.startswith(f"{level.upper()} 1234 HOLD") for level, reply in shown.items())
    listed = card(KINDS["not_matched-deciding"](3), before(3))
    assert (listed.title.startswith("LATE (listed) 1234 HOLD"), listed.tone) == (True, Tone.INFO)


def lines(of: Brief, hours: float = 1.8) -> set[str]:
    return {b.line.removeprefix("/load ~k3f9 ") for b in card(of, before(hours)).buttons}


def test_buttons_answer_what_the_hold_asks() -> None:
    assert lines(KINDS["not_matched"](1.8)) == {"got it", "why", "accepted", "not filed"}
    assert lines(KINDS["unwatched-guess"](1.8)) == {"got it", "why", "accepted", "not filed", "papers sent now"}
    assert lines(KINDS["unwatched-manifest"](0.9), 0.9) == {"got it", "why", "manifest accepted now"}
    assert "crossed now" in lines(KINDS["overdue"](-0.5), -0.5)
    assert lines(KINDS["agency_pending"](1.8)) == {"got it", "why", "agency ok"}
    assert lines(KINDS["other_filer"](1.8)) == {"got it", "why", "filer yes"}


def test_with_several_shipments_a_button_names_its_own() -> None:
    shown = card(many(4), before(1.8)).buttons
    assert {b.line for b in shown} >= {"/load ~k3f9 …001 accepted", "/load ~k3f9 …002 not filed"}
    assert all(isinstance(parse(b.line), Command) for b in shown)
    alike = [pars("s1", "AAAAPARS100124"), pars("s2", "BBBBPARS100124")]
    made = brief(load(*alike), replace(BASE, about={s.id: about() for s in alike}), 1.8, state="open")
    assert "/load ~k3f9 …APARS100124 accepted" in {b.line for b in card(made, before(1.8)).buttons}


def test_a_card_of_many_shipments_stays_readable() -> None:
    for count in (12, 60):
        text = plain(card(many(count), before(1.8)))
        assert len(plain(status(many(count), before(1.8)))) < 3900
        assert f"… and {count - 5} more: /load ~k3f9 status" in text
        assert len(text) < 3500
        assert text.count(" · HOLD") == 5


def test_hostile_names_and_numbers_are_cut_and_stay_one_line() -> None:
    bad = "<!channel> *x* \u202e\n{number} " * 60
    own = KINDS["not_matched"](1.8)
    shipment = replace(own.papers[0], label=bad, importer=Contact(bad, bad), broker=Contact(bad, bad, bad))
    worse = replace(
        own, number=bad, truck=bad, trailer=bad, crossing=bad, carried_by=bad, trips=(bad,) * 9, owner=bad,
        driver=Contact(bad, bad), papers=(shipment,),
    )  # fmt: skip
    for reply in (card(worse, before(1.8)), status(worse, before(1.8)), why(worse, before(1.8))):
        assert len(reply.title) < 400
        assert len(plain(reply)) < 5000
        assert not {c for c in plain(reply).replace("\n", "") if not c.isprintable()}
    assert len(card(worse, before(1.8), driver=True).title + bad[:40]) < 200


def test_cut_keeps_what_fits_and_marks_what_does_not() -> None:
    assert cut("  a \t b\n") == "a b"
    assert cut("x" * 60) == "x" * 60
    assert cut("x" * 61) == "x" * 59 + "…"
    assert len(cut(" " * 500 + "x")) <= 60


def test_times_name_the_zone_when_its_clocks_change_on_the_way() -> None:
    spring = ETA.replace(month=3, day=8, hour=5, minute=0)
    made = KINDS["not_matched"](1.8)
    moved = replace(made, found=replace(made.found, eta=spring.replace(hour=9, minute=10)))
    assert "ETA Ambassador Bridge 05:10 EDT (in 4 h 10)." in status(moved, spring).title


def test_words_that_waited_are_one_line() -> None:
    over = replace(GOOD["go"], state="cleared", raised_at=before(3), ended_at=before(1.8))
    held = KINDS["not_matched"](3)
    all_ = [told("level", held, 2, "Ana"), told("owned", held, 1.9, "Ana"), told("cleared", over, 1.8)]
    title = words_as_one(all_, before(1.8)).title
    assert title.endswith("Before that: URGENT 10:10; Ana took it 10:16.")
    assert title.startswith("1234 CLEARED after 1 h 12: ")
    assert words_as_one(all_[:1], before(2)) == word(all_[0], before(2))


def test_an_end_that_did_not_last_is_not_called_cleared() -> None:
    over = replace(GOOD["go"], state="cleared", raised_at=before(3), ended_at=before(2))
    held = KINDS["link_broken"](1.8)
    title = words_as_one([told("cleared", over, 2), told("reopened", held, 1.8)], before(1.8)).title
    assert "cleared" not in title.lower()
    assert "had ended 10:10" in title


def test_every_event_has_a_word() -> None:
    made = KINDS["not_matched"](1.8)
    assert all(word(told(event.value, made, 1.8, ask="papers"), before(1.8)).title for event in Event)


def test_empty_and_bobtail_loads_rest_on_their_manifest_or_on_nothing() -> None:
    empty = brief(load(kind=LoadKind.EMPTY), BASE, 1.8)
    assert status(empty, before(1.8)).title.startswith("1234 GO: manifest of trip SMPLTRIP0007: on file by CBSA")
    bobtail = brief(load(kind=LoadKind.BOBTAIL, trips=()), replace(BASE, manifest=type(BASE.manifest)()), 1.8)
    assert status(bobtail, before(1.8)).title.startswith("1234 GO: bobtail, nothing to release.")


def test_why_gives_rules_facts_ages_and_the_next_look() -> None:
    text = plain(why(KINDS["unwatched-dead"](1.8), before(1.8)))
    wanted_all = (
        " (K unwatched, C1, C3, T2)", "Papers 06:10", "rns is dead since 03:10", " (C2)", "Ends with: ",
        "Runs the clock of not_matched (C3).", "Looked at again 11:10", "when news comes (T8).",
    )  # fmt: skip
    for wanted in wanted_all:
        assert wanted in text


def test_a_condition_names_its_shipment() -> None:
    made = replace(GOOD["go"], found=replace(GOOD["but-pay_at_port"].found, buts=(Condition(But.PAY_AT_PORT, "s1"),)))
    assert "duties for PARS SMPL PARS100123 are paid at the port" in status(made, before(1.8)).title


def test_a_load_that_is_deaf_names_the_feed_that_died() -> None:
    text = plain(card(one(told=about(hearing=DEAD), hours=0.9), before(0.9)))
    assert "rns is dead since 03:10 (8 h 06 ago), last word from rns 9 h 06 ago." in text
    assert Level.CRITICAL.name in text
