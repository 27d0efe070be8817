"""/person on, off, oncall: who takes an urgent load that nobody has (RULES N4)."""

from handlers.announce.scene import cut
from handlers.commands.asking import Ask, done, no
from handlers.commands.person import person_of, person_or_account
from handlers.reply import Reply, say
from handlers.timewords import when
from handlers.words import _
from storage.people import PersonRecord

_OFF = "off"


async def on(ask: Ask) -> Reply:
    """The speaker is on, for a shift or until a time."""
    me = await person_of(ask, ask.line.who)
    text = (ask.command.value("until") or ask.words).strip().removeprefix("until ").strip()
    carrier = ask.world.carriers[ask.work.carrier]
    ends = ask.now + carrier.policy.shift
    if text:
        ends = when(text, ask.now, carrier.zone, past_ok=False, future_ok=True)
    await ask.work.people.change(me.id, on_until=ends)
    title = _("{name}, you are on until {time}: urgent loads that nobody takes are yours.")
    return await _stands(ask, title.format(name=cut(me.name, 60), time=ask.times().aged(ends)))


async def off(ask: Ask) -> Reply:
    """The speaker is not on any more."""
    me = await person_of(ask, ask.line.who)
    if me.on_until is None or me.on_until <= ask.now:
        return await _stands(ask, _("{name}, you were not on; nothing was changed.").format(name=cut(me.name, 60)))
    await ask.work.people.change(me.id, on_until=None)
    return await _stands(ask, _("{name}, you are off now.").format(name=cut(me.name, 60)))


async def on_call(ask: Ask) -> Reply:
    """Who is on call; with a name that person is from now on, with `off` not any more."""
    text = f"{ask.command.subject} {ask.words}".strip()
    ends = text.casefold().split()[-1:] == [_OFF]
    name = text[: -len(_OFF)].strip() if ends else text
    if not name and ends:
        raise no(_("Who is not on call any more? Nothing was changed."), _("Type: /person oncall @maria off"))
    if not name:
        return await _stands(ask, "")
    person = await person_or_account(ask, name)
    if (person.on_call_since is None) == ends:
        form = _("{name} is not on call; nothing was changed.") if ends else _("{name} is on call already.")
        return await _stands(ask, form.format(name=cut(person.name, 60)))
    await ask.work.people.change(person.id, on_call_since=None if ends else ask.now)
    form = _("{name} is not on call any more.") if ends else _("{name} is on call now.")
    return await _stands(ask, form.format(name=cut(person.name, 60)))


async def _stands(ask: Ask, title: str) -> Reply:
    """A title, and who is on and on call now."""
    people = await ask.work.people.on_duty()
    shifts = [
        _("{name} until {time}").format(name=cut(p.name, 40), time=ask.times().at(p.on_until))
        for p in people
        if p.on_until is not None and p.on_until > ask.now
    ]
    called = [cut(p.name, 40) for p in people if p.on_call_since is not None]
    now = _("On now: {on}. On call: {called}.").format(on=_named(shifts), called=_named(called))
    unheard = await _unheard(ask, people)
    notes = [_("No chat knows {names}: nothing can call them.").format(names=", ".join(unheard))] if unheard else []
    if not shifts and not called:
        notes.append(_("With nobody on or on call, an urgent load that nobody takes is told to the place once more."))
    parts = [say(note) for note in notes]
    return done(title, (), say(now), *parts) if title else done(now, (), *parts)


def _named(names: list[str]) -> str:
    return ", ".join(names) or _("nobody")


async def _unheard(ask: Ask, people: list[PersonRecord]) -> list[str]:
    accounts = await ask.work.people.accounts([p.id for p in people])
    return [cut(p.name, 40) for p in people if not accounts.get(p.id)]
