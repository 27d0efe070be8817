"""The only wording of alerts: a load or an event in, a Reply without markup out."""

from handlers.announce.calling import call_card
from handlers.announce.cards import advised, card, status
from handlers.announce.events import word, words_as_one
from handlers.announce.feeds import feed_card, feed_word, suspicion_card
from handlers.announce.outages import drill_word, outage_card, outage_over
from handlers.announce.reasons import why

__all__ = [
    "advised", "call_card", "card", "drill_word", "feed_card", "feed_word", "outage_card", "outage_over", "status",
    "suspicion_card", "why", "word", "words_as_one",
]  # fmt: skip
