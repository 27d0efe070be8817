"""What a driver is told and asked: very plain words, no reasons, and in no case that he may drive on."""

from bot.domain.alert import ENDED, Event
from bot.domain.brief import Told
from bot.domain.load import LoadKind
from handlers.announce.scene import Scene, marked
from handlers.announce.taps import kept, tap
from handlers.reply import Reply, Tone, say
from handlers.words import _

#: Topic of the post in a driver's own chat.
TOPIC = "driver"


def card(scene: Scene) -> Reply:
    """Stop, wait, or not your problem any more."""
    brief, found = scene.brief, scene.brief.found
    load = _("Load {number}.").format(number=scene.number)
    if brief.state in ENDED or found.ended:
        return over(scene)
    if any(h.stops and h.level is not None for h in found.holds):
        if found.at_border:
            title = _("STOP. Stay where you are. Call dispatch now.")
        else:
            title = _("STOP. Wait for dispatch before the border.")
        return Reply(_sampled(scene, title), (say(load), say(_("Reason is with dispatch."))), tone=Tone.CRITICAL)
    if brief.state and not found.is_go:
        title = _("WAIT. Dispatch is on it.")
        body = (say(load), say(_("Do not cross before dispatch tells you.")))
        return Reply(_sampled(scene, title), body, tone=Tone.WARN)
    if brief.state:
        return over(scene)
    return Reply(_sampled(scene, load), (say(_("Dispatch tells you when to cross.")),))


def over(scene: Scene) -> Reply:
    """The end of what he was told to stop for; the rest is dispatch's word."""
    title = _("Load {number}: not your problem any more.").format(number=scene.number)
    if scene.brief.found.ended == "crossed":
        return Reply(_sampled(scene, title), tone=Tone.DONE)
    return Reply(_sampled(scene, title), (say(_("Wait: dispatch tells you when to cross.")),), tone=Tone.DONE)


def word(told: Told, scene: Scene) -> Reply:
    """An event in a driver's chat."""
    if told.event == Event.ASKED:
        return question(told.more.get("ask", ""), told.more.get("shipment", ""), scene)
    if told.event in (Event.CLEARED, Event.CLOSED):
        return over(scene)
    return card(scene)


def question(ask: str, shipment: str, scene: Scene) -> Reply:
    """A question with its answers as taps."""
    load = _("Load {number}.").format(number=scene.number)
    if ask == "papers":
        what = scene.what(shipment) if shipment else ""
        title = _("{load} When did you send the papers to the broker?").format(load=load)
        body = (*((say(what),) if what else ()), say(_("Not sent yet? Send them, then tap. Or tell dispatch.")))
        taps = kept(tap(scene, "papers sent now", _("Papers sent now"), shipment))
        return Reply(_sampled(scene, title), body, taps)
    later = (
        tap(scene, "eta +30m", _("There in 30 min")),
        tap(scene, "eta +1h", _("There in 1 h")),
        tap(scene, "eta +2h", _("There in 2 h")),
    )
    crossed = tap(scene, "crossed now", _("I am across"))
    if ask == "arrived":
        title = _("{load} Where are you? Are you at the border?").format(load=load)
        return Reply(_sampled(scene, title), (say(_wait(scene)),), kept(crossed, *later))
    if ask == "crossed":
        title = _("{load} Are you across the border?").format(load=load)
        return Reply(_sampled(scene, title), (), kept(crossed, *later))
    return Reply(_sampled(scene, _("{load} Please call dispatch.").format(load=load)))


def _wait(scene: Scene) -> str:
    """He is asked where he is while the answer is not yes: that must not sound like leave to cross."""
    if scene.brief.kind == LoadKind.BOBTAIL.value:
        return _("Tell us, then wait for dispatch.")
    return _("Do not cross before dispatch tells you.")


def _sampled(scene: Scene, title: str) -> str:
    return marked(title, scene.brief.sample)
