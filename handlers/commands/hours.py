"""A broker's week and promise, as people type them and as they are shown."""

from datetime import timedelta
from typing import Any

from bot.domain.policy import duration
from bot.watch.brokers import open_hours
from bot.watch.parties_hours import NoHours, NoZone, read_week, spelled_week
from handlers.announce.scene import cut
from handlers.commands.asking import no
from handlers.words import _
from storage.parties import PartyRecord


def promise_minutes(text: str) -> int:
    """How long a broker says it takes, in minutes."""
    try:
        length = duration(text)
    except ValueError:
        form = _("'{text}' is not a length of time: write 3h, 75min or 2h20min. Nothing was changed.")
        raise no(form.format(text=text)) from None
    if not timedelta(minutes=5) <= length <= timedelta(days=2):
        raise no(_("A promise is between 5 minutes and 2 days. Nothing was changed."))
    return int(length.total_seconds() // 60)


def spelled_hours(party: PartyRecord) -> str:
    """`mon-fri 08:00-17:00 America/Toronto`; '' when not known."""
    hours = open_hours(party)
    return _("around the clock") if hours is not None and not hours.spans else spelled_week(party)


def week(text: str, zone: str) -> dict[str, Any]:
    """A week as stored, from `mon-fri 8-17, sat 9-12` with an optional zone behind it, or `24/7`."""
    try:
        return read_week(text, zone)
    except NoZone as why:
        form = _("“{zone}” is not a time zone; write one like America/Toronto.")
        raise no(form.format(zone=cut(str(why), 40))) from None
    except NoHours as why:
        form = _('“{text}” are not hours. Type: hours="mon-fri 8-17, sat 9-12"')
        raise no(form.format(text=cut(str(why), 40))) from None
