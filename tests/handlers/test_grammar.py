"""What dispatchers type becomes the command they mean, or a question; a write is never guessed."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.grammar import Command, Unclear, parse
from handlers.nouns import NOUNS, After, Noun, Role, Verb, lines
from tests.patience import costs

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
    assert costs(lambda: parse(text, thread_subject=thread), 1.0)


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
    for text in ((piece * 5000)[:5000], "/load 1 " + (piece * 5000)[:4900], "/load 1 note " + (piece * 5000)[:4900]):
        for thread in (False, True):
            assert costs(lambda text=text, thread=thread: parse(text, thread_subject=thread), 1.0)


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
    assert drivers == {("load", "status"), ("load", "eta"), ("load", "papers sent"), ("load", "crossed")}


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
