"""A clock time that may be of the other half of the day: asked where the ETA that stands speaks for it."""

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.announce.scene import cut
from handlers.commands.asking import Ask, question
from handlers.timewords import when
from handlers.words import _
from storage.loads import LoadRecord

#: 2:30: without a zero in front of it, and without am or pm, it may be meant of either half.
_EITHER = re.compile(r"([1-9]|1[01]):([0-5]\d)")


def ask_which_half(ask: Ask, record: LoadRecord, text: str, at: datetime, zone: ZoneInfo) -> None:
    """Stops with a question where a time lies in the next morning, and twelve hours sooner is nearer to the ETA.

    An ETA that is moved to tomorrow by mistake lowers every alarm of a truck that comes today.
    """
    found = _EITHER.fullmatch(text.strip())
    if found is None or record.eta is None:
        return
    clock = f"{int(found[1]) + 12}:{found[2]}"
    sooner = when(clock, ask.now, zone, past_ok=False, future_ok=True)
    if sooner >= at or abs(sooner - record.eta) >= abs(at - record.eta):
        return
    base, times = replace(ask.command, subject=record.key), ask.times(zone)
    late = ("tomorrow", f"{found[1]}:{found[2]}")
    title = _("{number}: is {typed} at {sooner} or at {later}? Nothing was changed.").format(
        number=cut(record.number, 40), typed=cut(text, 20), sooner=times.at(sooner), later=times.at(at)
    )
    lines = [(times.at(sooner), replace(base, words=(clock,)).line()), (times.at(at), replace(base, words=late).line())]
    raise question(title, lines)
