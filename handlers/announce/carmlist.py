"""All importers in a list: those with loads ahead first, the worst first."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.carm.reasons import Verdict
from handlers.announce.blocks import quiet, strong
from handlers.announce.carm import short
from handlers.announce.carmscene import Account, short_word
from handlers.announce.scene import NUMBER, cut
from handlers.reply import Button, Part, Reply, Tone, say
from handlers.words import _, ngettext

_SHOWN, _BUTTONS, _BYTES = 15, 5, 64
Listed = tuple[Account, int, str]


def list_reply(listed: Sequence[Listed]) -> Reply:
    """Each importer's account, how many loads it has ahead, and the line that tells more of it."""
    if not listed:
        more = _("A load names its importer: /load 1234 importer ACME; or enter it: /shipper ACME add")
        return Reply(_("No importer is in the address book yet."), (say(more),), private=True)
    ahead = [one for one in listed if one[1]]
    shown = list(listed[:_SHOWN])
    body: list[Part] = [strong(_("With loads ahead"))] if ahead else []
    body += [say(_with_loads(*one)) for one in shown if one[1]]
    idle = [one for one in shown if not one[1]]
    if idle and ahead:
        body.append(strong(_("With no load ahead")))
    body += [quiet(short(account)) for account, _count, _line in idle]
    if rest := len(listed) - len(shown):
        form = ngettext("… and {n} more: /shipper NAME carm", "… and {n} more: /shipper NAME carm", rest)
        body.append(say(form.format(n=rest)))
    worth = [one for one in shown if one[1] and one[0].of.verdict is not Verdict.OK]
    buttons = tuple(Button(cut(a.named, 30), line) for a, _n, line in worth if len(line.encode()) <= _BYTES)
    return Reply(_title(listed, ahead), tuple(body), buttons[:_BUTTONS], Tone.INFO, private=True)


def _title(listed: Sequence[Listed], ahead: Sequence[Listed]) -> str:
    n, m = len(listed), len(ahead)
    form = ngettext("{n} importer, {m} with loads ahead", "{n} importers, {m} with loads ahead", n)
    counts = Counter(account.of.verdict for account, _count, _line in ahead)
    worst_first = sorted(counts, key=lambda verdict: -verdict.badness)
    parts = [_("{n} CARM {verdict}").format(n=counts[v], verdict=short_word(v)) for v in worst_first]
    return form.format(n=n, m=m) + (": " + ", ".join(parts) if parts else "") + "."


def _with_loads(account: Account, count: int, line: str) -> str:
    haul = account.haul
    assert haul is not None  # it has loads
    eta = f", {account.aged(haul.eta)}" if haul.eta else ""
    loads = ngettext("{n} load, {number}{eta}", "{n} loads, the next {number}{eta}", count)
    told = loads.format(n=count, number=cut(haul.number, NUMBER), eta=eta)
    return f"{short(account)}; {told}"
