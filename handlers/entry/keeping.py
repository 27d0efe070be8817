"""What is kept of an answer: the answer itself, what was told once, and which importers its thread asks about."""

import json
from collections.abc import Mapping
from typing import Any

from handlers.commands.asking import THREAD
from handlers.commands.codes import hidden
from handlers.reply import Line, Reply
from handlers.replycodec import to_json
from storage.dock import Dock


async def keep(dock: Dock, carrier: str, line: Line, notes: Mapping[str, str]) -> None:
    """Keeps the notes of an answer."""
    for key, value in notes.items():
        if key.startswith(THREAD):
            await dock.work(carrier).threads.remember(line.where, line.root, value)
        else:
            await dock.settings.add(key, value)


def kept(reply: Reply) -> dict[str, Any]:
    """The answer as it is stored: a one-time code is shown once and kept nowhere."""
    data: dict[str, Any] = json.loads(hidden(json.dumps(to_json(reply), ensure_ascii=False)))
    return data
