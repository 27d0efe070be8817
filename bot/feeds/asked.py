"""The envelope of an answer: what was asked stands above the bytes that came, so that both are read again together."""

from dataclasses import dataclass

from bot.domain.numbers import NumberKind

_FIRST = b"Holdwatch-Asked: "
_END = b"\r\n\r\n"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """The number that a request asks about."""

    kind: NumberKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind.value} {self.key}"

    @classmethod
    def parse(cls, text: str) -> "Subject | None":
        """From `ccn 8SMPPARS1234`; None when it is not that."""
        kind, _, key = text.partition(" ")
        known = {k.value: k for k in NumberKind}
        if kind not in known or not key or len(key) > 40 or not key.isprintable() or key != key.strip():
            return None
        return cls(known[kind], key)


def wrap(about: str, body: bytes) -> bytes:
    """The answer under a line that says what was asked; an answer about nothing in particular stays as it came."""
    return _FIRST + about.encode() + _END + body if about else body


def unwrap(body: bytes) -> tuple[Subject | None, bytes]:
    """What was asked, None where nothing says so, and the answer as it came."""
    if not body.startswith(_FIRST):
        return None, body
    head, end, _ = body[: _LONGEST + len(_FIRST)].partition(_END)
    if not end:
        return None, body
    about = head.removeprefix(_FIRST).decode("utf-8", "replace")
    return Subject.parse(about), body[len(head) + len(_END) :]
