"""The sources that a feed may name."""

from bot.feeds.protocol import Source
from bot.feeds.sources import (
    ace_truck_350,
    ace_truck_cusres,
    borderconnect,
    broker_json,
    candata,
    cbsa_350,
    cbsa_notices,
    cbsa_rns,
    email_drop,
    json_poll,
    load_csv,
    x12_acks,
)

_ALL: tuple[Source, ...] = (
    cbsa_rns.SOURCE,
    cbsa_notices.SOURCE,
    broker_json.SOURCE,
    borderconnect.SOURCE,
    ace_truck_350.SOURCE,
    x12_acks.SOURCE,
    ace_truck_cusres.SOURCE,
    cbsa_350.SOURCE,
    candata.SOURCE,
    json_poll.SOURCE,
    email_drop.SOURCE,
    load_csv.SOURCE,
)
SOURCES: dict[str, Source] = {source.name: source for source in _ALL}
