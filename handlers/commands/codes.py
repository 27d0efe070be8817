"""One-time codes: long enough not to be guessed, plain enough to be read out; only their hash is kept."""

import re
import secrets
from hashlib import sha256

#: Without letters and digits that are mistaken for one another.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _LENGTH = 4, 4
_GROUP = rf"[{_LETTERS}]{{{_LENGTH}}}"
_CODE = re.compile(rf"(?<![A-Za-z0-9-])((?:{_GROUP}-){{{_GROUPS - 1}}}{_GROUP})(?![A-Za-z0-9-])")


def new_code() -> str:
    """A new code of 78 bits, as `K3F9-…`."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))


def digest(code: str) -> str:
    """What is kept of a code."""
    return sha256(code.strip().upper().encode()).hexdigest()


def code_in(text: str) -> str:
    """The code in a line, '' when there is none."""
    found = _CODE.search(text.upper()) if len(text) < 200 else None
    return found.group(1) if found else ""


def hidden(text: str) -> str:
    """The text with every code taken out."""
    return _CODE.sub("…", text)
