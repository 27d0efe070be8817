"""How a line is read: subjects, keys, threads, quotes, and what is asked about instead of guessed."""

import pytest

from handlers.grammar import Command, Unclear, parse
from handlers.nouns import BY_NAME, LOAD_COLUMNS, NOUNS, lines
from handlers.phrases import ABSENT, BARE
from handlers.words import language, ngettext, speaking


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ('/shipper "Broker Supply Inc" show', "Broker Supply Inc"),
        ("/shipper “Broker Supply Inc”", "Broker Supply Inc"),
        ('/load "status" status', "status"),
        ("/load #status", "status"),
        ("/load status #papers", "papers"),
        ("/shipper ACME Foods broker PCB", "ACME Foods"),
        ('/shipper "ACME" Foods', "ACME Foods"),
        ("/load ~k3f9 got it", "~k3f9"),
    ],
)
def test_quotes_or_a_leading_hash_force_the_subject(text, subject):
    result = parse(text)
    assert isinstance(result, Command)
    assert result.subject == subject


def test_a_subject_ends_at_the_first_verb_or_key():
    assert parse("/shipper North Lane Foods bn15=123456782RM0001 add") == Command(
        "shipper", "North Lane Foods", "add", (), (("bn15", "123456782RM0001"),)
    )


def test_keys_have_synonyms_and_a_strange_key_is_asked_about():
    assert parse("/load 7 add crossing=Sarnia direction=CA") == Command(
        "load", "7", "add", (), (("port", "Sarnia"), ("to", "CA"))
    )
    result = parse("/load 7 note x")
    assert isinstance(result, Command)
    result = parse("/load 7 undo x=1")
    assert isinstance(result, Unclear)
    assert result.suggestions == ("/load 7 undo",)


def test_keys_without_a_verb_are_never_taken_for_a_change_of_many_things():
    result = parse("/load 7 port=Sarnia eta=14:30")
    assert isinstance(result, Unclear)
    assert "/load 7 add port=Sarnia eta=14:30" in result.suggestions
    result = parse("/broker PCB night=555-0142")
    assert isinstance(result, Unclear)
    assert result.suggestions == ("/broker PCB set night=555-0142",)


def test_a_note_keeps_what_was_typed():
    result = parse('/load 1234 note temp=5 said "no way", call back at 5?!')
    assert isinstance(result, Command)
    assert result.words == ("temp=5", "said", "no way", "call", "back", "at", "5?!")
    assert result.pairs == ()


def test_words_that_have_no_line_are_answered_with_one_that_helps():
    for noun, words in ABSENT.items():
        for word in words:
            result = parse(f"/{noun} {word}" if noun else word)
            assert isinstance(result, Unclear), (noun, word)
            assert word in result.sentence
            assert all(isinstance(parse(line), Command) for line in result.suggestions)


def test_in_a_thread_words_after_a_write_are_its_value_and_never_another_load():
    for text, verb, words in (
        ("eta 1430", "eta", ("1430",)),
        ("truck 88", "truck", ("88",)),
        ("papers sent 0940", "papers sent", ("0940",)),
        ("note 2 skids short", "note", ("2", "skids", "short")),
        ("pars 77YYPARS10001", "pars", ("77YYPARS10001",)),
        ("crossed 1410", "crossed", ("1410",)),
    ):
        assert parse(text, thread_subject=True) == Command("load", "", verb, words)


def test_a_command_that_cannot_be_typed_cannot_be_made():
    for wrong in (
        lambda: Command("hold", "1234", "list"),
        lambda: Command("load", "1234", "status", (), (("by", "x"),)),
        lambda: Command("load", "1234", "status", shipment="a b"),
        lambda: Command("broker", "PCB", "show", shipment="124"),
    ):
        with pytest.raises(ValueError, match=r"takes no|is not the end"):
            wrong()
    with pytest.raises(KeyError):
        Command("load", "1", "explode")


def test_the_last_value_of_a_key_counts():
    command = Command("load", "1", "accepted", (), (("by", "A"), ("by", "B")))
    assert (command.value("by"), command.value("trans")) == ("B", None)


def test_the_line_of_a_button_fits_sixty_four_bytes():
    for _noun, verb in lines():
        if _noun.name == "load" and verb.subject:
            assert len(Command("load", "~k3f9", verb.name).line().encode()) <= 64


def test_two_changes_in_one_line_are_asked_about_one_by_one():
    result = parse("1234 eta 14:30 port Sarnia")
    assert isinstance(result, Unclear)
    assert result.suggestions[:2] == ("/load 1234 eta 14:30", "/load 1234 port Sarnia")
    result = parse("/load 1234 importer Trailer Supply")
    assert isinstance(result, Command)
    assert result.words == ("Trailer", "Supply")


def test_help_is_said_in_the_language_of_the_reader_and_in_english_without_a_translation():
    verb = BY_NAME["load"].verb("why")
    with speaking("fr"):
        assert language() == "fr"
        assert verb.help == verb.about
        assert [ngettext("{n} load", "{n} loads", n).format(n=n) for n in (1, 2)] == ["1 load", "2 loads"]
    assert language() == "en"


def test_tables_name_only_what_is_there():
    names = {noun.name for noun in NOUNS}
    assert set(BARE.values()) <= names
    assert set(LOAD_COLUMNS) == set(BY_NAME["load"].verb("add").keys)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/laod list", "/load list"),
        ("laod list", "/load list"),
        ("/hodl list", "/hold list"),
        ("/prot list", "/port list"),
    ],
)
def test_a_misspelled_noun_before_one_of_its_verbs_is_put_right(typed, line):
    assert parse(typed) == parse(line)


def test_a_misspelled_noun_never_writes_on_a_guess():
    said = parse("/raute here")
    assert isinstance(said, Unclear) and said.suggestions[0] == "/route here"
