"""Wait times of a crossing in words, for `/port`: both directions, with age and source, and a quicker bridge."""

from collections.abc import Iterable

from bot.domain.crossings import Crossing
from bot.domain.load import Direction
from bot.domain.policy import Policy
from bot.domain.waits import Flow, Wait, next_bridge, wait_for
from bot.watch.waits import judging
from handlers.announce.scene import Times
from handlers.announce.waits import faster, into, length, silent, told
from handlers.commands.asking import Ask
from handlers.reply import Para, Part, Span, say
from handlers.words import _


def waits_at(ask: Ask, crossing: Crossing) -> list[Part]:
    """What is known of the queues at a crossing; nothing where nobody tells."""
    times = Times(crossing.zone, ask.now)
    found: list[Part] = []
    for direction in Direction:
        lanes = [w for w in ask.world.waits.of(crossing.name, direction).values() if w.flow is not Flow.NONE]
        if not lanes:
            continue
        words = "; ".join(_said(ask, wait, times) for wait in lanes)
        found.append(say(_("  wait {into}: {words}").format(into=into(direction), words=words)))
        by = judging(_policy(ask), ask.now)
        bridge = next_bridge(crossing, direction, ask.world.waits, ask.world.crossings, by)
        if bridge is not None:
            found.append(say("  " + faster(bridge, times)))
    return found


def _policy(ask: Ask) -> Policy:
    return ask.world.carriers[ask.work.carrier].policy


def _said(ask: Ask, wait: Wait, times: Times) -> str:
    words = told(wait, times)
    if wait.fresh(ask.now, _policy(ask).wait_fresh):
        return words
    return _("{words}, too old to count").format(words=words)


def troubles(ask: Ask) -> list[Part]:
    """Sources of wait times that do not answer."""
    times = Times(ask.world.carriers[ask.work.carrier].home, ask.now)
    return [Para((Span(silent(t, times)),), quiet=True) for t in ask.world.waits.troubles]


def in_short(ask: Ask, crossings: Iterable[Crossing]) -> dict[str, tuple[str, str]]:
    """The waits that count now, into Canada and into the US, by crossing; '' where none does."""
    by = judging(_policy(ask), ask.now)
    waits = ask.world.waits

    def short(crossing: Crossing, direction: Direction) -> str:
        wait = wait_for(waits, crossing.name, direction, by)
        return length(wait) if wait else ""

    return {c.name: (short(c, Direction.CA), short(c, Direction.US)) for c in crossings}
