"""A typed line as words: quotes, key=value, mended dashes and blanks. No meaning yet."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

_MEND: dict[int, int | str | None] = {ord(c): "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"}
_MEND |= {ord(c): "'" for c in "\u2018\u2019\u201a\u201b\u02bc"}
_MEND |= dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xAD])
_MEND |= {0xFF01 + i: 0x21 + i for i in range(0x5E)}

_CLOSERS = {'"': '"', "“": '”“"', "”": '”"', "„": '“”"', "«": "»"}
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9_]*)=(?!>)")
_EDGE = ".,;:!?()"
_STRAIGHT = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_TIMELIKE = re.compile(
    r"\d{1,2}[:h]\d{0,2}([ap]m)?|\d{1,2}[ap]m|\d{4}-\d\d-\d\d.*|\+.*|\d{1,3}(m|min|mins)", re.IGNORECASE
)
_SHIPMENT = re.compile(r"(?:…|\.{2,})([A-Za-z0-9-]{1,25})")


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `forced`: in quotes or after `#` (`hashed`), so never a verb; `key`: that of a key=value.

    `norm` is how it is compared: lower case, without apostrophes and outer punctuation; '' for forced words and pairs.
    `raw` is the word as free text keeps it.
    """

    text: str
    forced: bool = False
    hashed: bool = False
    key: str = ""
    norm: str = field(default="", compare=False)
    raw: str = field(default="", compare=False)


def plain(text: str) -> Token:
    """An unquoted word."""
    norm = unicodedata.normalize("NFKC", text).casefold().replace("'", "").strip(_EDGE)
    return Token(text, norm=norm, raw=text)


def _quoted(text: str, at: int) -> tuple[str, int] | None:
    """The text in quotes that opens at `at` and where it ends; None when nothing closes it."""
    if text[at] == '"':
        found = _STRAIGHT.match(text, at)
        return (_ESCAPED.sub(r"\1", found.group(1)), found.end()) if found else None
    ends = [end for closer in _CLOSERS[text[at]] if (end := text.find(closer, at + 1)) >= 0]
    return (text[at + 1 : min(ends)], min(ends) + 1) if ends else None


def lex(text: str) -> list[Token]:
    """The words of a line, in order."""
    tokens: list[Token] = []
    at, unclosed = 0, set[str]()
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        key = _KEY.match(text, at)
        start = key.end() if key else at
        if start < len(text) and text[start] in _CLOSERS and text[start] not in unclosed:
            found = _quoted(text, start)
            if found:
                tokens.append(_in_quotes(found[0], key.group(1) if key else ""))
                at = found[1]
                continue
            unclosed.add(text[start])  # looked for once: a hostile line must not cost a scan per quote
        end = at
        while end < len(text) and not text[end].isspace():
            end += 1
        tokens.extend(_word(text[at:end]))
        at = end
    return tokens


def _in_quotes(text: str, key: str) -> Token:
    return Token(text, forced=True, key=key.lower(), raw=f"{key}={text}" if key else text)


def _word(chunk: str) -> list[Token]:
    text = unicodedata.normalize("NFC", chunk.translate(_MEND))
    if not text or not text.strip(".,;:!") or set(text) <= set('"“”'):
        return []
    if key := _KEY.match(text):
        return [Token(text[key.end() :].rstrip(",;"), key=key.group(1).lower(), raw=text)]
    if text[0] == "#" and len(text) > 1:
        return [Token(text[1:].rstrip("?!,;:."), forced=True, hashed=True, raw=text)]
    return [plain(text)]


def numberish(token: Token) -> bool:
    """Whether a word looks like a number that people read out (not like a time)."""
    if token.key or (token.forced and not token.hashed):
        return False
    text = token.text.strip(_EDGE) if not token.hashed else token.text
    if token.hashed or text.startswith("~"):
        return bool(text.strip("~"))
    return any(c.isdigit() for c in text) and not _TIMELIKE.fullmatch(text) and "/" not in text


def shipment_of(token: Token) -> str:
    """The last characters of a shipment's number where a word is `…124`, else ''."""
    found = None if token.forced or token.key else _SHIPMENT.fullmatch(token.text.rstrip("?!,;:"))
    return found.group(1).upper() if found else ""


def number_at(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The number that starts at a word and the place after it: a PARS pasted with blanks is one number."""
    if at >= len(tokens) or not numberish(tokens[at]):
        return "", at
    parts, end = [clean(tokens[at])], at + 1
    if end + 1 < len(tokens) and tokens[end].norm in ("pars", "paps") and tokens[end + 1].norm.isdigit():
        parts, end = [*parts, clean(tokens[end])], end + 1
    while end < len(tokens) and len(parts) > 1 and tokens[end].norm.isdigit():
        parts, end = [*parts, clean(tokens[end])], end + 1
    return "".join(parts), end


def clean(token: Token) -> str:
    """A word of a subject: without the punctuation of a sentence around it."""
    if token.forced:
        return token.text
    return token.text.rstrip("?!,;:….") if numberish(token) else token.text.rstrip("?!,;:").removesuffix("'s")


def quote(text: str) -> str:
    """The text in quotes, so that `lex` gives it back as it is."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
