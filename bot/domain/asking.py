"""When customs is asked about a shipment, and which feed can ask (RULES K `stale`; dispatch-desk E5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from bot.domain.assessment import Asked
from bot.domain.bench import Bench
from bot.domain.carrier import FeedCover
from bot.domain.coverage import Ear, Liveness
from bot.domain.facts import About
from bot.domain.load import BY_PAPER, Shipment
from bot.domain.order import said_at
from bot.domain.report import Report
from bot.domain.status import Status


class Why(StrEnum):
    """What made us ask."""

    DUE = "due"
    NEAR = "near"
    LAST = "last"
    AGED = "aged"
    HAND = "hand"


def asked_of(feeds: Iterable[str], covers: Iterable[FeedCover], ears: Mapping[str, Ear]) -> FeedCover | None:
    """The best of the feeds that cover a shipment through which customs can be asked now; None when none can.

    One that is dead can ask nothing: the vendor does not answer, or the gateway is gone.
    """
    heard = set(feeds)
    found = [c for c in covers if c.asks and c.feed in heard and _life(ears, c.feed) is not Liveness.DEAD]
    return min(found, key=lambda c: (-c.authority, _life(ears, c.feed) is not Liveness.ALIVE, c.feed), default=None)


def _life(ears: Mapping[str, Ear], feed: str) -> Liveness:
    ear = ears.get(feed)
    return ear.liveness if ear else Liveness.DEAD


def ask(bench: Bench, shipment: Shipment, about: About, good: Report | None, due: datetime) -> None:
    """Puts the question to customs that is due now, if one is; its next moment is one to look again (T8).

    Of moments that were missed only the last counts; a question since then, whatever it was asked for, answers to it.
    """
    if not about.can_ask or not shipment.ccn or shipment.type in BY_PAPER or about.clearance.released:
        return
    if bench.tick.passed(bench.eta.at):
        return
    last = about.asked.last if about.asked else None
    come: tuple[datetime, Why] | None = None
    for why, moment in _moments(bench, about, good, due):
        at = max(moment, bench.grace)
        if bench.tick.passed(at) and (come is None or at >= come[0]):
            come = (at, why)
    if come is not None and (last is None or last < come[0]):
        bench.questions.append(f"{come[1].value}:{shipment.id}")


def _moments(bench: Bench, about: About, good: Report | None, due: datetime) -> Iterable[tuple[Why, datetime]]:
    policy, eta = bench.policy, bench.eta.at
    near, last = eta - policy.ask_customs_before, eta - policy.ask_customs_last_before
    if good is None:
        yield Why.DUE, due
    elif good.status is Status.READY:
        # An old acceptance is asked again before it carries a go: from where drivers are told, and not before. What
        # would be asked so shortly before the last time that its answer is not in by then waits for that.
        young = [said_at(good), *((about.asked.last, about.asked.answered) if about.asked else ())]
        aged = max(at for at in young if at is not None) + policy.reask_age
        if near <= aged < last - policy.answer_within or last <= aged < eta:
            yield Why.AGED, aged
    yield Why.NEAR, near
    yield Why.LAST, last


def asked(bench: Bench, about: About) -> Asked | None:
    """How it stands with the last question: open, answered, or without an answer in the time customs takes."""
    question = about.asked
    if question is None:
        return None
    until = question.at + bench.policy.answer_within
    silent = question.answered is None and bench.tick.passed(until)
    return Asked(question.at, until, question.answered, silent, question.of)
