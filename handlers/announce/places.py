"""What an admin is told: a place can't be told any more, a feed is refused."""

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


def refused_word(content: Mapping[str, Any]) -> Reply:
    """A vendor does not take our key: only an admin can mend that."""
    feed, why = cut(str(content["refused"]), 40), cut(str(content["why"]), 120)
    title = _("Feed {feed} is deaf: {why}.").format(feed=feed, why=why)
    body = (
        say(_("It is not asked again for an hour, so that the vendor does not shut us out. Nothing is lost.")),
        quiet(_("Put the right key into holdwatch.toml (secret or secret_file) and start Holdwatch again.")),
    )
    return Reply(title, body, tone=Tone.URGENT)


def unreached_word(content: Mapping[str, Any]) -> Reply:
    """The chat of a driver, or of who was called, took no message: dispatch has to tell him by other means."""
    form = _("{load}: the driver {name} was not told, his chat takes no messages ({why}).")
    if content.get("called"):
        form = _("{load}: {name} was called and not told, that chat takes no messages ({why}).")
    title = form.format(
        load=cut(str(content["load"]), 40), name=cut(str(content["unreached"]), 40), why=cut(str(content["why"]), 80)
    )
    phone = cut(str(content["phone"]), 30)
    call = _("Call him: {phone}.").format(phone=phone) if phone else _("Call him: no number of his is stored.")
    return Reply(title, (say(call),), tone=Tone.URGENT)
