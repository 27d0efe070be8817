"""What an admin is told when a place can't be told any more."""

from collections.abc import Mapping
from typing import Any

from handlers.announce.blocks import quiet
from handlers.announce.scene import cut
from handlers.reply import Reply, Tone, say
from handlers.words import _, ngettext

_DOORS = {"slack": "Slack", "telegram": "Telegram"}


def gone_word(content: Mapping[str, Any]) -> Reply:
    """Which place hears nothing any more, why, where its loads are told now, and what to do."""
    place, left, count = cut(str(content["gone"]), 60), list(content["left"]), int(content["open"])
    door = _DOORS.get(str(content["door"]), str(content["door"]))
    title = _("{place} in {door} hears no alerts any more: {why}.").format(
        place=place, door=door, why=cut(str(content["why"]), 120)
    )
    alerts = ngettext("{n} open alert", "{n} open alerts", count).format(n=count)
    if left:
        names = ", ".join(cut(name, 40) for name in left[:8])
        body = say(_("Nothing is lost: its loads ({alerts}) are told in {names}.").format(alerts=alerts, names=names))
    else:
        body = say(_("NO PLACE IS LEFT THAT HEARS ALERTS: nobody is told of a hold ({alerts}).").format(alerts=alerts))
    todo = quiet(_("In the channel or group that should hear, type: /route here"))
    return Reply(title, (body, todo), tone=Tone.WARN if left else Tone.URGENT)
