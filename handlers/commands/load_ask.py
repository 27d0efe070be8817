"""/load 1234 ask: a question to customs by hand, or whom to phone where nobody can be asked."""

from collections.abc import Collection

from bot.domain.asking import Why
from bot.domain.facts import About
from bot.domain.load import BY_PAPER, Shipment
from bot.domain.status import Authority
from bot.watch import intake
from bot.watch.gather import Case, gather
from bot.watch.look import reassess
from bot.watch.questions import askers, can_ask, put
from handlers.announce.facts import answers_now, question
from handlers.announce.scene import Scene, cut, scene_of
from handlers.commands.asking import Ask, no
from handlers.commands.standing import brief_now, stands
from handlers.commands.subjects import label, shipments_meant, the_load
from handlers.reply import Reply
from handlers.words import _


async def ask_customs(ask: Ask) -> Reply:
    """Asks customs about a load's shipments now; what nobody can be asked about is said, and whom to call."""
    meant = await the_load(ask)
    await intake.open_load(ask.work, meant.record.id)
    rows = await shipments_meant(ask, meant, ask_which=False)
    (case,) = await gather(ask.work, ask.world, [meant.record.id])
    scene = scene_of(await brief_now(ask, meant.record.id), ask.now)
    named = {s.id: s for s in case.load.shipments}
    why_not = {s.id: _why_not(ask, case, named[s.id], scene) for s in rows}
    asked = [s for s in rows if not why_not[s.id]]
    refused = [f"{scene.what(id_)}: {why}" for id_, why in why_not.items() if why]
    number = cut(meant.record.number, 40)
    if not asked:
        title = _("Nobody was asked about {number}.").format(number=number)
        raise no(title, *(refused or [_("It has no shipment to ask about.")]))
    _case, questions = await put(
        ask.work, ask.world, case, [f"{Why.HAND.value}:{s.id}" for s in asked], by=ask.who.name
    )
    await ask.work.questions.add(questions)
    await reassess(ask.work, ask.world, [meant.record.id])
    until = ask.now + ask.world.carriers[ask.work.carrier].policy.answer_within
    title = _("{number}: {whom} is asked about {what}; answer by {until}.").format(
        number=number,
        whom=_whom(ask, {q.feed for q in questions}),
        what=label(asked, len(named)),
        until=scene.at(until),
    )
    return await stands(ask, meant.record.id, title, refused)


def _whom(ask: Ask, feeds: Collection[str]) -> str:
    """Who is asked through these feeds: customs, or whoever stands behind a feed that is not its word."""
    known = askers(ask.world, ask.work.carrier)
    own = sorted(f for f in feeds if f in known and known[f].authority is Authority.CUSTOMS)
    named = [_("customs ({feeds})").format(feeds=cut(", ".join(own), 60))] if own else []
    return ", ".join([*named, *(cut(f, 30) for f in sorted(set(feeds) - set(own)))])


def _why_not(ask: Ask, case: Case, shipment: Shipment, scene: Scene) -> str:
    """Why customs can't be asked about a shipment now; '' when it can."""
    about = case.facts.about.get(shipment.id) or About()
    judged = next((j for j in scene.brief.found.shipments if j.shipment == shipment.id), None)
    if not shipment.ccn:
        return _("it has no number yet; type it: /load {key} pars NUMBER").format(key=scene.key)
    if about.clearance.released:
        return _("it is released, there is nothing to ask")
    if judged is not None and judged.asked and not judged.asked.answered and not judged.asked.silent:
        return question(judged.asked, scene)
    feeds = case.coverage.get(shipment.id, ())
    if shipment.type in BY_PAPER or can_ask(ask.world, ask.work.carrier, feeds) is None:
        return f"{_nobody(ask, shipment, feeds)} {_call(shipment.id, scene)}"
    return ""


def _nobody(ask: Ask, shipment: Shipment, feeds: Collection[str]) -> str:
    if shipment.type in BY_PAPER:
        return _("it goes by paper, no feed knows of it.")
    dead = [f for f in askers(ask.world, ask.work.carrier) if f in feeds]
    if dead:
        return _("{feed} could ask, but it is dead now.").format(feed=cut(dead[0], 30))
    return _("no feed that hears of it can ask customs.")


def _call(shipment: str, scene: Scene) -> str:
    paper = scene.paper(shipment)
    if paper is None or not paper.broker.name:
        return _("Call the broker, who is not known here (type: /load {key} broker NAME).").format(key=scene.key)
    return _("Call {name}, {phone}.").format(name=cut(paper.broker.name, 40), phone=answers_now(paper.broker, scene))
