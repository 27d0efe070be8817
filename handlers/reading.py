"""Gives each word of a typed line its part: noun, subject, verb, words, pairs."""

import re
from dataclasses import dataclass, field

from handlers.nouns import BY_NAME, After, Noun, Verb
from handlers.phrases import BARE, FILLERS, NEGATION, POLITE, QUESTION, REQUEST, SPOKEN
from handlers.tokens import Token, clean, lex, number_at, numberish, plain, shipment_of
from handlers.vocabulary import noun_of, phrase_at

_MENTION = re.compile(r"<@[A-Z0-9]+(\|[^>]*)?>[:,]?|@holdwatch\w*[:,]?", re.IGNORECASE)
_SLASH_WORD = re.compile(r"/+([^\s@/]*)(@\w+)?", re.DOTALL)
_HEAD = re.compile(r"(/?[A-Za-z]+):(\S.*)", re.DOTALL)
_LEADING = frozenset({"at", "to", "is", "was", "were", "for"})
_LINK = frozenset({"of", "for", "on", "load", "number", "nr", "is", "the", "my", "our", "in", "it"})
_TAIL = frozenset({"for", "on", "load", "of"})


@dataclass(slots=True)
class Draft:
    """A line on its way. `odd` are words beside the subject that were neither understood nor empty.

    `quiet`: only the command is wanted, no lines to suggest.
    """

    noun: Noun
    explicit: bool
    thread: bool
    asked: bool
    before: list[Token] = field(default_factory=list)
    verb: Verb | None = None
    after: list[Token] = field(default_factory=list)
    subject: str = ""
    forced: bool = False
    shipment: str = ""
    words: list[Token] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    odd: list[Token] = field(default_factory=list)
    denied: bool = False
    defaulted: bool = False
    quiet: bool = False

    @property
    def load(self) -> bool:
        return self.noun.name == "load"


def front(tokens: list[Token]) -> tuple[list[Token], bool]:
    """Takes mention and slash off the front of a line; says whether a slash stood there."""
    slashed = False
    for _turn in range(4):
        if not tokens or not tokens[0].norm:
            break
        head, rest = tokens[0], tokens[1:]
        if _MENTION.fullmatch(head.text) or (head.norm == "holdwatch" and rest):
            tokens = rest
        elif (found := _HEAD.fullmatch(head.text)) and _known(found.group(1).lstrip("/").casefold()):
            tokens = [plain(found.group(1)), *lex(found.group(2)), *rest]
        elif found := _SLASH_WORD.fullmatch(head.text):
            name = found.group(1)
            slashed = name.casefold() != "holdwatch"
            tokens = [*(plain(w) for w in name.split("_") if w), *rest] if slashed else rest
        else:
            break
    return tokens, slashed


def _known(word: str) -> bool:
    return noun_of(word) is not None or phrase_at("load", [plain(word)], 0) is not None


def divide(tokens: list[Token], *, slashed: bool, thread: bool) -> Draft:
    """Decides the noun and splits the line at its verb."""
    asked = tokens[-1].raw.endswith("?") and not tokens[-1].forced
    if tokens[0].norm in REQUEST and len(tokens) > 2 and tokens[1].norm == "you":
        tokens, asked = tokens[2:], False
    name, rest = noun_of(tokens[0].norm), tokens[1:]
    explicit, as_load = name is not None, phrase_at("load", tokens, 0)
    if name and as_load and _about_load(name, rest, in_thread=thread and not slashed):
        name, rest, explicit = "load", tokens, False
    elif name == "hold" and rest and numberish(rest[0]):
        name = "load"
    elif name is None:
        bare = None if as_load else phrase_at("bare", tokens, 0)
        name, rest = (BARE[bare[0]] if bare else "load"), tokens
    if name == "load" and rest and rest[0].norm in QUESTION:
        asked = True
    draft = Draft(BY_NAME[name], explicit, thread, asked)
    _split(draft, rest)
    return draft


def _about_load(name: str, rest: list[Token], *, in_thread: bool) -> bool:
    """Whether `driver …` sets the driver of a load rather than speaks of a driver."""
    if any(phrase_at(name, rest, i) for i in range(min(len(rest), 8))):
        return False
    return bool(rest) and (in_thread or (len(rest) > 1 and numberish(rest[0]) and not rest[1].key))


def _split(draft: Draft, rest: list[Token]) -> None:
    name, i = draft.noun.name, 0
    while i < len(rest):
        if draft.load and not draft.before and (end := number_at(rest, i)[1]) > i + 1 and _pasted(rest, i, end):
            draft.before.extend(rest[i:end])
            i = end
            continue
        found = phrase_at(name, rest, i)
        if found is None:
            draft.before.append(rest[i])
            i += 1
            continue
        verb, start = draft.noun.verb(found[0]), i + found[1]
        if _only_says_what(draft, verb, rest, start) or (_weak(found[0], rest[i]) and _later(name, rest, start)):
            i = start
            continue
        draft.verb, draft.after = verb, rest[start:]
        return


def _pasted(rest: list[Token], start: int, end: int) -> bool:
    """Whether `77YY PARS 10001` is one number pasted with blanks: a carrier's code has four characters."""
    code = rest[start].text
    return end - start > 1 and len(code) == 4 and code.isalnum() and not code.isdigit()


def _weak(verb: str, token: Token) -> bool:
    return verb == "status" and token.norm not in ("status", "stat")


def _later(name: str, rest: list[Token], start: int) -> bool:
    return any(phrase_at(name, rest, j) for j in range(start, min(len(rest), start + 6)))


def _only_says_what(draft: Draft, verb: Verb, rest: list[Token], start: int) -> bool:
    """Whether `pars 77YY…` has nothing to set, and so only says what kind of number follows."""
    if not verb.names or any(numberish(t) or t.forced for t in draft.before):
        return False
    end = number_at(rest, start)[1]
    if end == start:
        return False
    return (end == len(rest) and not draft.thread) or phrase_at("load", rest, end) is not None


def settle(draft: Draft) -> None:
    """Fills subject, shipment, words and pairs from the words before and after the verb."""
    if draft.verb is None:
        draft.defaulted = True
        anything = any(not t.key for t in draft.before)
        draft.verb = draft.noun.verb(draft.noun.default if anything else draft.noun.alone)
    elif draft.asked and draft.verb.writes and draft.load and not _is_text(draft):
        draft.before, draft.after = draft.before + draft.after, []
        draft.verb, draft.defaulted = draft.noun.verb("status"), True
    text = draft.verb.after is After.TEXT
    if draft.load:
        draft.before = _take_shipment(draft, draft.before)
        draft.after = draft.after if text else _take_shipment(draft, draft.after)
    draft.pairs = [(t.key, t.text) for t in draft.before if t.key]
    draft.before = [t for t in draft.before if not t.key]
    if not text:
        draft.pairs += [(t.key, t.text) for t in draft.after if t.key]
        draft.after = [t for t in draft.after if not t.key]
    if draft.verb.after is After.WORDS:
        draft.words = _polished(draft.before + draft.after)
        return
    _subject_before(draft, loose=not draft.explicit)
    if not draft.subject and not draft.forced:
        _subject_after(draft)
    else:
        draft.words = draft.after
    if not text:
        draft.denied = draft.denied or any(t.norm in NEGATION for t in draft.words[:2])
        draft.words = _whole_numbers(_polished(draft.words)) if draft.verb.names else _polished(draft.words)
        _spoken(draft)


def _is_text(draft: Draft) -> bool:
    """Whether a question mark belongs to a note rather than to the line."""
    return draft.verb is not None and draft.verb.after is After.TEXT


def _take_shipment(draft: Draft, tokens: list[Token]) -> list[Token]:
    for i, token in enumerate(tokens):
        if not draft.shipment and (shipment := shipment_of(token)):
            draft.shipment = shipment
            return [*tokens[:i], *tokens[i + 1 :]]
    return tokens


def _subject_before(draft: Draft, *, loose: bool = False) -> None:
    """The subject from the words before the verb; `loose`: without a number among them there is none."""
    tokens = draft.before
    draft.forced = any(t.forced for t in tokens)
    draft.denied = draft.denied or any(t.norm in NEGATION for t in tokens)
    if draft.load and not any(t.forced and not t.hashed for t in tokens):
        real = [t for t in tokens if t.hashed or t.norm not in FILLERS | POLITE | QUESTION]
        numbers = _numbers(real)
        draft.odd = [t for t in real if t not in numbers] if numbers or not draft.explicit else []
        by_number = not draft.explicit or draft.asked or (draft.defaulted and numbers[:1] == real[:1])
        tokens = numbers if by_number and (numbers or loose) else real
    elif not draft.forced:
        tokens = _polished(tokens)
    glue = "" if any(t.norm in ("pars", "paps") for t in tokens[1:]) else " "
    draft.subject = glue.join(clean(t) for t in tokens) if draft.load else _forced(tokens)


def _forced(tokens: list[Token]) -> str:
    return " ".join(t.text if t.forced else clean(t) for t in tokens)


def _numbers(tokens: list[Token]) -> list[Token]:
    """The words of the first number: `77YY PARS 10001`, `14234 123456789`, `1234`."""
    kept: list[Token] = []
    for token in tokens:
        if numberish(token) or (kept and token.norm in ("pars", "paps")):
            kept.append(token)
        elif kept:
            break
    return kept


def _subject_after(draft: Draft) -> None:
    verb, after = draft.verb, draft.after
    assert verb is not None  # settle has set it
    for i, token in enumerate(after[: 1 if verb.after is After.TEXT else None]):
        if token.hashed:
            draft.subject, draft.words = token.text, [*after[:i], *after[i + 1 :]]
            return
    if not draft.load:
        _name_after(draft, verb)
        return
    skipped = 0
    while skipped < len(after) and after[skipped].norm in _LINK:
        skipped += 1
    number, end = number_at(after, skipped)
    if draft.thread and verb.writes:
        number = ""
    if number and verb.after is not After.SUBJECT:
        draft.subject, draft.words = number, after[end:]
    elif verb.after is After.SUBJECT and not (draft.thread and (verb.writes or not number)):
        draft.before = after
        _subject_before(draft)
    elif verb.after is After.VALUE and len(after) > 2 and after[-2].norm in _TAIL and numberish(after[-1]):
        draft.subject, draft.words = clean(after[-1]), after[:-2]
    else:
        draft.words = after if verb.writes else []


def _name_after(draft: Draft, verb: Verb) -> None:
    after = _polished(draft.after)
    if verb.after is After.SUBJECT:
        draft.subject = _forced(after)
    elif after:
        draft.subject, draft.words = clean(after[0]), after[1:]


def _polished(tokens: list[Token]) -> list[Token]:
    """Without the politeness at the end, the small words at the front and the sentence's last stop."""
    start, end = 0, len(tokens)
    while end > start and tokens[end - 1].norm in POLITE:
        end -= 1
    while start < end - 1 and tokens[start].norm in _LEADING:
        start += 1
    kept = tokens[start:end]
    if kept and kept[-1].norm:
        kept[-1] = plain(kept[-1].text.rstrip("?!,;:") or kept[-1].text)
        if kept[-1].norm.replace(":", "").isdigit():
            kept[-1] = plain(kept[-1].text.rstrip("."))
    return kept


def _whole_numbers(tokens: list[Token]) -> list[Token]:
    """The words with numbers that were pasted with blanks made whole."""
    made: list[Token] = []
    i = 0
    while i < len(tokens):
        number, end = number_at(tokens, i)
        pasted = number and _pasted(tokens, i, end)
        made.append(plain(number) if pasted else tokens[i])
        i = end if pasted else i + 1
    return made


def _spoken(draft: Draft) -> None:
    """`by Maria PCB` is `by="Maria PCB"` where the verb has that key."""
    assert draft.verb is not None  # settle has set it
    words: list[Token] = []
    key, said = "", list[str]()
    for token in draft.words:
        name = "until" if token.norm == "till" else token.norm
        if name in draft.verb.keys and token.norm in SPOKEN:
            draft.pairs += [(key, " ".join(said))] if said else []
            key, said = name, []
        elif key:
            said.append(token.text)
        else:
            words.append(token)
    if said:
        draft.pairs.append((key, " ".join(said)))
    draft.words = words
