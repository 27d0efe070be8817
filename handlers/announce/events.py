"""Words: one event of an alert in a thread, or several that waited told as one line."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.alert import ON, Event
from bot.domain.assessment import WORSE, Answer
from bot.domain.brief import Told
from bot.domain.kinds import Level
from bot.domain.times import age
from handlers.announce import drivers
from handlers.announce.asking import asked
from handlers.announce.blocks import advice
from handlers.announce.cards import cleared_line, closed_why, lasted, marked
from handlers.announce.facts import TONES, level_word
from handlers.announce.holdwords import title
from handlers.announce.scene import Scene, cut, scene_of
from handlers.announce.sentence import answer_line, arrival, reason
from handlers.announce.taps import kept, tap
from handlers.reply import Button, Part, Reply, Tone
from handlers.words import _, ngettext

#: A word that waited longer than this says when it was so.
_WAITED = timedelta(minutes=5)
#: Events of the past that one line names, the last ones.
_STEPS = 6
_ENDS = frozenset({Event.CLEARED, Event.CLOSED})
#: After these nobody needs to be called any more.
_TAKEN = _ENDS | {Event.OWNED}


def word(told: Told, now: datetime) -> Reply:
    """One event, told once, with the load as it stood then."""
    scene = scene_of(told.brief, now)
    if told.more.get("topic") == drivers.TOPIC:
        return drivers.word(told, scene)
    if told.event == Event.ASKED:
        return asked(told, scene)
    said = _SAYS[Event(told.event)](told, scene)
    if now - told.at > _WAITED:
        said = _("{said} ({age} ago)").format(said=said, age=age(now - told.at))
    return Reply(
        marked(scene, said), _body(told, scene), _taps(told, scene), _tone(told, scene), mention=_called([told])
    )


def words_as_one(all_: Sequence[Told], now: datetime) -> Reply:
    """Words that waited while the state moved on: how it stands, and in the same line what happened meanwhile."""
    *before, last = all_
    if not before:
        return word(last, now)
    scene = scene_of(last.brief, now)
    if last.more.get("topic") == drivers.TOPIC:
        return drivers.word(last, scene)
    if last.event == Event.ASKED:
        return asked(last, scene)
    said = _SAYS[Event(last.event)](last, scene)
    steps = [_step(one, scene) for one in before if one.event != Event.ASKED]
    if steps:
        shown = ("… " if len(steps) > _STEPS else "") + "; ".join(steps[-_STEPS:])
        said = _("{said} Before that: {steps}.").format(said=said, steps=shown)
    shown_to = _called(all_)
    return Reply(marked(scene, said), _body(last, scene), _taps(last, scene), _tone(last, scene), mention=shown_to)


def _called(all_: Sequence[Told]) -> tuple[str, ...]:
    """Who is called, by words of which nobody took the load since, nor did it end."""
    called: list[str] = []
    for one in all_:
        called = [] if one.event in _TAKEN else [*called, *one.more.get("calls", "").split()]
    return tuple(dict.fromkeys(called))


def _step(told: Told, scene: Scene) -> str:
    """One event of the past in two words and its time; an end that did not last is not called one of facts (A5)."""
    what = {
        Event.RAISED: _("raised at {level}"),
        Event.LEVEL: _("{level}"),
        Event.SAID: _("more was said"),
        Event.OWNED: _("{who} took it"),
        Event.UNOWNED: _("{who} let it lapse"),
        Event.ESCALATED: _("nobody had it"),
        Event.REOPENED: _("came back at {level}"),
        Event.WAITING: _("waiting"),
        Event.LAST_KNOWN: _("nobody told us more"),
        Event.MORE_TIME: _("more time"),
        Event.CLEARED: _("had ended"),
        Event.CLOSED: _("was closed"),
    }[Event(told.event)]
    said = what.format(level=level_word(told.level), who=cut(told.why, 40) or _("somebody"))
    return f"{said} {scene.at(told.at)}"


def _news(told: Told, scene: Scene) -> str:
    """The holds this event is about, else what the answer rests on."""
    about = [title(h, scene) for h in scene.brief.found.standing if h.fingerprint in told.about]
    more = len(about) - 3
    named = "; ".join(about[:3])
    if more > 0:
        named = ngettext("{named}; and {n} more", "{named}; and {n} more", more).format(named=named, n=more)
    return named or reason(scene)


def _raised(told: Told, scene: Scene) -> str:
    return f"{level_word(told.level)} {answer_line(scene)}"


def _level(told: Told, scene: Scene) -> str:
    form = _("{number} is {level} now: {what}. {arrival}")
    said = form.format(
        number=scene.number, level=level_word(told.level), what=_news(told, scene), arrival=arrival(scene)
    )
    if told.why:
        said = _("{said} {name} had it; at this level it needs an owner again.").format(
            said=said, name=cut(told.why, 40)
        )
    return said


def _said(told: Told, scene: Scene) -> str:
    return _("{number}, new: {what}.").format(number=scene.number, what=_news(told, scene))


def _owned(told: Told, scene: Scene) -> str:
    name, until = cut(told.why or scene.brief.owner, 40) or _("Somebody"), scene.brief.owned_until
    if until is None:
        return _("{name} has {number}.").format(name=name, number=scene.number)
    return _("{name} has {number} until {time}.").format(name=name, number=scene.number, time=scene.at(until))


def _unowned(told: Told, scene: Scene) -> str:
    form = _("{name} had {number} until now; nobody has it any more. {answer}")
    return form.format(number=scene.number, name=cut(told.why, 40) or _("Somebody"), answer=answer_line(scene))


def _escalated(told: Told, scene: Scene) -> str:
    form = _("{level}, and nobody has it: {answer}")
    names = cut(told.more.get("names", ""), 80)
    if names:
        form = _("{level}, and nobody has it. On call, {names}: {answer}")
        if told.why == ON:
            form = _("{level}, and nobody has it. {names}, it is yours to take: {answer}")
    return form.format(level=level_word(told.level), answer=answer_line(scene), names=names)


def _reopened(told: Told, scene: Scene) -> str:
    form = _("{number} is back at {level}: {what}. {arrival}")
    return form.format(
        number=scene.number, level=level_word(told.level), what=_news(told, scene), arrival=arrival(scene)
    )


def _waiting(told: Told, scene: Scene) -> str:
    judged = scene.brief.found.shipments
    good = [j.shipment for j in judged if j.rests_on is not None]
    still = [j.shipment for j in judged if WORSE[j.answer] >= WORSE[Answer.UNKNOWN]]
    parts = []
    if good and len(judged) > 1:
        parts.append(_("{numbers} accepted").format(numbers=_few(good, scene)))
    if still and len(judged) > 1:
        parts.append(_("{numbers} open").format(numbers=_few(still, scene)))
    form = _("{number}: no hold stands now, not over yet: {parts}{reason}.")
    shown = ", ".join(parts) + "; " if parts else ""
    return form.format(number=scene.number, parts=shown, reason=reason(scene))


def _few(shipments: list[str], scene: Scene) -> str:
    more = len(shipments) - 4
    return ", ".join(scene.short(s) for s in shipments[:4]) + (f" +{more}" if more > 0 else "")


def _last_known(told: Told, scene: Scene) -> str:
    facts = [j.last or j.rests_on for j in scene.brief.found.shipments]
    at = max((f.at for f in facts if f is not None), default=None)
    if at is None:
        return _("{number}: nobody tells us more now; {reason}.").format(number=scene.number, reason=reason(scene))
    form = _("{number}: last known {time}, nobody tells us more now; {reason}.")
    return form.format(number=scene.number, time=scene.aged(at), reason=reason(scene))


def _more_time(told: Told, scene: Scene) -> str:
    form = _("{number}: more time, ETA {port} now {eta}; {reason}.")
    return form.format(number=scene.number, port=scene.port, eta=scene.eta, reason=reason(scene))


def _cleared(told: Told, scene: Scene) -> str:
    return cleared_line(scene)


def _closed(told: Told, scene: Scene) -> str:
    form = _("{number} closed{after}: {why}.")
    return form.format(number=scene.number, after=lasted(scene), why=closed_why(told.why))


_SAYS: dict[Event, Callable[[Told, Scene], str]] = {
    Event.RAISED: _raised,
    Event.LEVEL: _level,
    Event.SAID: _said,
    Event.OWNED: _owned,
    Event.UNOWNED: _unowned,
    Event.ESCALATED: _escalated,
    Event.REOPENED: _reopened,
    Event.WAITING: _waiting,
    Event.LAST_KNOWN: _last_known,
    Event.MORE_TIME: _more_time,
    Event.CLEARED: _cleared,
    Event.CLOSED: _closed,
}
_CALL = frozenset({Event.RAISED, Event.LEVEL, Event.SAID, Event.ESCALATED, Event.REOPENED, Event.UNOWNED})


def _body(told: Told, scene: Scene) -> tuple[Part, ...]:
    """Whom to call, where the word asks somebody to act."""
    return tuple(advice(scene, told.about)) if told.event in _CALL else ()


def _taps(told: Told, scene: Scene) -> tuple[Button, ...]:
    if told.event not in _CALL:
        return ()
    return kept(tap(scene, "got it", _("Got it"), style="primary"), tap(scene, "why", _("Why")))


def _tone(told: Told, scene: Scene) -> Tone:
    if told.event in _ENDS:
        return Tone.GO if told.event == Event.CLEARED and scene.brief.found.answer is Answer.GO else Tone.DONE
    if told.event in _CALL:
        return TONES[Level(told.level)]
    return Tone.INFO
