"""What was typed, as a command: `/<noun> [subject] [verb] [words…] [key=value…]` in any reasonable order (DESIGN 4)."""

import re
from dataclasses import dataclass

from handlers.nouns import BY_NAME, After, Noun, Verb
from handlers.phrases import ABSENT, KEY_ALSO, WHOLE
from handlers.reading import Draft, divide, front, settle
from handlers.tokens import Token, clean, lex, numberish, quote
from handlers.vocabulary import misnamed, nearest, of_party, phrase_at, respelled
from handlers.words import _

_BARE_WORD = re.compile(r"[A-Za-z0-9~@+<-][A-Za-z0-9~@+/_.:<>|-]*")
_SHIPMENT = re.compile(r"[A-Z0-9-]{1,25}")
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Command:
    """A line understood. `shipment` holds the last characters of one shipment's number, '' for the whole load."""

    noun: str
    subject: str
    verb: str
    words: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    shipment: str = ""

    def __post_init__(self) -> None:
        spec = self.spec
        if self.subject and not spec.subject:
            raise ValueError(f"{self.noun} {self.verb} takes no subject")
        if self.shipment and (self.noun != "load" or not _SHIPMENT.fullmatch(self.shipment)):
            raise ValueError(f"{self.shipment!r} is not the end of a shipment's number")
        for key, _value in self.pairs:
            if key not in spec.keys:
                raise ValueError(f"{self.noun} {self.verb} takes no {key}=")

    @property
    def spec(self) -> Verb:
        """The row of the table that says what this line does and who may type it."""
        return BY_NAME[self.noun].verb(self.verb)

    def value(self, key: str) -> str | None:
        """The last value given for a key; None when it was not given."""
        return next((v for k, v in reversed(self.pairs) if k == key), None)

    def line(self) -> str:
        """What to type for exactly this command: short where that is read back alike, else all in quotes."""
        short = self._spell(bare=True)
        if all(_read(short, thread=thread, quiet=True) == self for thread in (False, True)):
            return short
        return self._spell(bare=False)

    def _spell(self, *, bare: bool) -> str:
        def word(text: str) -> str:
            return text if bare and _BARE_WORD.fullmatch(text) else quote(text)

        parts = ["/" + self.noun]
        if self.subject or (self.spec.subject and not bare):
            parts.append(word(self.subject))
        if self.shipment:
            parts.append("…" + self.shipment)
        if self.verb != "show" or self.words or self.pairs or not bare:
            parts.append(self.spec.short if bare and self.pairs and self.spec.short else self.verb)
        parts.extend(word(w) for w in self.words)
        parts.extend(f"{key}={word(value)}" for key, value in self.pairs)
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A line not understood, or one that would change something on a guess. `suggestions` are whole lines to type."""

    sentence: str
    suggestions: tuple[str, ...]


_NOTHING = Unclear("", ())


def parse(text: str, *, thread_subject: bool = False) -> Command | Unclear:
    """The command that a line means. In the thread of a load's post a line needs no subject: it is left ''."""
    if len(text) > LONGEST:
        return Unclear(_("That line is too long; nothing was changed."), ("/help",))
    return _read(text, thread=thread_subject, quiet=False)


def _read(text: str, *, thread: bool, quiet: bool) -> Command | Unclear:
    tokens, slashed = front(lex(text))
    return _parse(tokens, slashed=slashed, thread=thread, respell=True, quiet=quiet)


def _parse(tokens: list[Token], *, slashed: bool, thread: bool, respell: bool, quiet: bool) -> Command | Unclear:
    if not tokens or (len(tokens) == 1 and tokens[0].raw == "?"):
        return Command("load", "", "status") if thread and not slashed else Command("help", "", "show")
    whole = " ".join(t.norm for t in tokens) if len(tokens) < 4 and all(t.norm for t in tokens) else ""
    if whole in WHOLE and not (thread and phrase_at("load", tokens, 0)):
        return parse(WHOLE[whole])
    draft = divide(tokens if thread else of_party(tokens), slashed=slashed, thread=thread)
    draft.quiet = quiet
    if draft.verb and draft.verb.keyed and any(t.key and t.key not in draft.verb.keys for t in tokens):
        draft.verb = draft.noun.verb(draft.verb.keyed)
    if draft.explicit and len(tokens) == 2 and tokens[1].norm in ("help", "h"):
        return Command("help", draft.noun.name, "show")
    if absent := _absent(draft):
        return absent
    if respell and not draft.explicit and not draft.forced and (mended := misnamed(tokens)):
        found = _parse(mended, slashed=slashed, thread=thread, respell=False, quiet=quiet)
        return _guessed(found, tokens, draft)
    if draft.verb is None and respell:
        mended = respelled(draft.noun.name, tokens, explicit=draft.explicit)
        if mended and quiet:
            return _NOTHING
        if mended:
            found = _parse(mended, slashed=slashed, thread=thread, respell=False, quiet=False)
            return _guessed(found, tokens, draft)
    settle(draft)
    return _strange(draft, tokens) or _unsafe(draft, tokens) or _double(draft, tokens) or _keyed(draft)


def _typed(tokens: list[Token]) -> str:
    text = " ".join(t.raw for t in tokens[:20])
    return text if len(text) <= 60 else text[:59] + "…"


def _lines(draft: Draft, *commands: Command) -> tuple[str, ...]:
    """Lines to type; in a load's thread those about it go without the noun, as Slack takes no slash there."""
    if draft.quiet:
        return ()
    shown, thread = [], draft.thread
    for command in commands:
        line = command.line()
        bare = line.removeprefix("/load ")
        short = thread and not command.subject and _read(bare, thread=True, quiet=True) == command
        shown.append(bare if short else line)
    return tuple(dict.fromkeys(shown))


def _absent(draft: Draft) -> Unclear | None:
    """The answer to a word that has no line here, before any verb that has one."""
    words = ABSENT.get(draft.noun.name, {})
    if not draft.explicit and not any(numberish(t) for t in draft.before):
        words = words | ABSENT[""]
    at = next((i for i, t in enumerate(draft.before[:6]) if t.norm in words), None)
    if at is None:
        return None
    if draft.quiet:
        return _NOTHING
    word, others = draft.before[at].norm, [*draft.before[:at], *draft.before[at + 1 :]]
    numbers = [t for t in others if numberish(t)][:1]
    rest = [t for t in [*draft.before[at + 1 :], *draft.after] if t not in numbers]
    subject = " ".join(clean(t) for t in (numbers if draft.load else draft.before[:at]))
    line = " ".join(words[word].format(subject, " ".join(t.raw for t in rest)).split())
    instead = parse(line, thread_subject=draft.thread)
    sentence = _("There is no line “{word}”, and nothing was changed. What helps:").format(word=word)
    return Unclear(sentence, _lines(draft, instead) if isinstance(instead, Command) else (line,))


def _guessed(result: Command | Unclear, tokens: list[Token], draft: Draft) -> Command | Unclear:
    """A guess may read; it never writes."""
    if isinstance(result, Unclear) or not result.spec.writes:
        return result
    sentence = _("“{typed}” is not quite a line, and it would change something, so nothing was done. Did you mean:")
    also = [Command("load", result.subject, "status")] if result.noun == "load" else []
    return Unclear(sentence.format(typed=_typed(tokens)), _lines(draft, result, *also))


def _strange(draft: Draft, tokens: list[Token]) -> Unclear | None:
    """The answer to words in which there is neither a verb nor a number."""
    if draft.explicit or not draft.defaulted or draft.forced or draft.pairs or draft.shipment or not draft.load:
        return None
    if any(numberish(t) for t in draft.before) or (draft.thread and not draft.odd):
        return None
    sentence = _("“{typed}” is not a line I know; nothing was changed. For instance:").format(typed=_typed(tokens))
    return Unclear(sentence, ("status", "got it") if draft.thread else ("/load 1234 status", "/hold list", "/help"))


def _unsafe(draft: Draft, tokens: list[Token]) -> Unclear | None:
    """The answer to a line that would change something but says more, or other, than was understood."""
    verb = draft.verb
    if verb is None or not verb.writes or not draft.load:
        return None
    digits = [w.text for w in draft.words]
    pasted = verb.names and not draft.explicit and not draft.thread and len(draft.subject) == 4 and len(digits) == 1
    if draft.denied:
        sentence = _("“{typed}”: a “not” that I can't place, so nothing was changed. Type one of:")
        others = ["not filed"]
    elif draft.odd and not draft.forced:
        sentence = _("“{typed}” would change something, and I understand it only in part. Nothing was done. Try:")
        others = [verb.name]
    elif pasted and digits[0].isdigit() and draft.subject.isdigit():
        sentence = _("“{typed}”: one number, or a number for load {load}? Nothing was changed. Type one of:")
        others = [verb.name]
    else:
        return None
    subject = draft.subject if any(c.isdigit() or c == "~" for c in draft.subject) else ""
    words = tuple(digits) if verb.after is After.VALUE and not draft.denied else ()
    commands = [Command("load", subject, "status")]
    commands += [Command("load", subject, name, words) for name in others]
    if pasted and not draft.odd and not draft.denied:
        commands[0] = Command("load", subject + verb.name.upper() + digits[0], "status")
    return Unclear(sentence.format(typed=_typed(tokens), load=subject), _lines(draft, *commands))


def _double(draft: Draft, tokens: list[Token]) -> Unclear | None:
    """The answer to two changes in one line."""
    verb = draft.verb
    if verb is None or not draft.load or not verb.writes or verb.after is not After.VALUE:
        return None
    for i in range(1, min(len(draft.words) - 1, 8)):
        found = phrase_at("load", draft.words, i)
        other = draft.noun.verb(found[0]) if found else verb
        if found is None or other.after is not After.VALUE or not other.writes:
            continue
        texts = [_value(t) for t in draft.words]
        first = Command("load", draft.subject, verb.name, tuple(texts[:i]))
        second = Command("load", draft.subject, other.name, tuple(texts[i + found[1] :]))
        together = Command("load", draft.subject, verb.name, (" ".join(t.text for t in draft.words),))
        sentence = _("“{typed}” is two changes at once, and nothing was done. Type one, then the other:")
        return Unclear(sentence.format(typed=_typed(tokens)), _lines(draft, first, second, together))
    return None


def _value(token: Token) -> str:
    return token.text if token.forced else token.text.rstrip(",;") or token.text


def _keyed(draft: Draft) -> Command | Unclear:
    """The command, when its verb takes all the keys given."""
    verb = draft.verb
    if verb is None:
        raise AssertionError("settle gives every draft a verb")
    text = verb.after is After.TEXT
    words = tuple(t.raw if text else _value(t) for t in draft.words)
    pairs = [(k if k in verb.keys else KEY_ALSO.get(k, k), v) for k, v in draft.pairs]
    strange = [k for k, _v in pairs if k not in verb.keys]
    if strange and draft.defaulted:
        return _verb_of_keys(draft, pairs)
    if strange:
        return _strange_key(draft, verb, words, pairs, strange[0])
    return Command(draft.noun.name, draft.subject, verb.name, words, tuple(pairs), draft.shipment)


def _strange_key(draft: Draft, verb: Verb, words: tuple[str, ...], pairs: list[tuple[str, str]], key: str) -> Unclear:
    near = nearest(key, verb.keys)
    kept = tuple((near if k == key and near else k, v) for k, v in pairs)
    kept = tuple((k, v) for k, v in kept if k in verb.keys)
    command = Command(draft.noun.name, draft.subject, verb.name, words, kept, draft.shipment)
    if verb.keys:
        sentence = _("“{noun} {verb}” takes no {key}=, and nothing was changed. It takes {keys}. Try:")
    else:
        sentence = _("“{noun} {verb}” takes no {key}=, and nothing was changed. Try:")
    keys = ", ".join(f"{k}=" for k in verb.keys)
    return Unclear(sentence.format(noun=draft.noun.name, verb=verb.name, key=key, keys=keys), _lines(draft, command))


def _verb_of_keys(draft: Draft, pairs: list[tuple[str, str]]) -> Command | Unclear:
    """Keys without a verb: a list, one value, or a question which line was meant."""
    noun, keys = draft.noun, {k for k, _v in pairs}
    if draft.load and not draft.subject and not draft.thread and keys <= set(noun.verb("list").keys):
        return Command("load", "", "list", (), tuple(pairs))
    if draft.load and len(pairs) == 1 and (only := _value_verb(noun, pairs[0][0])):
        return Command("load", draft.subject, only.name, (pairs[0][1],), (), draft.shipment)
    commands = [
        Command(noun.name, draft.subject if verb.subject else "", verb.name, (), tuple(pairs))
        for verb in noun.verbs
        if keys <= set(verb.keys)
    ]
    names = ", ".join(sorted(f"{k}=" for k in keys))[:80]
    sentence = _("{keys} of {noun} {subject}: for which line? Nothing was changed. Try:")
    lines = _lines(draft, *commands[:3]) or (f"/help {noun.name}",)
    return Unclear(sentence.format(keys=names, noun=noun.name, subject=draft.subject[:40]), lines)


def _value_verb(noun: Noun, key: str) -> Verb | None:
    name = {"papers": "papers sent"}.get(key, key)
    return next((v for v in noun.verbs if v.name == name and v.after is After.VALUE), None)
