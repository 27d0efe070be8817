"""Cards of a feed and of a suspected outage: what we are blind to, which loads that concerns, and what to do."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.coverage import Liveness
from handlers.announce.blocks import quiet
from handlers.announce.scene import NUMBER, Times, cut, marked
from handlers.reply import Button, Part, Reply, Table, Tone, say
from handlers.words import _, ngettext

Coming = Sequence[tuple[str, datetime | None]]
_LISTED = 12


def feed_card(
    name: str,
    state: Liveness | str,
    since: datetime | None,
    last_word: datetime | None,
    loads: Coming,
    zone: str,
    now: datetime,
    *,
    sample: bool = False,
) -> Reply:
    """A feed's own card: dead since when, its last word, and the loads it blinds; or that it lives."""
    times, feed = Times(zone, now), cut(name, NUMBER)
    last = _("last word {time}").format(time=times.aged(last_word)) if last_word else _("it never said a word")
    life = Liveness(state)
    if life is Liveness.ALIVE:
        title = _("Feed {feed} is alive, {last}.").format(feed=feed, last=last)
        return Reply(marked(title, sample), tone=Tone.DONE)
    if life is Liveness.CANT_TELL:
        title = _("Feed {feed}: nothing says whether it is alive, {last}.").format(feed=feed, last=last)
        return Reply(marked(title, sample), tuple(coming_table(loads, times)), tone=Tone.INFO)
    when = _("dead since {time}").format(time=times.aged(since)) if since else _("dead")
    form = ngettext(
        "Feed {feed} is {when}, {last}: {n} load is blind.",
        "Feed {feed} is {when}, {last}: {n} loads are blind.",
        len(loads),
    )
    title = form.format(feed=feed, when=when, last=last, n=len(loads))
    body: list[Part] = [
        say(_("Nothing that was told is lost, and nothing ends by silence: these loads keep their clocks.")),
        say(_("Until it is back ask the brokers by phone, and type what they say: /load NUMBER accepted by=NAME")),
        *coming_table(loads, times),
        quiet(_("What is wrong with it: /feed problems")),
    ]
    return Reply(marked(title, sample), tuple(body), tone=Tone.URGENT if loads else Tone.WARN)


def feed_word(
    name: str,
    blind_from: datetime,
    blind_to: datetime,
    zone: str,
    now: datetime,
    *,
    heard: int = 0,
    sample: bool = False,
) -> Reply:
    """A feed came back: from when to when we were blind, and how many late messages came with it."""
    times = Times(zone, now)
    form = _("Feed {feed} is back. I was blind from {start} to {end}.")
    title = form.format(feed=cut(name, NUMBER), start=times.at(blind_from), end=times.at(blind_to))
    late = ngettext(
        "{n} message of that time came late and counts.", "{n} messages of that time came late and count.", heard
    )
    silent = _("What was sent in that time may still come; it counts as soon as it is here.")
    return Reply(marked(title, sample), (say(late.format(n=heard) if heard else silent),), tone=Tone.DONE)


def suspicion_card(agency: str, numbers: Sequence[str], brokers: int, declared: bool, *, sample: bool = False) -> Reply:
    """Many numbers of several brokers are overdue and silent: is the agency down? A person says so (C4)."""
    who = agency.upper()
    if declared or not numbers:
        form = _("{agency} is declared down.") if declared else _("{agency} is not suspected to be down any more.")
        return Reply(marked(form.format(agency=who), sample), tone=Tone.DONE)
    form = _("Is {agency} down? {n} overdue numbers of {brokers} brokers, and not a word about any of them.")
    title = form.format(agency=who, n=len(numbers), brokers=brokers)
    rest = rest_of(len(numbers) - _LISTED)
    body = (
        say(f"{', '.join(cut(number, NUMBER) for number in numbers[:_LISTED])} {rest}".strip()),
        say(_("If it is, say so: reasons that rest on silence are hidden and counted, facts are told as ever.")),
    )
    down = Button(_("{agency} is down").format(agency=who), f"/feed outage {agency} on")
    return Reply(marked(title, sample), body, (down,), Tone.WARN)


def coming_table(loads: Coming, times: Times) -> list[Part]:
    """The loads it concerns, the nearest first; the rest is counted."""
    far = [one for one in loads if one[1] is None]
    near = sorted((one for one in loads if one[1] is not None), key=lambda one: (one[1] or times.now, one[0]))
    order = [*near, *far]
    if not order:
        return []
    rows = tuple((cut(number, NUMBER), times.aged(eta) if eta else _("not known")) for number, eta in order[:_LISTED])
    return [Table((_("Load"), _("ETA {zone}").format(zone=times.zone_now)), rows, rest_of(len(order) - _LISTED))]


def rest_of(more: int) -> str:
    """How many rows of a list were left out, and what to type for them; '' when none."""
    return ngettext("… and {n} more: /load list", "… and {n} more: /load list", more).format(n=more) if more > 0 else ""
