"""Wait times of the SAMPLE day: a page as CBSA's, invented, and never asked of anybody."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from bot.feeds.waits import read_cbsa
from bot.watch.waits import Source

_HEAD = '"CBSA Office","Location","Updated","Commercial Flow","Travellers Flow"'
#: From which hour each bridge has which queue: Windsor fills up in the morning, Sarnia does not.
_FLOWS = {
    "Ambassador Bridge": ((0, "10 minutes"), (6, "35 minutes"), (8, "55 minutes"), (10, "20 minutes")),
    "Blue Water Bridge": ((0, "No delay"), (7, "10 minutes")),
    "Fort Erie (Peace Bridge)": ((0, "No delay"), (6, "25 minutes")),
}
_EVERY = timedelta(minutes=15)


class SamplePage:
    """CBSA's page as it reads at the sample's own time."""

    def __init__(self, civil: Callable[[], datetime], zone: tzinfo) -> None:
        self._civil = civil
        self._zone = zone

    async def __call__(self) -> bytes:
        """The whole page."""
        now = self._civil()
        made = (now - timedelta(seconds=now.timestamp() % _EVERY.total_seconds())).astimezone(self._zone)
        rows = [
            f'"{office}","SAMPLE","{made:%Y-%m-%d %H:%M %Z}","{_flow(flows, made.hour)}","No delay"'
            for office, flows in _FLOWS.items()
        ]
        return "\r\n".join((_HEAD, *rows, "")).encode("utf-8-sig")

    def forget(self) -> None:
        """Every page is whole."""


def _flow(flows: tuple[tuple[int, str], ...], hour: int) -> str:
    return next(flow for since, flow in reversed(flows) if hour >= since)


def sample_waits(civil: Callable[[], datetime], zone: tzinfo) -> Source:
    """The source of the sample's wait times."""
    return Source("cbsa", SamplePage(civil, zone), read_cbsa)
