"""What became of something sent to a chat, narrowed once at each door (DESIGN house rule 10)."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Sent:
    """It stands there; `ref` finds it again (Slack ts, Telegram message id)."""

    ref: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now; `after` is how long the platform asks us to wait, None when it did not say."""

    after: timedelta | None
    why: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """The platform refuses this content; the same facts go at once as plain text."""

    why: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The place is no more (channel archived, bot removed, blocked by the driver)."""

    why: str


@dataclass(frozen=True, slots=True)
class Barred:
    """The whole door is shut (token revoked): rows keep, `/readyz` fails."""

    why: str


Outcome = Sent | Retry | Malformed | Gone | Barred
