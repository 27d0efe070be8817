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
from typing import Any

from bot.feeds.page import words_of
from bot.feeds.protocol import Problem
from bot.feeds.stamps import AHEAD
from bot.feeds.texts import plain

#: More than that is no notice: what stands beyond is left out, and said.
_MOST_PARTS, _DEEPEST, _LONGEST_TEXT = 100, 10, 200_000
#: The library needs time that grows with the square of these, so what has more is not given to it.
_LONGEST_HEADER, _MOST_RULES = 8_000, 1_000
_OLDEST = timedelta(days=60)
_CONTENT = re.compile(rb"(?im)^content-[a-z-]{1,30}:")
_FOLD = re.compile(r"[\r\n]+")
_END = re.compile(rb"\n(?![ \t])")
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


def _described(content: str | None, disposition: str | None) -> EmailMessage:
    """A part with just the headers that tell what it is."""
    part = EmailMessage(policy.default)
    for name, value in (("Content-Type", content), ("Content-Disposition", disposition)):
        if value is not None:
            part.set_raw(name, value)
    return part


@lru_cache(maxsize=256)
def _type(content: str) -> str:
    return _described(content, None).get_content_type()


@lru_cache(maxsize=256)
def _leaf(content: str | None, disposition: str | None) -> tuple[str | None, bool, str]:
    part = _described(content, disposition)
    attached = part.get_content_disposition() == "attachment"
    return part.get_filename(), attached, part.get_content_charset("utf-8")


class _Part(EmailMessage):
    """The library reads a header anew whenever it is asked for it; one sender's are the same in mail after mail."""

    _kind: str = ""

    def first(self, name: str) -> str | None:
        """A header as it came, its folds too; `name` in small letters."""
        for own, text in self.raw_items():
            if own.lower() == name:
                return str(text)
        return None

    def get_content_type(self) -> str:
        """What it is, as `text/plain`."""
        if not self._kind:  # nobody asks before its header was read
            content = self.first("content-type")
            self._kind = super().get_content_type() if content is None else _type(content)
        return self._kind

    def leaf(self) -> tuple[str | None, bool, str]:
        """The name of its file, whether it is attached, and its charset."""
        return _leaf(self.first("content-type"), self.first("content-disposition"))


class _Remembering(policy.EmailPolicy):
    def header_fetch_parse(self, name: str, value: str) -> Any:
        return _read_header(name, value)


_POLICY = _Remembering(message_factory=_Part)


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


def mail_of(body: bytes, received: datetime) -> Mail | str:
    """The mail in these bytes, or why there is none; times that can't be right are left out, and said."""
    if body.count(b"\n--") > _MOST_RULES or _is_heavy(body):
        return "it is made of more parts than a mail, or a header is longer"
    try:
        message = message_from_bytes(body, policy=_POLICY)
        if not isinstance(message, _Part) or not message.keys():
            return "it has no header lines, so it is no mail"
        if _is_swollen(message):
            return "its header is longer than that of a mail"
        return _mail(message, received)
    except Exception as why:  # the parser's own faults on strange headers are of many kinds
        return f"it can't be read as a mail ({type(why).__name__})"


def _mail(message: _Part, received: datetime) -> Mail:
    problems: list[Problem] = []
    texts, attachments = _texts(message, problems)
    return Mail(
        plain(_header(message, "subject"), 300),
        _addresses(message, "From", "Sender"),
        _addresses(message, "To", "Cc"),
        _date(_header(message, "date"), received, problems),
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


def _header(message: _Part, name: str) -> str:
    """A header that is free text; one in plain characters has nothing that the library would have to decode."""
    text = message.first(name)
    if text is not None and text.isascii() and "=?" not in text:
        return _FOLD.sub("", text)
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


def _texts(message: _Part, problems: list[Problem]) -> tuple[list[str], list[str]]:
    """The texts of a mail in order, and the names of what is attached."""
    texts: list[str] = []
    attachments: list[str] = []
    left = _LONGEST_TEXT
    for part, kind in _parts(message, problems):
        name, attached, charset = part.leaf()
        if name or attached or not kind.startswith("text/"):
            attachments.append(plain(str(name or kind), 80))
            continue
        text = _text(part, kind, charset, problems)
        if len(text) > left:
            problems.append(Problem("text", f"it has more than {_LONGEST_TEXT} characters: the rest was not read"))
        texts.append(text[:left])
        left -= len(texts[-1])
    return texts, attachments


def _parts(message: _Part, problems: list[Problem]) -> Iterator[tuple[_Part, str]]:
    """The leaves that are to be shown, and what they are; of alternatives one, and mails within a mail as what is
    attached."""
    waiting: list[tuple[_Part, int]] = [(message, 0)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if count > _MOST_PARTS or depth > _DEEPEST or (part is not message and _is_swollen(part)):
            problems.append(Problem("parts", "it is made of too many parts: the others were not read"))
            return
        kind = part.get_content_type()
        if part.is_multipart() and kind.startswith("multipart/"):
            inner = [p for p in part.iter_parts() if isinstance(p, _Part)]
            inner = _chosen(inner) if kind == "multipart/alternative" else inner
            waiting += [(p, depth + 1) for p in reversed(inner)]
        else:
            yield part, kind


def _chosen(inner: list[_Part]) -> list[_Part]:
    """Of alternatives the plain text, unless it is empty."""
    for kind in ("text/plain", "text/html"):
        for part in inner:
            if part.get_content_type() == kind and (part.get_payload(decode=True) or b"").strip():  # type: ignore[union-attr]
                return [part]
    return inner[-1:]


def _text(part: _Part, kind: str, charset: str, problems: list[Problem]) -> str:
    found = part.get_payload(decode=True)
    body = found if isinstance(found, bytes) else b""
    try:
        text = body.decode(charset, "replace")
    except (LookupError, ValueError):
        problems.append(Problem("text", f"its charset {plain(charset, 20)!r} is not known: read as Latin-1"))
        text = body.decode("latin-1")
    if kind != "text/html":
        return text
    return words_of(text[:_LONGEST_TEXT])


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
