"""What dispatchers type becomes the command they mean, or a question; a write is never guessed."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.grammar import Command, Unclear, parse
from handlers.nouns import ABSENT, BARE, BY_NAME, LOAD_COLUMNS, NOUNS, After, Noun, Role, Verb, lines
from handlers.words import language, ngettext, speaking

TRIES = [
    line
    for line in (Path(__file__).parent / "first_tries.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


def typed(line: str) -> tuple[str, bool, str]:
    text, _arrow, meant = line.partition(" => ")
    while not meant.startswith(("/", "? ")) and " => " in meant:
        more, _arrow, meant = meant.partition(" => ")
        text += " => " + more
    thread = text.startswith("thread: ")
    return text.removeprefix("thread: "), thread, meant


def test_there_are_at_least_sixty_first_tries():
    assert len(TRIES) >= 60


@pytest.mark.parametrize("line", TRIES)
def test_a_first_try_is_understood_or_answered_with_the_line_it_means(line):
    text, thread, meant = typed(line)
    result = parse(text, thread_subject=thread)
    if meant.startswith("? "):
        assert isinstance(result, Unclear)
        assert meant[2:] in result.suggestions
        assert result.sentence
    else:
        expected = parse(meant, thread_subject=thread)
        assert isinstance(expected, Command)
        assert result == expected
        assert thread or result.line() == meant


NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", " ", '"', '""', "'", "\\", '\\"', "a\\", "=", "by=", "by=x", "=>", "A=>B", "#", "#12", "…124", "...9",
         "?", "1234?", "status", "got it", "got", "not", "filed", "not filed", "until", "by", "load", "/load",
         "@holdwatch", "<@U1>", "–", "a\nb", "\n", "\u00a0", "\u200b", "\u202e", "🚚", "“x”", "«", "pars", "1234",
         "PARS", "14:30", "please", "thanks", "help", "mine", "call", "on", "is", "-", "~k3f9", "load:1", "A", "ﬁ", "é",
         "İ", "\x00", "for", "http://a/?b=c", "eta", "broker"]
    ),
)  # fmt: skip


@st.composite
def commands(draw):
    noun, verb = draw(st.sampled_from(list(lines())))
    subject = draw(NASTY) if verb.subject else ""
    words = tuple(draw(st.lists(NASTY, max_size=4)))
    keys = st.sampled_from(verb.keys) if verb.keys else st.nothing()
    pairs = draw(st.lists(st.tuples(keys, NASTY), max_size=3)) if verb.keys else []
    shipment = draw(st.sampled_from(["", "124", "AB-1"])) if noun.name == "load" else ""
    return Command(noun.name, subject, verb.name, words, tuple(pairs), shipment)


@settings(max_examples=250, deadline=None)
@given(commands(), st.booleans())
def test_the_line_of_a_command_is_read_back_as_that_command(command, thread):
    assert parse(command.line(), thread_subject=thread) == command


@settings(max_examples=150, deadline=None)
@given(commands())
def test_the_line_written_all_in_quotes_is_read_back_too(command):
    assert parse(command._spell(bare=False)) == command


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(NASTY, st.text(max_size=12)), max_size=12).map(" ".join), st.booleans())
def test_any_line_gives_a_command_that_can_be_typed_or_a_sentence_with_lines_that_can(text, thread):
    result = parse(text, thread_subject=thread)
    if isinstance(result, Command):
        assert parse(result.line(), thread_subject=thread) == result
    else:
        assert result.sentence
        assert result.suggestions
        for line in result.suggestions:
            assert isinstance(parse(line, thread_subject=thread), Command), line


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40), st.integers(1, 5000), st.booleans())
def test_any_text_up_to_five_thousand_characters_is_read_in_bounded_time(piece, size, thread):
    text = (piece * (size // len(piece) + 1))[:5000]
    begun = time.perf_counter()
    parse(text, thread_subject=thread)
    assert time.perf_counter() - begun < 1.0


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        '" ',
        "“ ",
        '\\" ',
        '"\\',
        "a=",
        'a=" ',
        "#",
        "1 ",
        "pars 1 ",
        "not ",
        "load:",
        "/holdwatch ",
        "got ",
        "« ",
        "relased ",
    ],
)
def test_hostile_repetition_is_read_in_bounded_time(piece):
    begun = time.perf_counter()
    for text in ((piece * 5000)[:5000], "/load 1 " + (piece * 5000)[:4900], "/load 1 note " + (piece * 5000)[:4900]):
        parse(text)
        parse(text, thread_subject=True)
    assert time.perf_counter() - begun < 2.0


def test_a_line_too_long_is_refused_with_something_to_type():
    result = parse("x" * 30_000)
    assert isinstance(result, Unclear)
    assert result.suggestions == ("/help",)


@pytest.mark.parametrize(("noun", "verb"), list(lines()), ids=lambda x: x.name)
def test_every_verb_has_help_and_an_example_that_is_that_verb(noun: Noun, verb: Verb):
    command = parse(verb.example)
    assert isinstance(command, Command)
    assert (command.noun, command.verb) == (noun.name, verb.name)
    assert command.line() == verb.example
    assert verb.help
    assert "\n" not in verb.help


@pytest.mark.parametrize(("noun", "verb"), list(lines()), ids=lambda x: x.name)
def test_every_synonym_of_a_verb_is_that_verb(noun: Noun, verb: Verb):
    subject = "1234 " if noun.name == "load" and verb.subject else ""
    for also in verb.also:
        command = parse(f"/{noun.name} {subject}{also}")
        assert isinstance(command, Command), also
        assert (command.noun, command.verb) == (noun.name, verb.name), also


def test_no_line_without_a_verb_changes_anything():
    for noun in NOUNS:
        assert not noun.verb(noun.default).writes
        assert not noun.verb(noun.alone).writes


def test_what_changes_something_is_for_dispatchers_or_the_drivers_own_load_and_admins():
    for _noun, verb in lines():
        if verb.writes:
            assert verb.role in (Role.DRIVER, Role.DISPATCHER, Role.ADMIN) or verb.name == "link"
    drivers = {(n.name, v.name) for n, v in lines() if v.role is Role.DRIVER}
    assert drivers == {("load", "status"), ("load", "eta"), ("load", "crossed")}


@pytest.mark.parametrize(
    "verb", [v for n, v in lines() if n.name == "load" and v.writes and v.after is not After.TEXT], ids=lambda v: v.name
)
def test_a_question_about_a_load_never_changes_it(verb: Verb):
    for text in (
        f"1234 {verb.name}?",
        f"is 1234 {verb.name}",
        f"has 1234 {verb.name} by Maria?",
        f"/load 1234 {verb.name}?",
    ):
        result = parse(text)
        assert isinstance(result, Command), text
        assert (result.subject, result.spec.writes) == ("1234", False), text


@pytest.mark.parametrize(
    "verb", [v for n, v in lines() if n.name == "load" and v.writes and v.name != "not filed"], ids=lambda v: v.name
)
def test_a_not_never_becomes_its_opposite(verb: Verb):
    for text in (
        f"1234 not {verb.name}",
        f"1234 isn't {verb.name}",
        f"not {verb.name} 1234",
        f"/load 1234 hasn’t {verb.name}",
    ):
        result = parse(text)
        assert isinstance(result, Unclear) or not result.spec.writes or result.verb == "not filed", text


def slips(word: str) -> list[str]:
    swapped = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)]
    dropped = [word[:i] + word[i + 1 :] for i in range(1, len(word))]
    return [w for w in {*swapped, *dropped} if w != word and " " not in w[:2]]


@pytest.mark.parametrize(
    "word", ["released", "accepted", "crossed", "cancel", "papers", "broker", "driver", "importer", "renumber"]
)
def test_a_write_never_takes_the_nearest(word):
    for slip in slips(word):
        for text in (f"1234 {slip}", f"{slip} 1234", f"/load 1234 {slip}", f"/load {slip} 1234"):
            result = parse(text)
            assert isinstance(result, Unclear) or not result.spec.writes, text


def test_a_number_with_a_misspelled_reading_verb_is_read():
    for slip in slips("status"):
        for text in (f"1234 {slip}", f"/load {slip} 1234"):
            assert parse(text) == Command("load", "1234", "status"), text


def test_a_number_with_any_word_never_ends_in_unknown():
    for word in ("xyzzy", "asdf", "kaput", "blah blah", "cleared to go"):
        result = parse(f"1234 {word}")
        assert result == Command("load", "1234", "status") or isinstance(result, Unclear)
        assert isinstance(result, Command) or "/load 1234 status" in result.suggestions


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
