"""Finds the table's words in a line, and the nearest ones to words that are not in it."""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from handlers.nouns import NOUNS
from handlers.phrases import BARE, FILLERS, NEAR, POLITE, QUESTION
from handlers.tokens import Token, numberish, plain

_NOUNS = {word: noun.name for noun in NOUNS for word in (*noun.also, noun.name)}


def _norm(phrase: str) -> tuple[str, ...]:
    return tuple(plain(word).norm for word in phrase.split())


_PHRASES: dict[str, dict[tuple[str, ...], str]] = {
    noun.name: {_norm(phrase): verb.name for verb in reversed(noun.verbs) for phrase in (*verb.also, verb.name)}
    for noun in NOUNS
}
_PHRASES["bare"] = {_norm(phrase): phrase for phrase in BARE}
_LONGEST = max(len(phrase) for table in _PHRASES.values() for phrase in table)
_SPELLED = {
    name: sorted({word for phrase in table for word in phrase if len(word) > 2 and word not in FILLERS})
    for name, table in _PHRASES.items()
}


def noun_of(word: str) -> str | None:
    """The noun that a first word names."""
    return _NOUNS.get(word)


def phrase_at(noun: str, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """The verb of the noun whose words stand at a place (the longest), and how many words it takes."""
    table = _PHRASES[noun]
    for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
        verb = table.get(tuple(t.norm for t in tokens[at : at + length]))
        if verb is not None:
            return verb, length
    return None


def of_party(tokens: Sequence[Token]) -> list[Token]:
    """The line with its noun, where it speaks of CARM and holds neither a noun nor a number: it is about a party."""
    if noun_of(tokens[0].norm) or any(map(numberish, tokens)):
        return list(tokens)
    found = filter(None, (phrase_at("shipper", tokens, i) for i in range(min(len(tokens), 8))))
    return [plain("shipper"), *tokens] if any("carm" in verb for verb, _words in found) else list(tokens)


def nearest(word: str, choices: Sequence[str]) -> str | None:
    """The choice that a word misspells: one slip in a short word, two in a long one."""
    if not 3 <= len(word) <= 20 or not word.isalpha():
        return None
    found = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=1 if len(word) < 6 else 2)
    return found[0] if found and len(found[0]) > 2 and found[0][0] in word[:2] else None


def respelled(noun: str, tokens: Sequence[Token], *, explicit: bool) -> list[Token] | None:
    """The line with its first misspelled verb or noun put right; None when none is near one."""
    choices = list(_SPELLED[noun])
    if not explicit:
        choices += [*_NOUNS, *_SPELLED["bare"]]
    for i, token in enumerate(tokens[:8]):
        if i == 0 and explicit:
            continue
        if token.norm in FILLERS | QUESTION | POLITE or not token.norm or numberish(token):
            continue
        if noun not in ("load", "feed", "route", "hold") and len(tokens) > 2:
            return None  # a name of several words may hold any word
        found = NEAR.get(token.norm) if noun == "load" else None
        found = found or nearest(token.norm, choices if i == 0 else _SPELLED[noun])
        if found and found != token.norm:
            return [*tokens[:i], *(plain(w) for w in found.split()), *tokens[i + 1 :]]
    return None


def misnamed(tokens: Sequence[Token]) -> list[Token] | None:
    """The line with its misspelled noun put right where one of that noun's verbs comes next; None when none is near."""
    first = tokens[0]
    if len(tokens) < 2 or not first.norm or first.norm in _NOUNS or numberish(first) or phrase_at("load", tokens, 0):
        return None
    near = nearest(first.norm, list(_NOUNS))
    return [plain(near), *tokens[1:]] if near and phrase_at(_NOUNS[near], tokens, 1) else None
