"""/port: crossings, and the loads on their way to them."""

from bot.domain.crossings import Crossing
from bot.watch.query import briefs
from handlers.announce.facts import ANSWERS
from handlers.announce.scene import cut, scene_of
from handlers.commands import crossing
from handlers.commands.asking import Ask
from handlers.commands.queues import in_short, troubles, waits_at
from handlers.reply import Part, Reply, Table, say
from handlers.words import _, mark, ngettext

_SHOWN = 20
#: What is said of a crossing that not every truck may take.
_TRUCKS = {
    "limited": mark("not for every truck"),
    "no": mark("no trucks"),
    "unknown": mark("nobody has told us whether trucks cross here"),
}


async def show(ask: Ask) -> Reply:
    """All crossings of a town, the wait times there, and the loads on the way."""
    text = ask.command.subject
    if not text:
        return await crossings(ask)
    meant = crossing.every(ask, text, "", lambda name: f'/port "{name}"')
    names = [c.name for c in meant]
    records = await ask.work.finder.listed(crossings=names, limit=200)
    told = await briefs(ask.work, ask.world, records[:_SHOWN])
    title = ngettext("{names}: {n} load on the way.", "{names}: {n} loads on the way.", len(records))
    body: list[Part] = [part for c in meant for part in (say(_about(c)), *waits_at(ask, c))]
    body += troubles(ask)
    if told:
        rows = tuple(
            (s.number, _(ANSWERS[b.found.answer]), s.eta, s.port) for b in told for s in [scene_of(b, ask.now)]
        )
        more = len(records) - len(told)
        rest = _("… and {n} more: /load list port={name}").format(n=more, name=cut(text, 30)) if more > 0 else ""
        body.append(Table((_("Load"), _("Answer"), _("ETA"), _("At")), rows, rest))
    return Reply(title.format(names=" / ".join(names[:5]), n=len(records)), tuple(body), private=True)


def _about(crossing: Crossing) -> str:
    parts = [f"{crossing.name} ({crossing.province}/{crossing.state})"]
    if crossing.offices:
        parts.append(_("CBSA {codes}").format(codes=", ".join(sorted(crossing.offices))))
    if crossing.ports:
        parts.append(_("CBP {codes}").format(codes=", ".join(sorted(crossing.ports))))
    if crossing.trucks in _TRUCKS:
        parts.append(_(_TRUCKS[crossing.trucks]))
    if crossing.note:
        parts.append(cut(crossing.note, 120))
    return ", ".join(parts)


async def crossings(ask: Ask) -> Reply:
    """All crossings, and the wait times that count now."""
    waits = in_short(ask, ask.world.crossings.all)
    rows = tuple(
        (c.name, f"{c.province}/{c.state}", ", ".join(sorted(c.offices)), ", ".join(sorted(c.ports)), *waits[c.name])
        for c in ask.world.crossings.all
    )
    title = ngettext("{n} crossing.", "{n} crossings.", len(rows)).format(n=len(rows))
    heads = (_("Crossing"), _("Side"), "CBSA", "CBP", _("Wait into CA"), _("Wait into US"))
    told = any(any(cells[4:]) for cells in rows)
    shown = Table(heads, rows) if told else Table(heads[:4], tuple(cells[:4] for cells in rows))
    return Reply(title, (shown, *troubles(ask)), private=True)
