"""/feed: how the border is heard: liveness, what could not be read, reading again, outages."""

import json
from datetime import datetime, timedelta

from bot.domain.carrier import FeedCover
from bot.domain.coverage import Liveness
from bot.domain.kinds import Level
from bot.domain.route import hear_loads
from bot.watch.outage import CBSA, topic
from bot.watch.replay import setting_of
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, done, no
from handlers.commands.feed_one import troubles
from handlers.reply import Part, Reply, Table, Tone, say
from handlers.timewords import when
from handlers.words import _, ngettext
from storage.feeds import FeedState
from storage.ids import new_id
from storage.posts import PostRecord
from storage.problems import MOST_COUNTED, ProblemRecord

_STATES = {
    Liveness.ALIVE: "alive",
    Liveness.CANT_TELL: "can't tell",
    Liveness.DEAD: "DEAD",
}
#: Systems whose silence can be declared an outage.
AGENCIES = (CBSA,)
#: Loads that are due together when an outage turns, and how much sooner than the next so many.
_TOGETHER, _STEP = 100, timedelta(microseconds=1)


def own_feeds(ask: Ask) -> dict[str, FeedCover]:
    """The feeds that may speak for this carrier."""
    return {c.feed: c for c in ask.world.carriers[ask.work.carrier].feeds}


async def feeds(ask: Ask) -> Reply:
    """Feeds, whether they live, their last word."""
    own = own_feeds(ask)
    states = await ask.work.feeds.of(own)
    problems = await ask.work.problems.counts()
    outages = await ask.work.outages.on()
    dead = [n for n in own if n in states and states[n].state == Liveness.DEAD]
    rows = tuple(_row(ask, name, own[name], states.get(name), problems.get(name, 0)) for name in own)
    header = (_("Feed"), _("State"), _("Last word"), _("Messages"), _("Problems"), _("Tells about"))
    body: list[Part] = [Table(header, rows), *troubles(ask, states)] if rows else []
    for outage in outages.values():
        said = _("{agency} is declared down since {time}, by {name}: /feed outage {agency} off")
        body.append(say(said.format(agency=outage.agency, time=ask.times().aged(outage.since), name=outage.by_name)))
    if not own:
        return Reply(_("No feed is configured: what the border says comes by phone only."), tuple(body), private=True)
    title = ngettext("{n} feed, {dead} dead.", "{n} feeds, {dead} dead.", len(own))
    tone = Tone.URGENT if dead else Tone.INFO
    return Reply(title.format(n=len(own), dead=len(dead)), tuple(body), tone=tone, private=True)


def _row(ask: Ask, name: str, cover: FeedCover, state: FeedState | None, problems: int) -> tuple[str, ...]:
    times = ask.times()
    tells = ", ".join(sorted(t.value for t in cover.tracks))
    only = sorted(cover.codes | cover.brokers)
    tells += _(" for {which}").format(which=", ".join(only[:4])) if only else ""
    if state is None:
        return (cut(name, 30), _("not heard yet"), "", "0", _counted(problems), tells)
    life = _STATES[Liveness(state.state)]
    if state.state == Liveness.DEAD:
        life = _("{state} since {time}").format(state=life, time=times.aged(state.since))
    last = times.aged(state.last_word) if state.last_word else _("never")
    return (cut(name, 30), life, last, str(state.messages), _counted(problems), tells)


def _counted(problems: int) -> str:
    return f"{problems}+" if problems >= MOST_COUNTED else str(problems)


async def problems(ask: Ask) -> Reply:
    """What could not be read."""
    found = await ask.work.problems.of_feeds(own_feeds(ask), 100)
    shown, hidden = await _mine(ask, found)
    if not found:
        return Reply(_("Everything that came could be read."), tone=Tone.GO, private=True)
    title = ngettext("{n} place could not be read.", "{n} places could not be read.", len(found))
    times = ask.times()
    rows = tuple(
        (times.aged(p.at), cut(p.feed, 20), cut(p.place, 40), cut(p.why, 100), cut(p.code, 20)) for p in shown[:20]
    )
    more = len(shown) - len(rows)
    rest = _("… and {n} more").format(n=more) if more > 0 else ""
    body: list[Part] = [Table((_("When"), _("Feed"), _("Where"), _("Why"), _("Code")), rows, rest)] if rows else []
    if hidden:
        form = _("{n} more are in messages of a feed that also speaks for others, so they are not shown here.")
        body.append(say(form.format(n=hidden)))
    body.append(say(_("The messages are kept; after a fix read them again: /feed rns replay")))
    return Reply(title.format(n=len(found)), tuple(body), tone=Tone.WARN, private=True)


async def _mine(ask: Ask, found: list[ProblemRecord]) -> tuple[list[ProblemRecord], int]:
    """Problems that this carrier may see: of its own feeds, and of shared ones where a message spoke of it."""
    others = [c for name, c in ask.world.carriers.items() if name != ask.work.carrier]
    shared = {cover.feed for c in others for cover in c.feeds}
    raws = await ask.work.raws.of([p.raw_id for p in found if p.raw_id and p.feed in shared])
    about = {r.id for r in raws}
    mine = [p for p in found if p.feed not in shared or p.raw_id in about]
    return mine, len(found) - len(mine)


async def replay(ask: Ask) -> Reply:
    """Has a feed's kept messages read again."""
    own = own_feeds(ask)
    name = ask.command.subject.strip()
    if name not in own:
        known = ", ".join(own) or _("none")
        raise no(
            _("There is no feed “{name}”. Nothing was changed.").format(name=cut(name, 40)),
            _("Feeds: {names}").format(names=known),
        )
    since = ask.command.value("since")
    start: datetime | None = None
    if since:
        start = when(since, ask.now, ask.home, past_ok=True, future_ok=False)
    wanted = {"since": start.isoformat() if start else "", "by": ask.who.name, "at": ask.now.isoformat()}
    await ask.work.settings.save(setting_of(name), json.dumps(wanted))
    which = _("since {time}").format(time=ask.times().aged(start)) if start else _("read by an older version")
    title = _("The messages of {feed} {which} are read again now.").format(feed=name, which=which)
    return done(title, (_("what changes shows on the cards; what still cannot be read: /feed problems"),))


async def outage(ask: Ask) -> Reply:
    """Customs' system is down, or back."""
    words = [w.casefold() for w in ask.command.words]
    agency = next((w for w in words if w in AGENCIES), "")
    turn = next((w for w in words if w in ("on", "off", "over", "down", "up", "back")), "")
    if not agency or not turn:
        raise no(
            _("Whose outage, on or off? Nothing was changed."),
            _("Type: {line} (only CBSA's can be declared)").format(line="/feed outage cbsa on"),
        )
    on = turn in ("on", "down")
    if on:
        changed = await ask.work.outages.start(agency, ask.who.name, ask.now)
    else:
        changed = await ask.work.outages.end(agency, ask.who.name, ask.now)
    name = agency.upper()
    if not changed:
        said = _("{agency} is declared down already; nothing was changed.") if on else _("No outage of {agency} is on.")
        raise no(said.format(agency=name))
    await _show(ask, agency, on)
    carriers = ask.world.outages | {ask.work.carrier} if on else ask.world.outages - {ask.work.carrier}
    count = await _due(ask)
    ask.work.after_commit(lambda: setattr(ask.world, "outages", carriers))
    loads = ngettext("{n} open load is looked at again", "{n} open loads are looked at again", count).format(n=count)
    if on:
        title = _("{agency} is down: only reasons that rest on its silence are hidden, and counted.")
        return done(title.format(agency=name), (loads, _("when it is back, type: /feed outage cbsa off")))
    return done(_("{agency} is back: silence counts again.").format(agency=name), (loads,))


async def _due(ask: Ask) -> int:
    """Makes all open loads due, the nearest first: so they are looked at and told (C4)."""
    ids = await ask.work.loads.open_by_eta()
    slices = [ids[i : i + _TOGETHER] for i in range(0, len(ids), _TOGETHER)]
    for place, some in enumerate(slices):
        await ask.work.loads.touch(some, ask.now - (len(slices) - 1 - place) * _STEP)
    return len(ids)


async def _show(ask: Ask, agency: str, on: bool) -> None:
    """One card of the outage in every place; its end edits it."""
    name = topic(agency)
    posts = (await ask.work.posts.of_topics([name])).get(name, [])
    if on:
        routes = hear_loads(await ask.work.routes.on())
        posts = await ask.work.posts.ensure(
            [PostRecord(new_id(), r.door, r.workspace, r.external, topic=name, wanted_version=0) for r in routes]
        )
    await ask.work.outbox.cards(posts, ask.world.machine(), int(Level.URGENT))
    if not on:
        await ask.work.posts.end([p.id for p in posts], ask.now)
