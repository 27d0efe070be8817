"""The card of a load in a place, and the answer to `/load N status`."""

from datetime import datetime

from bot.domain.alert import ENDED, NEVER_ACCEPTED, NO_NEWS, State
from bot.domain.assessment import Answer
from bot.domain.brief import Brief
from bot.domain.times import age
from handlers.announce import drivers
from handlers.announce.blocks import advice, asides, fields, quiet, shipments, trip
from handlers.announce.facts import TONES, level_word
from handlers.announce.scene import Scene, cut, scene_of
from handlers.announce.scene import marked as scene_marked
from handlers.announce.sentence import answer_line, reason
from handlers.announce.taps import taps
from handlers.reply import Part, Reply, Tone, say
from handlers.words import _, mark

#: Whole shipments on a card and in a status; the rest is counted.
_ON_CARD, _IN_STATUS = 5, 8
#: Why an alert was closed, as the rules spell it.
_CLOSED = {
    NEVER_ACCEPTED: mark("crossed, never seen accepted"),
    NO_NEWS: mark("no news long after the ETA, so what became of it is unknown"),
}
_OPEN = {
    State.WAITING: mark("Nothing presses any more; it stays here until a fact ends it."),
    State.LAST_KNOWN: mark("This is what was last known: nobody tells us more now."),
    State.MORE_TIME: mark("A later ETA gives more time; it stays here until a fact ends it."),
}


def card(brief: Brief, now: datetime, *, driver: bool = False) -> Reply:
    """The one message of a load in a place; in a driver's chat only what he must do, never why and never a go."""
    scene = scene_of(brief, now)
    if driver:
        return drivers.card(scene)
    if brief.state in ENDED:
        return _ended(scene)
    found = brief.found
    title = answer_line(scene)
    if found.level is not None and not found.is_go:
        title = f"{level_word(found.level)} {title}"
    body: list[Part] = [*_state(scene), *advice(scene), *trip(scene), *shipments(scene, _ON_CARD, headed=True)]
    return Reply(marked(scene, title), (*body, *asides(scene), fields(scene)), taps(scene, owning=True), tone(scene))


def status(brief: Brief, now: datetime) -> Reply:
    """May it go: the first line answers in a sentence, then each shipment, what it waits for, whom to call."""
    scene = scene_of(brief, now)
    if brief.state == State.CLOSED and not brief.found.ended:
        return _ended(scene)
    owning = bool(brief.state) and brief.state not in ENDED
    over = bool(brief.found.ended)
    body: list[Part] = [] if over else [*_state(scene), *advice(scene), *trip(scene)]
    body += [*shipments(scene, _IN_STATUS, headed=not over), *([] if over else asides(scene)), fields(scene)]
    again = brief.found.look_again_at
    if again is not None and again > now and not over:
        body.append(quiet(_("Looked at again {time}, or at once when news comes.").format(time=scene.aged(again))))
    return Reply(marked(scene, answer_line(scene)), tuple(body), taps(scene, owning=owning), tone(scene))


def advised(brief: Brief, now: datetime) -> tuple[str, list[Part]]:
    """The answer in a sentence, and whom to call now with what to say."""
    scene = scene_of(brief, now)
    return marked(scene, answer_line(scene)), advice(scene)


def marked(scene: Scene, title: str) -> str:
    """The title of what is said of a load."""
    return scene_marked(title, scene.brief.sample)


def tone(scene: Scene) -> Tone:
    """Colour by level; green only for a plain yes."""
    found = scene.brief.found
    if found.ended:
        return Tone.DONE
    if found.answer is Answer.GO:
        return Tone.GO
    if found.is_go or found.level is None:
        return Tone.INFO
    return TONES[found.level]


def _state(scene: Scene) -> list[Part]:
    text = _OPEN.get(State(scene.brief.state)) if scene.brief.state else None
    return [say(_(text))] if text else []


def _ended(scene: Scene) -> Reply:
    """The last look of a card: what ended it and how long it took; nothing left to tap."""
    body = (*shipments(scene, _ON_CARD), *_after(scene), fields(scene))
    good = scene.brief.state == State.CLEARED and scene.brief.found.answer is Answer.GO
    return Reply(marked(scene, end_line(scene)), body, (), Tone.GO if good else Tone.DONE)


def _after(scene: Scene) -> list[Part]:
    """What stands now, where that is no longer what ended the alert."""
    found = scene.brief.found
    if scene.brief.state != State.CLEARED or found.is_go or found.ended:
        return []
    return [say(_("That was so then. Now: {what}").format(what=answer_line(scene)))]


def end_line(scene: Scene) -> str:
    """How the alert ended, in a sentence."""
    if scene.brief.state == State.CLEARED:
        return cleared_line(scene)
    form = _("{number} closed{after}: {why}.")
    return form.format(number=scene.number, after=lasted(scene), why=closed_why(scene.brief.end_why))


def cleared_line(scene: Scene) -> str:
    """`1234 CLEARED after 52 min: accepted by CBSA 12:20 …`, said only while the answer is yes (A5)."""
    found = scene.brief.found
    if not found.is_go:
        form = _("{number}: the alert ended{after}.")
    elif found.answer is Answer.GO_BUT:
        form = _("{number} CLEARED{after}, BUT {why}.")
    else:
        form = _("{number} CLEARED{after}: {why}.")
    return form.format(number=scene.number, after=lasted(scene), why=reason(scene))


def closed_why(why: str) -> str:
    """Why an alert was closed, and by whom."""
    known = _CLOSED.get(why)
    return _(known) if known else cut(why, 120) or _("no reason was given")


def lasted(scene: Scene) -> str:
    """` after 52 min`, where both ends are known."""
    start, end = scene.brief.raised_at, scene.brief.ended_at
    if start is None or end is None:
        return ""
    return " " + _("after {age}").format(age=age(end - start))
