"""CUSREP: a status query to CBSA's RNS as an interchange for the gateway (border-formats 1.4, BGM 998)."""

from datetime import datetime, tzinfo

from bot.feeds.protocol import Envelope

#: What stands for itself only behind a release character.
_SIGNS = str.maketrans({sign: "?" + sign for sign in "?+:'"})


def status_query(
    envelope: Envelope, ref: str, number: str, transaction: str, arrives: datetime | None, asked: datetime, zone: tzinfo
) -> bytes:
    """One question about a cargo control number: what is its status? `ref` tells interchanges apart.

    Without an ETA the time of the question stands in its place. Times are local to `zone`: they carry none.
    """
    local = asked.astimezone(zone)
    arrival = (arrives or asked).astimezone(zone)
    said = [
        "BGM+998",
        f"DTM+132:{arrival:%Y%m%d%H%M}:203",
        f"RFF+ABT:{_plain(number)}",
        *([f"RFF+TN:{_plain(transaction)}"] if transaction else []),
    ]
    control = ref.upper()[-14:]
    parties = f"{_party(envelope.sender)}+{_party(envelope.recipient)}"
    test = "++++++1" if envelope.test else ""
    segments = [
        f"UNB+UNOA:3+{parties}+{local:%y%m%d}:{local:%H%M}+{control}{test}",
        "UNH+1+CUSREP:D:96A:UN",
        *said,
        f"UNT+{len(said) + 2}+1",
        f"UNZ+1+{control}",
    ]
    return ("UNA:+.? '" + "".join(f"{segment}'" for segment in segments)).encode("ascii", "replace")


def _plain(text: str) -> str:
    return text.upper().translate(_SIGNS)


def _party(text: str) -> str:
    name, colon, qualifier = text.partition(":")
    return _plain(name) + colon + qualifier
