"""The list of commands that Telegram shows under the / button."""

import re
from collections.abc import Sequence

from telegram import BotCommand

_NAME = re.compile(r"[a-z0-9_]{1,32}")


def commands(nouns: Sequence[tuple[str, str]]) -> list[BotCommand]:
    """Menu entries for (name, description); raises ValueError for what Telegram would refuse."""
    if len(nouns) > 100:
        raise ValueError(f"Telegram shows at most 100 commands, not {len(nouns)}")
    for name, description in nouns:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} can't be a Telegram command: 1-32 of a-z, 0-9 and _")
        if not description.strip():
            raise ValueError(f"the command {name!r} needs a description")
    return [BotCommand(name, " ".join(text.split())[:256]) for name, text in nouns]
