"""What a configured feed is to those who work on it: an ear to ingest, a pulse to the watch over feeds, and so on."""

from bot.asking import is_asked, patience
from bot.config import Arrival, Feed
from bot.feeds import webhook
from bot.feeds.cusrep import status_query
from bot.feeds.registry import SOURCES
from bot.feeds.x12_reply import acknowledgements
from bot.watch.acknowledge import Desk
from bot.watch.asker import Tray
from bot.watch.life import Pulse
from bot.watch.message import Ear
from storage.questions import QuestionRecord


def ear_of(feed: Feed) -> Ear:
    """A feed as ingest needs it."""
    by_interchange = feed.heartbeat_file is not None
    return Ear(
        feed.name,
        SOURCES[feed.source],
        feed.reader,
        feed.carriers,
        max_age=feed.heartbeat_max_age,
        by_interchange=by_interchange,
    )


def pulse_of(feed: Feed) -> Pulse:
    """How it shows that it lives."""
    if is_asked(feed) or feed.queue:
        return Pulse(feed.name, feed.carriers, max_age=patience(feed), told=True, idles=feed.asks)
    implied = feed.folder / "heartbeat" if feed.arrival is Arrival.FOLDER else None
    return Pulse(feed.name, feed.carriers, feed.heartbeat_file, feed.heartbeat_max_age, implied)


def desk_of(feed: Feed) -> Desk:
    """Where its acknowledgements go, and how they are written."""
    return Desk(feed.folder / "out", lambda body, received: acknowledgements(body, received, feed.zone))


def tray_of(feed: Feed) -> Tray:
    """Where questions to it go, and how they are written."""

    def written(asked: QuestionRecord) -> bytes:
        said = (asked.id, asked.key, asked.transaction, asked.eta, asked.asked_at)
        return status_query(feed.envelope, *said, feed.zone)

    return Tray(feed.folder / "out", written)


def hook_of(feed: Feed) -> webhook.Hook:
    """What its webhook accepts."""
    secrets = (feed.secret,)
    return webhook.Hook(feed.name, secrets, secrets if feed.bearer else (), feed.max_bytes)
