"""The sources that a feed may name."""

from bot.feeds.protocol import Source
from bot.feeds.sources import borderconnect, broker_json, cbsa_notices, cbsa_rns, load_csv

_ALL: tuple[Source, ...] = (
    cbsa_rns.SOURCE,
    cbsa_notices.SOURCE,
    broker_json.SOURCE,
    borderconnect.SOURCE,
    load_csv.SOURCE,
)
SOURCES: dict[str, Source] = {source.name: source for source in _ALL}
