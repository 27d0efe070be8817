"""/route: which place hears what."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.kinds import Level
from bot.domain.route import CARM, NO, ONLY, YES, carm_of, hear_carm, hear_loads, none_hears_carm
from bot.watch.gone import leave
from bot.watch.tell import post_open
from handlers.announce.scene import cut
from handlers.commands import crossing
from handlers.commands.asking import Ask, done, no
from handlers.commands.naming import party_of
from handlers.reply import Reply, Table, say
from handlers.words import _, begun, ngettext
from storage.ids import new_id
from storage.posts import PostRecord
from storage.routes import RouteRecord

#: Topic of the post that /route test makes in each place.
TEST = "test"


async def here(ask: Ask) -> Reply:
    """This place hears alerts from now on; cards of open ones are posted at once."""
    place = ask.line.where
    if place.door == "console":
        raise no(_("The console hears everything anyway. Type this in the channel or group that should hear."))
    matchers: Mapping[str, Any] = await _matchers(ask)
    name = place.name or (_("a private chat") if ask.line.private else place.external)
    await ask.work.routes.save(
        RouteRecord(new_id(), place.door, place.workspace, place.external, name, ask.who.name, ask.now, matchers)
    )
    route = await ask.work.routes.find(place)
    matchers = route.matchers if route else matchers
    await ask.work.members.add(place, [ask.line.who.external])
    ask.work.after_commit(ask.office.forget)
    loads = await _left(ask)
    count = await post_open(ask.work, ask.world)
    title = _("{place} hears {what} from now on.").format(place=cut(name, 60), what=spelled(matchers))
    told = ngettext("The card of {n} open alert follows", "The cards of {n} open alerts follow", count)
    cards = told.format(n=count) if count else _("no alert is open now")
    news = [_where(loads) if carm_of(matchers) == ONLY else cards, *_unheard(await ask.work.routes.on())]
    return done(title, news)


def _unheard(routes: Sequence[RouteRecord]) -> list[str]:
    """What is said where every place asked not to hear of CARM: somebody must."""
    if not none_hears_carm(routes):
        return []
    names = ", ".join(cut(route.name or route.external, 40) for route in hear_carm(routes)[:8])
    form = _(
        "no place wants CARM's messages, so they are told in {names}: /route here carm=only elsewhere changes that"
    )
    return [form.format(names=names)]


async def _left(ask: Ask) -> list[RouteRecord]:
    """Ends the cards of loads in places that hear of CARM alone; the places that hear loads."""
    on = await ask.work.routes.on()
    loads = hear_loads(on)
    if len(loads) < len(on):
        await ask.work.loads.lock({a.load_id for a in await ask.work.alerts.open(1000)})
    for route in on:
        if route not in loads:
            await leave(ask.work, route.place)
    return loads


def _where(loads: list[RouteRecord]) -> str:
    """Where loads are heard, said to a place that asked for CARM alone."""
    if all(carm_of(route.matchers) == ONLY for route in loads):
        return _("no other place hears loads, so they are told here too: /route here in another one changes that")
    names = ", ".join(cut(route.name or route.external, 40) for route in loads[:8])
    return _("holds and all else of loads are told in: {names}").format(names=names)


def _carm(ask: Ask) -> dict[str, list[str]]:
    """What the place asked for of CARM's messages: by default they go wherever all loads are heard."""
    word = (ask.command.value("carm") or "").strip().casefold()
    if not word:
        return {}
    if word not in (ONLY, NO, YES):
        raise no(
            _("carm= is only, no or yes: what this place hears of CARM's messages. Nothing was changed."),
            _("Type: {line}").format(line="/route here carm=only"),
        )
    if word == ONLY and any(ask.command.value(key) for key in ("to", "port", "broker")):
        raise no(
            _("A place with carm=only hears no loads, so to=, port= and broker= choose nothing. Nothing was changed."),
            _("For loads and CARM's messages type carm=yes."),
        )
    return {CARM: [word]}


async def _matchers(ask: Ask) -> dict[str, list[str]]:
    value = ask.command.value
    for key in ("level", "language"):
        if value(key):
            raise no(
                _("{key}= is not kept: a place hears every level, in English. Nothing was changed.").format(key=key),
                _("Type it without, as in: /route here to=CA port=Sarnia broker=PCB"),
            )
    found = _carm(ask)
    if to := value("to"):
        if to.upper() not in ("CA", "US"):
            raise no(_("to= is CA or US, the country that the truck enters. Nothing was changed."))
        found["direction"] = [to.upper()]
    if port := value("port"):
        meant = crossing.every(ask, port, _("Nothing was changed."), lambda name: f'/route here port="{name}"')
        found["crossing"] = [c.name for c in meant]
    if broker := value("broker"):
        party = await party_of(ask, broker)
        if party is None:
            title = _("There is no broker “{name}” in the address book. Nothing was changed.")
            raise no(title.format(name=cut(broker, 40)), _("All brokers: /broker"))
        found["broker"] = [party.id]
    return found


def spelled(matchers: object) -> str:
    """What a place hears, in words."""
    found = matchers if isinstance(matchers, dict) else {}
    parts = [f"{key}: {', '.join(map(str, values))}" for key, values in found.items() if values and key != CARM]
    loads = _("loads of {what}").format(what="; ".join(parts)) if parts else _("all loads")
    carm = {ONLY: _("CARM's messages and no loads"), NO: _("{loads}, and nothing of CARM's messages"),
            YES: _("{loads} and CARM's messages")}.get(carm_of(found), "{loads}")  # fmt: skip
    return carm.format(loads=loads)


async def places(ask: Ask) -> Reply:
    """The places and what they hear."""
    routes = await ask.work.routes.all()
    on = [r for r in routes if r.off_at is None]
    if not routes:
        return Reply(
            _("No place hears alerts yet."), (say(_("In the channel or group that should, type: /route here")),),
            private=True,
        )  # fmt: skip
    title = ngettext("{n} place hears alerts.", "{n} places hear alerts.", len(on)).format(n=len(on))
    rows = tuple((r.door, cut(r.name or r.external, 40), spelled(dict(r.matchers)), _state(r)) for r in routes[:40])
    table = Table((_("Chat"), _("Place"), _("Hears"), _("State")), rows)
    return Reply(title, (table, *(say(begun(told) + ".") for told in _unheard(on))), private=True)


def _state(route: RouteRecord) -> str:
    return _("off: {why}").format(why=cut(route.off_why, 60)) if route.off_at else _("on")


async def test(ask: Ask) -> Reply:
    """A test message to every place."""
    routes = await ask.work.routes.on()
    if not routes:
        raise no(_("No place hears alerts yet."), _("In the channel or group that should, type: /route here"))
    topic = f"{TEST}:{ask.delivery}"
    posts = await ask.work.posts.ensure(
        [PostRecord(new_id(), r.door, r.workspace, r.external, topic=topic, wanted_version=0) for r in routes]
    )
    await ask.work.outbox.cards(posts, ask.world.machine(), int(Level.URGENT))
    await ask.work.posts.end([p.id for p in posts], ask.now)
    names = ", ".join(cut(r.name or r.external, 40) for r in routes[:12])
    title = ngettext("A test message is on its way to {n} place.", "A test message is on its way to {n} places.",
                     len(routes))  # fmt: skip
    return done(title.format(n=len(routes)), (_("it must show up in: {names}").format(names=names),))


async def off(ask: Ask) -> Reply:
    """This place hears no more alerts."""
    place = ask.line.where
    if not await ask.work.routes.off(place, _("turned off by {name}").format(name=ask.who.name), ask.now):
        raise no(_("This place hears no alerts; nothing was changed."), _("All places: /route list"))
    await leave(ask.work, place)
    ask.work.after_commit(ask.office.forget)
    left = await ask.work.routes.on()
    warning = () if left else (_("no place is left that hears alerts: type /route here where they should go"),)
    return done(_("This place hears no more alerts."), warning)
