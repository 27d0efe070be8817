"""No secret ever reaches a log line, and records carry their action."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import configure

TOKEN = '12345:SAM"PLE/tök\\en+x'


class Terminal(io.StringIO):
    """A stream somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


@pytest.fixture(params=[io.StringIO, Terminal])
def out(request: pytest.FixtureRequest) -> io.StringIO:
    stream: io.StringIO = request.param()
    return stream


def fail_with(token: str) -> None:
    raise RuntimeError(f"no answer from https://api.telegram.org/bot{token}/getMe")


def hidden(text: str, token: str = TOKEN) -> bool:
    return not any(shape in text for shape in (token, quote(token), quote(token, safe=""), json.dumps(token)[1:-1]))


def test_a_secret_is_blanked_in_message_arguments_fields_and_traceback(out: io.StringIO) -> None:
    configure([TOKEN, ""], stream=out)
    log = logging.getLogger("bot.test")
    log.warning("plain %s", TOKEN, extra={"action": "test", "url": f"https://x/{quote(TOKEN)}", "deep": {"t": [TOKEN]}})
    try:
        fail_with(TOKEN)
    except RuntimeError:
        log.exception("failed")
    text = out.getvalue()
    assert hidden(text)
    assert text.count("[secret]") >= 4
    assert "RuntimeError" in text


@given(token=st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=8, max_size=40))
def test_a_secret_of_any_shape_is_blanked(token: str) -> None:
    stream = io.StringIO()
    configure([token], stream=stream)
    logging.getLogger("bot.test").warning("asking %s for %r", quote(token), token, extra={"token": token})
    assert hidden(stream.getvalue().replace("[secret]", ""), token)


async def test_httpx_does_not_write_addresses(out: io.StringIO) -> None:
    configure([], stream=out)
    answer = httpx.MockTransport(lambda request: httpx.Response(200))
    async with httpx.AsyncClient(transport=answer) as client:
        await client.get("https://api.example/bot12345:SAMPLE/getMe")
    await asyncio.sleep(0)
    assert out.getvalue() == ""


def test_a_line_nobody_watches_is_json_with_its_action() -> None:
    stream = io.StringIO()
    configure([], stream=stream)
    logging.getLogger("storage.work").info("kept", extra={"action": "keep", "count": 3})
    line = json.loads(stream.getvalue())
    assert {k: line[k] for k in ("event", "action", "count", "level", "logger")} == {
        "event": "kept",
        "action": "keep",
        "count": 3,
        "level": "info",
        "logger": "storage.work",
    }


def test_a_line_on_a_terminal_is_for_reading() -> None:
    stream = Terminal()
    configure([], stream=stream)
    logging.getLogger("bot.test").warning("the feed is dead")
    assert "the feed is dead" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_the_default_stream_is_standard_error() -> None:
    configure([])
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    assert handler.stream is sys.stderr
