"""Somebody in Slack: posts signed slash commands one after the other and notes how long each answer took."""

import hashlib
import hmac
import http.client
import json
import random
import sys
import time
from typing import Any
from urllib.parse import urlencode

from tests.standins.slack_state import APP, TEAM

DISPATCHER, CHANNEL = "U0DISPATCH", "C0DISPATCH"


def _body(number: int, nth: int) -> bytes:
    return urlencode(
        {
            "token": "sample-verification",
            "team_id": TEAM,
            "team_domain": "sample",
            "channel_id": CHANNEL,
            "channel_name": "dispatch",
            "user_id": DISPATCHER,
            "user_name": "dana",
            "command": "/load",
            "text": f"{number} status",
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": "http://127.0.0.1:9/none",
            "trigger_id": f"{number}.{nth}",
        }
    ).encode()


class Target:
    """One address and what its answers must hold."""

    def __init__(self, port: int, path: str, secret: str, constant: bool) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._path, self._secret, self._constant = path, secret.encode(), constant
        self.times: list[float] = []

    def ask(self, number: int, nth: int) -> None:
        """One line, answered; the time counts from the signature to the whole answer."""
        body, stamp = _body(number, nth), str(int(time.time()))
        start = time.perf_counter()
        digest = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        self._line.request("POST", self._path, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        self.times.append(time.perf_counter() - start)
        wanted = "constant" if self._constant else str(number)
        if answer.status != 200 or wanted not in text:
            raise SystemExit(f"{self._path} answered {answer.status}: {text[:300]}")


def main() -> None:
    """Reads what to ask from stdin, prints the times as JSON."""
    said: dict[str, Any] = json.load(sys.stdin)
    targets = [Target(**t) for t in said["targets"]]
    choose = random.Random(1)
    ends = time.monotonic() + said["seconds"]
    nth = 0
    while time.monotonic() < ends and nth < said["rounds"]:
        nth += 1
        for target in targets:
            target.ask(said["first"] + choose.randrange(said["loads"]), nth)
            time.sleep(said["pause"])
    print(json.dumps([t.times[min(10, len(t.times) // 10) :] for t in targets]))


if __name__ == "__main__":
    main()
