"""What was said of an importer, or of ourselves, in order; and our own checklist."""

from collections.abc import Mapping, Sequence

from bot.domain.brief import Contact
from bot.domain.carm.changes import says_dutiable
from bot.domain.carm.evidence import UNKNOWN, WITHDRAWN, Evidence
from bot.domain.carm.questions import Question
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.scope import Subject
from bot.domain.carm.standing import Standing
from bot.domain.carm.verdict import readiness
from handlers.announce.blocks import quiet
from handlers.announce.carmask import asking
from handlers.announce.carmscene import Account
from handlers.announce.carmtaps import taps
from handlers.announce.carmwords import ITEMS, stands, state_of
from handlers.announce.scene import Times, cut
from handlers.reply import Button, Para, Part, Reply, Span, Style, say
from handlers.words import _, ngettext

_MOST = 40


def log_reply(
    name: str,
    told: Sequence[Evidence],
    places: Mapping[str, str],
    files: Mapping[str, str],
    times: Times,
    rules: CarmRules,
) -> Reply:
    """All records of one importer, the newest first, those that were taken back too."""
    if not told:
        return Reply(_("Nothing was ever recorded about {name}.").format(name=name), private=True)
    form = ngettext("{n} record about {name}, the newest first.", "{n} records about {name}, the newest first.",
                    len(told))  # fmt: skip
    gone = {e.supersedes for e in told if e.supersedes}
    body: list[Part] = [
        _record(e, _account(name, e, places, times, rules), files, gone=e.id in gone)
        for e in list(reversed(told))[:_MOST]
    ]
    more = len(told) - _MOST
    if more > 0:
        body.append(quiet(_("… and {n} older").format(n=more)))
    return Reply(form.format(n=len(told), name=name), tuple(body), private=True)


def _record(record: Evidence, account: Account, files: Mapping[str, str], *, gone: bool) -> Para:
    parts = [account.whom(record)]
    if record.rm:
        parts.append(f"RM{record.rm}")
    if record.attachment:
        parts.append(_("with {file}").format(file=cut(files.get(record.attachment, ""), 40) or _("a picture")))
    if record.valid_until is not None:
        parts.append(_("valid until {day}").format(day=account.date(record.valid_until)))
    if record.note and not says_dutiable(record):
        parts.append(_("note: {note}").format(note=cut(record.note)))
    if record.recorded_by:
        parts.append(_("recorded by {who}").format(who=cut(record.recorded_by, 40)))
    if gone:
        parts.append(_("taken back or replaced later"))
    head = f"{account.day(record.said)} · {what_of(record, account)}"
    return Para((Span(head, Style.BOLD), Span(f" · {', '.join(parts)}")), quiet=gone)


def what_of(record: Evidence, account: Account) -> str:
    """What a record says, in words."""
    if record.state == WITHDRAWN:
        return _("{item}: a record was taken back").format(item=_(ITEMS[record.item]))
    if says_dutiable(record):
        return _("dutiable goods come, so what rests on nothing being payable counts no more")
    if record.state == UNKNOWN and record.attachment:
        return _("{item}: a picture that nobody has read yet").format(item=_(ITEMS[record.item]))
    return state_of(record.item, record.state, account)


def _account(name: str, record: Evidence, places: Mapping[str, str], times: Times, rules: CarmRules) -> Account:
    of = readiness([], Subject(record.importer, record.rm, record.broker), times.now, rules)
    broker = Contact(places.get(record.broker, ""))
    return Account(times.zone, times.now, of, name, rules, broker=broker, places=places)


def own_reply(checklist: Sequence[Standing], asked: Sequence[Question], times: Times, rules: CarmRules) -> Reply:
    """Our own checklist: carrier code, bond, portal account; what is open with answers to tap."""
    of = readiness([], Subject(""), times.now, rules)
    account = Account(times.zone, times.now, of, "", rules, line="/shipper us carm")
    title = _("Our own checklist: {items}.").format(items="; ".join(stands(s, account) for s in checklist))
    body: list[Part] = [
        say(_("Bonded or not decides what is left to do at night: in-bond to an inland warehouse, or park.")),
        *(say(asking(q, account)) for q in asked),
        quiet(_("Type: /shipper us carm bonded=yes code=active portal=yes")),
    ]
    buttons: list[Button] = list(taps(asked[0], account)) if asked else []
    return Reply(title, tuple(body), tuple(buttons), private=True)
