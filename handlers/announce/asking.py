"""Questions to dispatch: what only people know, with one-tap answers (F4, T1, T6, T7)."""

from dataclasses import replace

from bot.domain.brief import Told
from handlers.announce.blocks import strong
from handlers.announce.facts import answers_now, told
from handlers.announce.scene import Scene, cut, marked
from handlers.announce.sentence import arrival
from handlers.announce.taps import kept, tap
from handlers.reply import Part, Reply, Tone, say
from handlers.words import _


def asked(event: Told, scene: Scene) -> Reply:
    """A question in a dispatch place."""
    match event.more.get("ask", event.why):
        case "word":
            return _word(event.more.get("shipment", ""), scene)
        case "papers":
            return _papers(event.more.get("shipment", ""), scene)
        case "eta":
            title = _("{number}: when is it at the border? Type /load {key} eta 14:30")
            return _reply(scene, title.format(number=scene.number, key=scene.key))
        case "arrived":
            title = _("{number}: where is the truck? {arrival}")
            return _crossing(scene, title.format(number=scene.number, arrival=arrival(scene)))
    title = _("{number}: did it cross? ETA was {eta}, and nobody told us more.")
    return _crossing(scene, title.format(number=scene.number, eta=scene.eta))


def _reply(scene: Scene, title: str, *parts: Part) -> Reply:
    return Reply(marked(title, scene.brief.sample), parts, tone=Tone.WARN)


def _word(shipment: str, scene: Scene) -> Reply:
    """A word by phone that would end on the way is asked again."""
    judged = next((j for j in scene.brief.found.shipments if j.shipment == shipment), None)
    fact = judged.rests_on if judged else None
    what = scene.what(shipment)
    said = f"{what}: {told(fact, scene, brief=True)}." if fact else _("{what}: by phone.").format(what=what)
    until = judged.until if judged else None
    ends = _("It ends {time}: is it still so?").format(time=scene.aged(until)) if until else _("Is it still so?")
    paper = scene.paper(shipment)
    parts: list[Part] = [say(arrival(scene))]
    if paper is not None and paper.broker.name:
        who = f"{cut(paper.broker.name, 40)}, {answers_now(paper.broker, scene)}"
        parts.append(strong(_("Call first: "), who))
    asking = _("{what}, ETA {port} {eta}: is it still accepted? Under which transaction number?")
    words = asking.format(what=what, port=scene.port, eta=scene.at(scene.brief.found.eta))
    parts.append(strong(_("Say: "), f"“{words}”"))
    reply = _reply(scene, f"{scene.number}: {said} {ends}", *parts)
    taps = kept(
        tap(scene, "accepted", _("Still accepted, by phone"), shipment),
        tap(scene, "not filed", _("Not filed"), shipment),
    )
    return replace(reply, buttons=taps)


def _papers(shipment: str, scene: Scene) -> Reply:
    title = _("{number}: when were the papers for {what} sent?").format(
        number=scene.number, what=scene.what(shipment) if shipment else _("the load")
    )
    reply = _reply(scene, title, say(arrival(scene)))
    return replace(reply, buttons=kept(tap(scene, "papers sent now", _("Papers sent now"), shipment)))


def _crossing(scene: Scene, title: str) -> Reply:
    reply = _reply(scene, title, say(_("At another time: /load {key} crossed 14:10").format(key=scene.key)))
    taps = kept(tap(scene, "crossed now", _("Crossed")), tap(scene, "cancel", _("It does not run")))
    return replace(reply, buttons=taps)
