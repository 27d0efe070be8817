"""Pictures and documents that people send along with a line: fetched from Telegram, and none that is too large."""

from dataclasses import dataclass

from telegram import Bot, Message
from telegram.error import TelegramError

from handlers.reply import Upload
from handlers.words import _

#: Most bytes of one file; Telegram itself gives bots no more than 20 MB.
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as the update names it; `size` 0 where Telegram does not say."""

    id: str
    name: str
    size: int = 0


def attached(message: Message) -> tuple[Attached, ...]:
    """The picture in its largest size, or the document, of a message."""
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (Attached(largest.file_id, "photo.jpg", largest.file_size or 0),)
    if message.document is not None:
        of = message.document
        return (Attached(of.file_id, of.file_name or "document", of.file_size or 0),)
    return ()


async def fetched(bot: Bot, file: Attached) -> Upload:
    """The file with its bytes, or why it can't be had."""
    too_large = _("the file is larger than 10 MB; nothing was kept. Send a smaller picture")
    if file.size > MOST_BYTES:
        return Upload(file.name, fault=too_large)
    try:
        found = await bot.get_file(file.id)
        if (found.file_size or 0) > MOST_BYTES:
            return Upload(file.name, fault=too_large)
        body = bytes(await found.download_as_bytearray())
    except (TelegramError, RuntimeError):
        failed = _("the file could not be fetched from Telegram; nothing was kept. Send it once more")
        return Upload(file.name, fault=failed)
    return Upload(file.name, body) if len(body) <= MOST_BYTES else Upload(file.name, fault=too_large)
