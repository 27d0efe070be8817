"""Logging set-up: structlog over stdlib logging, JSON where nobody watches, and no secret ever in a line."""

import json
import logging
import sys
from collections.abc import Iterable
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

_BLANK = "[secret]"
# httpx writes whole addresses at INFO, and Telegram's token is part of the address.
_QUIET = ("httpx", "httpcore", "slack_sdk", "slack_bolt", "telegram", "apscheduler", "aiohttp.access", "sqlalchemy")


def shapes_of(secret: str) -> set[str]:
    """All ways in which a secret may stand in a line: plain, as in an address, as in JSON or a Python string."""
    return {
        secret,
        quote(secret, safe=""),
        quote(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    }


class Redacting(ProcessorFormatter):
    """Renders a record and blanks secrets in the finished text, tracebacks and all."""

    def __init__(self, secrets: Iterable[str], processors: list[Processor], before: list[Processor]) -> None:
        super().__init__(processors=processors, foreign_pre_chain=before)
        found = {shape for secret in secrets if secret for shape in shapes_of(secret)}
        self._shapes = sorted(found, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for shape in self._shapes:
            line = line.replace(shape, _BLANK)
        return line


def configure(secrets: Iterable[str] = (), *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Sends every log record of the process to `stream` (stderr), readable on a terminal and JSON elsewhere."""
    out = stream or sys.stderr
    before: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if out.isatty()
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(Redacting(secrets, [ProcessorFormatter.remove_processors_meta, *render], before))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
