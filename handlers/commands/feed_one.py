"""/feed NAME: how one feed fares: last good, last word, last error, counts."""

from bot.domain.coverage import Liveness
from bot.watch.life import fails
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, no
from handlers.reply import Fields, Part, Reply, Tone, say
from handlers.words import _, ngettext
from storage.feeds import FeedState


async def one(ask: Ask) -> Reply:
    """One feed: last good, last word, last error, counts."""
    own = {c.feed: c for c in ask.world.carriers[ask.work.carrier].feeds}
    name = ask.command.subject.strip()
    found = next((feed for feed in own if feed.casefold() == name.casefold()), None)
    if found is None:
        known = ", ".join(own) or _("none")
        raise no(_("There is no feed “{name}”.").format(name=cut(name, 40)), _("Feeds: {names}").format(names=known))
    state = (await ask.work.feeds.of([found])).get(found)
    shown = cut(found, 30)
    if state is None:
        return Reply(_("Feed {feed} was not heard yet.").format(feed=shown), private=True)
    problems = (await ask.work.problems.counts()).get(found, 0)
    times, never = ask.times(), _("never")
    error = f"{times.aged(state.last_error_at)}: {cut(state.last_error, 160)}" if state.last_error_at else never
    pairs = (
        (_("Last good"), times.aged(state.last_good) if state.last_good else never),
        (_("Last word"), times.aged(state.last_word) if state.last_word else never),
        (_("Last error"), error),
        (_("Messages"), str(state.messages)),
        (_("Problems"), str(problems)),
        (_("Tells about"), ", ".join(sorted(t.value for t in own[found].tracks))),
    )
    body: list[Part] = [Fields(pairs)]
    if problems:
        body.append(say(_("What could not be read: /feed problems")))
    titles = {
        Liveness.ALIVE: _("Feed {feed} is alive since {time}."),
        Liveness.CANT_TELL: _("Feed {feed}: since {time} nothing says whether it is alive."),
        Liveness.DEAD: _("Feed {feed} is DEAD since {time}."),
    }
    life = Liveness(state.state)
    title = titles[life].format(feed=shown, time=times.aged(state.since))
    return Reply(title, tuple(body), tone=Tone.URGENT if life is Liveness.DEAD else Tone.INFO, private=True)


def troubles(ask: Ask, states: dict[str, FeedState]) -> list[Part]:
    """A line for each feed whose last try failed."""
    failing = sorted((s for s in states.values() if fails(s)), key=lambda s: s.feed)
    form = _("{feed} failed {time}: {why}")
    lines: list[Part] = [
        say(form.format(feed=cut(s.feed, 30), time=ask.times().aged(s.last_error_at), why=cut(s.last_error, 120)))
        for s in failing[:5]
        if s.last_error_at is not None
    ]
    more = len(failing) - len(lines)
    rest = ngettext("… and {n} more feed failed", "… and {n} more feeds failed", more).format(n=more)
    return [*lines, say(rest)] if more > 0 else lines
