"""Settings by which fixtures of sources that know no vendor are read: SAMPLE, as an operator would write them."""

from zoneinfo import ZoneInfo

from bot.feeds.protocol import Places, Reader

ZONE = ZoneInfo("America/Toronto")
#: A PAPS checker as border-formats 3.5 describes it, with the words of CBSA's portal (8.2) that a broker may pass on.
CHECKER = Reader(
    ZONE,
    words={
        "On-hold": "NO_RELEASE",
        "Accepted": "ON_FILE",
        "Cleared": "READY",
        "Matched": "MATCHED",
        "Acquitted": "ACQUITTED",
        "Adjusted from": "WARNING",
        "Adjusted to": "WARNING",
    },
    places=Places(
        items="shipments[*]",
        number="paps",
        status="status",
        time="updated",
        transaction="entry",
        office="port",
        absent="NO_RELEASE",
        dated={"release_accepted_by_cbp": "READY"},
        only_if={"fda": ("", "May Proceed")},
    ),
)
MAILS = Reader(
    ZONE,
    words={"Released": "RELEASED", "Accepted": "READY", "On hold": "HELD"},
    places=Places(
        codes=("8SMP", "SMPL"),
        ours=("dispatch@carrier.example", "driver@carrier.example"),
        brokers=("@broker.example",),
    ),
)
READERS = {"candata": Reader(ZONE), "json_poll": CHECKER, "email_drop": MAILS}
