"""Fields with many hands: whose value stands."""

from datetime import timedelta
from itertools import permutations

from bot.domain.load import Hand, Said, standing
from tests.domain.builders import ETA


def said(value: str | None, hour: float, hand: Hand = Hand.FILE, who: str = "loads.csv", id_: str = "") -> Said:
    return Said("eta", value, hand, who, ETA + timedelta(hours=hour), id_)


def value(*history: Said) -> str | None:
    found = standing(history)
    return found.value if found else None


def test_nobody_said_anything() -> None:
    assert standing(()) is None


def test_a_person_stands_over_every_later_file() -> None:
    assert value(said("18:00", 1), said("19:00", 2, Hand.PERSON, "ann"), said("20:00", 3)) == "19:00"


def test_a_newer_word_of_a_driver_stands_over_a_person_s() -> None:
    ann, singh = said("19:00", 2, Hand.PERSON, "ann"), said("21:00", 3, Hand.DRIVER, "singh")
    assert value(ann, singh) == "21:00"
    assert value(ann, said("21:00", 1, Hand.DRIVER, "singh")) == "19:00"


def test_a_file_that_repeats_itself_says_nothing_new() -> None:
    file, tms = said("18:00", 1), said("19:00", 2, Hand.FEED, "tms")
    assert value(file, tms, said("18:00", 3)) == "19:00"
    assert value(file, tms, said("18:30", 3)) == "18:30"


def test_undo_is_leaving_a_row_out() -> None:
    file, wrong = said("18:00", 1), said("19:00", 2, Hand.PERSON, "ann")
    right = said("20:00", 3, Hand.PERSON, "ann")
    assert value(file, wrong, right) == "20:00"
    assert value(file, wrong) == "19:00"
    assert value(file) == "18:00"


def test_a_dash_erases_and_erasing_is_a_word_too() -> None:
    found = standing((said("18:00", 1), said(None, 2, Hand.PERSON, "ann")))
    assert found is not None
    assert found.value is None
    assert value(said("18:00", 1), said(None, 2)) is None


def test_of_two_words_in_one_moment_the_later_row_stands_in_any_order() -> None:
    rows = [said("18:00", 1, Hand.PERSON, "ann", "a1"), said("19:00", 1, Hand.PERSON, "ann", "a2"), said("17:00", 0)]
    assert {value(*one) for one in permutations(rows)} == {"19:00"}
    files = [said("18:00", 1, id_="a1"), said("19:00", 1, id_="a2")]
    assert {value(*one) for one in permutations(files)} == {"19:00"}
