"""RFC 822 syntax: who wrote to whom, when, and the words that are new in it. Knows no status and no number.

Attachments are named and never opened; what stands below a reply is somebody's older mail and no news.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from bot.feeds.protocol import Problem
from bot.feeds.stamps import AHEAD
from bot.feeds.texts import plain

#: More than that is no notice: what stands beyond is left out, and said.
_MOST_PARTS, _DEEPEST, _LONGEST_TEXT = 100, 10, 200_000
#: The library needs time that grows with the square of these, so what has more is not given to it.
_LONGEST_HEADER, _MOST_RULES = 8_000, 1_000
_OLDEST = timedelta(days=60)
_CONTENT = re.compile(rb"(?im)^content-[a-z-]{1,30}:")
_END = re.compile(rb"\n(?![ \t])")
_SKIPPED = frozenset({"script", "style", "head", "title", "template"})
_LINES = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "hr", "ul", "ol", "section"})
_DECLARED = re.compile(r"<!--|<[!?]")
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "embed", "source"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0")
_QUOTE = "-----Original Message-----"
_OLDER = re.compile(
    r"-{2,}\s*(original message|forwarded message|message d'origine|message transféré|ursprüngliche nachricht)"
    r"|_{10,}|begin forwarded message:|(on|le) .{5,200}(wrote|a écrit)\s*:",
    re.IGNORECASE,
)
_HEAD = re.compile(r"(from|de)\s*:", re.IGNORECASE)
_HEAD_NEXT = re.compile(r"(sent|date|to|envoyé|à|cc|subject|objet)\s*:", re.IGNORECASE)


@lru_cache(maxsize=256)
def _read_header(name: str, value: str) -> Any:
    return policy.default.header_fetch_parse(name, value)


class _Remembering(policy.EmailPolicy):
    """The library reads a header anew whenever it is asked for it; one sender's are the same in mail after mail."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return _read_header(name, value)


_POLICY = _Remembering()


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says: `lines` without what is quoted; addresses in small letters; `date` None when not believed."""

    subject: str
    sender: tuple[str, ...]
    to: tuple[str, ...]
    date: datetime | None
    lines: tuple[str, ...]
    attachments: tuple[str, ...]
    problems: tuple[Problem, ...]


class _Text(HTMLParser):
    """The words of a page, a line for each block and a tab between cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._skip: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: (value or "").lower() for name, value in attrs}
        if self._skip:
            if tag not in _VOID:
                self._skip.append(tag)
            return
        if tag == "blockquote" or "gmail_quote" in said.get("class", "") or said.get("id") == "divrplyfwdmsg":
            self.found.append(f"\n{_QUOTE}\n")
        hidden = tag in _SKIPPED or "hidden" in said or _HIDDEN.search(said.get("style", ""))
        if hidden and tag not in _VOID:
            self._skip.append(tag)
        self.found.append("\n" if tag in _LINES else "\t" if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._skip:
            while self._skip and self._skip.pop() != tag:
                continue
        elif tag in _LINES:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.found.append(re.sub(r"\s+", " ", data))


def mail_of(body: bytes, received: datetime) -> Mail | str:
    """The mail in these bytes, or why there is none; times that can't be right are left out, and said."""
    if body.count(b"\n--") > _MOST_RULES or _is_heavy(body):
        return "it is made of more parts than a mail, or a header is longer"
    try:
        message = message_from_bytes(body, policy=_POLICY)
        if not isinstance(message, EmailMessage) or not message.keys():
            return "it has no header lines, so it is no mail"
        if _is_swollen(message):
            return "its header is longer than that of a mail"
        return _mail(message, received)
    except Exception as why:  # the parser's own faults on strange headers are of many kinds
        return f"it can't be read as a mail ({type(why).__name__})"


def _mail(message: EmailMessage, received: datetime) -> Mail:
    problems: list[Problem] = []
    texts, attachments = _texts(message, problems)
    return Mail(
        plain(_header(message, "Subject"), 300),
        _addresses(message, "From", "Sender"),
        _addresses(message, "To", "Cc"),
        _date(_header(message, "Date"), received, problems),
        tuple(_fresh("\n".join(texts))),
        tuple(attachments[:20]),
        tuple(problems),
    )


def _is_heavy(body: bytes) -> bool:
    """Whether a header that the library reads while it parses is longer than anybody writes one."""
    for count, found in enumerate(_CONTENT.finditer(body)):
        head = body[found.end() : found.end() + _LONGEST_HEADER + 1]
        end = _END.search(head)
        if count > _MOST_RULES or (end is None and len(head) > _LONGEST_HEADER):
            return True
    return False


def _is_swollen(message: EmailMessage) -> bool:
    """Whether a header is longer than anybody writes one; asked before any of them is read."""
    return any(len(str(text)) > _LONGEST_HEADER for _, text in message.raw_items())


def _header(message: Message, name: str) -> str:
    return str(message.get(name) or "")


def _addresses(message: Message, *names: str) -> tuple[str, ...]:
    return _in_texts(tuple([str(text) for name in names for text in message.get_all(name, [])]))


@lru_cache(maxsize=256)
def _in_texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(address.strip().lower() for _, address in getaddresses(list(texts))[:200] if "@" in address)


def _date(text: str, received: datetime, problems: list[Problem]) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        problems.append(Problem("Date", f"{plain(text, 40)!r} is not a time of a mail: left out" if text else _NO_DATE))
        return None
    if not -_OLDEST < found - received < AHEAD:
        problems.append(Problem("Date", f"{found:%Y-%m-%d %H:%M} UTC is far from when it came: not believed"))
        return None
    return found


_NO_DATE = "it has no date: counted as it came"


def _texts(message: EmailMessage, problems: list[Problem]) -> tuple[list[str], list[str]]:
    """The texts of a mail in order, and the names of what is attached."""
    texts: list[str] = []
    attachments: list[str] = []
    left = _LONGEST_TEXT
    for part, kind in _parts(message, problems):
        name = part.get_filename()
        if name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            attachments.append(plain(str(name or kind), 80))
            continue
        text = _text(part, kind, problems)
        if len(text) > left:
            problems.append(Problem("text", f"it has more than {_LONGEST_TEXT} characters: the rest was not read"))
        texts.append(text[:left])
        left -= len(texts[-1])
    return texts, attachments


def _parts(message: EmailMessage, problems: list[Problem]) -> Iterator[tuple[EmailMessage, str]]:
    """The leaves that are to be shown, and what they are; of alternatives one, and mails within a mail as what is
    attached."""
    waiting: list[tuple[EmailMessage, int]] = [(message, 0)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if count > _MOST_PARTS or depth > _DEEPEST or _is_swollen(part):
            problems.append(Problem("parts", "it is made of too many parts: the others were not read"))
            return
        kind = part.get_content_type()
        if part.is_multipart() and kind.startswith("multipart/"):
            inner = [p for p in part.iter_parts() if isinstance(p, EmailMessage)]
            inner = _chosen(inner) if kind == "multipart/alternative" else inner
            waiting += [(p, depth + 1) for p in reversed(inner)]
        else:
            yield part, kind


def _chosen(inner: list[EmailMessage]) -> list[EmailMessage]:
    """Of alternatives the plain text, unless it is empty."""
    for kind in ("text/plain", "text/html"):
        for part in inner:
            if part.get_content_type() == kind and (part.get_payload(decode=True) or b"").strip():  # type: ignore[union-attr]
                return [part]
    return inner[-1:]


def _text(part: EmailMessage, kind: str, problems: list[Problem]) -> str:
    found = part.get_payload(decode=True)
    body = found if isinstance(found, bytes) else b""
    charset = part.get_content_charset("utf-8")
    try:
        text = body.decode(charset, "replace")
    except (LookupError, ValueError):
        problems.append(Problem("text", f"its charset {plain(charset, 20)!r} is not known: read as Latin-1"))
        text = body.decode("latin-1")
    if kind != "text/html":
        return text
    reader = _Text()
    reader.feed(_tame(text[:_LONGEST_TEXT]))
    reader.close()
    return "".join(reader.found)


def _tame(text: str) -> str:
    """A page without comments and declarations, and with blanks for what opens something that nothing closes.

    For each of those the library looks to the end of the page, and goes on behind it: a mail full of them takes hours.
    """
    found: list[str] = []
    at = 0
    for mark in _DECLARED.finditer(text):
        if mark.start() >= at:
            found.append(text[at : mark.start()])
            at = mark.start()
            end = "-->" if mark[0] == "<!--" else ">"
            closed = text.find(end, at + 2)
            if closed < 0:
                break
            at = closed + len(end)
    whole = "".join([*found, _DECLARED.sub(" ", text[at:])])
    last = whole.rfind(">") + 1
    return whole[:last] + whole[last:].replace("<", " ")


def _fresh(text: str) -> Iterator[str]:
    """The lines that are new: up to the older mail below, without those that are quoted."""
    lines = [" ".join(line.replace("\t", " | ").split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    for index, line in enumerate(lines):
        if line.startswith((">", "| >")):
            continue
        if _OLDER.match(line) or _is_head(lines[index : index + 4]):
            return
        yield plain(line, 500)


def _is_head(lines: list[str]) -> bool:
    """Whether an older mail's header begins here, as Outlook writes it without a rule above."""
    return bool(_HEAD.match(lines[0])) and sum(bool(_HEAD_NEXT.match(line)) for line in lines[1:]) >= 2
