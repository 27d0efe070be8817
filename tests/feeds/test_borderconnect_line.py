"""What BorderConnect says before the key is taken, and what its receive answers with."""

import pytest

from bot.feeds.fetch import Answer, Failed, Refused, Wait
from bot.feeds.socket import Greeting
from bot.feeds.sources.borderconnect_line import greeted, meaning


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", Answer(None)), (b" [] ", Answer(None)), (b"{}", Answer(None)), (b"null", Answer(None)),
        (b'{"messages":[]}', Answer(None)), (b'[{"data":"X"}]', Answer(b'[{"data":"X"}]')),
        (b'{"data":"SYSTEM_ALERT"}', Answer(b'{"data":"SYSTEM_ALERT"}')), (b"<html>", Answer(b"<html>")),
        (b'{"errorCode":"","messages":[1]}', Answer(b'{"errorCode":"","messages":[1]}')),
        (b'{"errorCode":"INVALID_API_KEY","messages":[1]}', Answer(b'{"errorCode":"INVALID_API_KEY","messages":[1]}')),
        (b'{"status":"FAILURE","errorCode":"EXPIRED_API_KEY"}', Refused("it does not take our key (EXPIRED_API_KEY)")),
        (b'{"data":"API_RESPONSE","status":"ACCESS_DENIED_ERROR"}',
         Refused("it does not take our key (ACCESS_DENIED_ERROR)")),
        (b'{"status":"FAILED","errorCode":"TOO_MANY_REQUESTS"}', Wait(60.0, "it asks us to wait (TOO_MANY_REQUESTS)")),
        (b'{"status":"FAILED","errorCode":"WRONG_HTTP_METHOD"}', Failed("it answers WRONG_HTTP_METHOD")),
    ],
)  # fmt: skip
def test_an_answer_is_taken_for_what_it_is_and_never_dropped_where_it_may_hold_messages(body: bytes, outcome: object):
    assert meaning(body) == outcome


@pytest.mark.parametrize(
    ("frame", "what"),
    [
        (b'{"data":"API_RESPONSE","status":"OK","message":"Connected"}', Greeting.WELCOME),
        (b'{"data":"API_RESPONSE","status":"ACCESS_DENIED_ERROR"}', Greeting.REFUSED),
        (b'{"status":"FAILURE","errorCode":"INVALID_API_KEY"}', Greeting.REFUSED),
        (b'{"data":"API_RESPONSE","status":"QUEUED"}', Greeting.MESSAGE), (b"[]", Greeting.MESSAGE),
        (b"\xff", Greeting.MESSAGE), (b'{"data":"RNS_SHIPMENT"}', Greeting.MESSAGE), (b"[" * 9999, Greeting.MESSAGE),
    ],
)  # fmt: skip
def test_only_the_greeting_is_taken_for_one(frame: bytes, what: Greeting) -> None:
    assert greeted(frame) is what
