"""Pictures and documents that people send along with a line: fetched from Slack, a few, and none that is too large."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from handlers.reply import Upload
from handlers.slack.wire import RefusalError, Wire
from handlers.words import _, mark

#: Most bytes of one file, and most files of one line.
MOST_BYTES, MOST_FILES = 10 * 1024 * 1024, 5
_FAILED = mark(
    "the file could not be fetched from Slack; nothing was kept. Send it once more; if it fails again have an admin "
    "reinstall the app, which needs files:read"
)
_HOSTS = ("files.slack.com", "slack-files.com")


async def fetched(wire: Wire, files: Sequence[Mapping[str, Any]]) -> tuple[Upload, ...]:
    """The files with their bytes; of those that can't be had, why."""
    return tuple([await _one(wire, file) for file in files[:MOST_FILES]])


async def _one(wire: Wire, file: Mapping[str, Any]) -> Upload:
    name = str(file.get("name") or file.get("title") or "file")
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    size = file.get("size")
    if isinstance(size, int) and size > MOST_BYTES:
        return Upload(name, fault=_("the file is larger than 10 MB; nothing was kept. Send a smaller picture"))
    # The token goes along: only to where Slack keeps files.
    if not _of_slack(url, wire):
        return Upload(name, fault=_("Slack did not say where the file is; nothing was kept. Send it once more"))
    try:
        body = await wire.fetch(url, MOST_BYTES)
    except RefusalError:
        return Upload(name, fault=_(_FAILED))
    if body is None:
        return Upload(name, fault=_("the file is larger than 10 MB; nothing was kept. Send a smaller picture"))
    return Upload(name, body)


def _of_slack(url: str, wire: Wire) -> bool:
    parts, own = urlsplit(url), urlsplit(wire.api_url)
    if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return True
    return parts.scheme == "https" and parts.hostname in _HOSTS and parts.port in (None, 443)
