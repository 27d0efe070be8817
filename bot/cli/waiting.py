"""Who is asked for wait times, by the operator's settings."""

from collections.abc import Mapping

from bot.feeds.waits import read_cbp, read_cbsa
from bot.feeds.waits_http import Page
from bot.watch.waits import Source

_READS = {"cbp": read_cbp, "cbsa": read_cbsa}


def wait_sources(addresses: Mapping[str, str]) -> tuple[Source, ...]:
    """The sources that are on."""
    return tuple(Source(name, Page(url), _READS[name]) for name, url in addresses.items())
