"""The answer to `/shipper ACME carm`: the verdict first, then what can be done at this hour, then what mends it."""

from collections.abc import Sequence

from bot.domain.carm.evidence import Evidence, Item
from bot.domain.carm.fixes import Fixer, Say, fix_of
from bot.domain.carm.questions import Ask, Question
from bot.domain.carm.reasons import Verdict
from bot.domain.carm.scope import scoped, standing_records
from bot.domain.carm.voices import CONFIRMING
from handlers.announce.blocks import quiet, strong
from handlers.announce.carmask import asking, changes, closed_until, form_button, whom
from handlers.announce.carmscene import Account, verdict_word
from handlers.announce.carmtaps import taps
from handlers.announce.carmwords import NEEDS, TAKES, fixer, reason_of, sentence, state_of
from handlers.announce.scene import cut
from handlers.reply import Button, Part, Reply, Tone, say
from handlers.tokens import quote
from handlers.words import _, mark, ngettext

_TONES = {
    Verdict.OK: Tone.GO,
    Verdict.AT_RISK: Tone.WARN,
    Verdict.NOT_KNOWN: Tone.INFO,
    Verdict.NOT_OK: Tone.URGENT,
}
#: What CARM OK does not mean; told once in a place, and in help.
CAVEAT = mark(
    "CARM OK is not a customs decision and not customs advice: examinations, other agencies and faults in papers are "
    "separate, and nobody here can look into the importer's CARM account. It says what was said, by whom, and when."
)
_MOST_REASONS, _MOST_OTHERS, _MOST_BUTTONS = 4, 6, 8


def headline(account: Account) -> str:
    """The verdict in one sentence: whose account, since when, who said so, until when it holds with no news."""
    of = account.of
    who = f"{account.whole}, {account.clause}" if account.clause else account.whole
    parts = [f"{verdict_word(of.verdict)}{_since(account)}: {who}."]
    if of.reasons:
        first = of.failing[0]
        parts.append(_begun(reason_of(first, account)) + ".")
    elif of.basis:
        parts.append(_begun(basis(account)) + ".")
    if of.recheck is not None:
        parts.append(_("Recheck by {day}.").format(day=account.date(of.recheck)))
    return " ".join(parts)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _since(account: Account) -> str:
    of = account.of
    if of.since is None:
        return ""
    form = _(" as of {day}") if of.verdict is Verdict.OK else _(" since {day}")
    return form.format(day=account.day(of.since))


def basis(account: Account) -> str:
    """The good words that the verdict rests on, a proof first."""
    shown: dict[str, None] = {}
    for record in sorted(account.of.basis, key=lambda e: e.item is not Item.LAST_GOOD_RELEASE):
        shown[_word(record, account)] = None
    return "; ".join(list(shown)[:3])


def _word(record: Evidence, account: Account) -> str:
    return f"{state_of(record.item, record.state, account)} ({account.said(record)})"


def short(account: Account) -> str:
    """One account in one line, for the others and for a load's status."""
    of = account.of
    why = reason_of(of.failing[0], account) if of.reasons else basis(account)
    text = f"{verdict_word(of.verdict)}{_since(account)}: {account.whole}"
    return f"{text}; {why}" if why else text


def mended_by(account: Account) -> str:
    """Who mends what stands first against it, how long that takes, and the sentence to say; '' when nothing does."""
    if not account.of.reasons:
        return ""
    reason = account.of.failing[0]
    fix = fix_of(reason)
    form = _("Who mends it: {who}; takes {time}. Say: {words}")
    words = sentence(fix.say, reason, account)
    return form.format(who=fixer(fix.fixer, account), time=_(TAKES[fix.takes]), words=words)


def answer(
    account: Account, asked: Sequence[Question], others: Sequence[Account] = (), *, caveat: bool = False
) -> Reply:
    """All about one account, the other accounts in a line each."""
    body: list[Part] = []
    if account.haul is not None:
        body.append(quiet(_haul(account)))
    body += _now(account, asked)
    body += _mending(account, asked)
    body += _also(account, others)
    if caveat:
        body.append(quiet(_(CAVEAT)))
    buttons: tuple[Button, ...] = ()
    if asked:
        buttons = (*taps(asked[0], account), Button(_("All questions"), f"{account.line} ask{account.also}"))
        buttons = (*buttons, *form_button(account))
    return Reply(headline(account), tuple(body), _short_enough(buttons), _TONES[account.of.verdict], private=True)


def _short_enough(buttons: Sequence[Button]) -> tuple[Button, ...]:
    return tuple(b for b in buttons if len(b.line.encode()) <= 64)[:_MOST_BUTTONS]


def _haul(account: Account) -> str:
    haul = account.haul
    assert haul is not None  # asked for where there is one
    parts = [_("Next load {number}").format(number=cut(haul.number, 40))]
    if haul.pickup is not None and haul.pickup > account.now:
        parts.append(_("pickup {time}").format(time=account.aged(haul.pickup)))
    if haul.eta is not None:
        port = cut(haul.crossing, 40) or _("the border")
        parts.append(_("ETA {port} {time}").format(port=port, time=account.aged(haul.eta)))
    if haul.terms:
        parts.append(_("terms of sale {terms}").format(terms=cut(haul.terms, 60)))
    return ", ".join(parts)


# What can be done at this hour


def _now(account: Account, asked: Sequence[Question]) -> list[Part]:
    verdict = account.of.verdict
    if verdict is Verdict.OK:
        return []
    first = asked[0] if asked else None
    parts: list[Part] = []
    opens = closed_until(account.broker) if _needs_broker(account, first) else None
    clock = account.at(account.now)
    if opens is not None:
        form = _("Now, {clock}: nobody can mend this before {opens}, when {broker} opens.")
        if verdict is not Verdict.NOT_OK:
            form = _("Now, {clock}: nobody can settle this before {opens}, when {broker} opens.")
        elif _mender(account):
            form = _("Now, {clock}: {broker} can file nothing anew before {opens}, when it opens.")
        text = form.format(clock=clock, opens=account.at(opens), broker=account.agent)
        if account.broker.night:
            text += " " + _("Its night number may: {phone}.").format(phone=cut(account.broker.night, 30))
        parts.append(say(text))
        parts += [say(_meanwhile(account))] if verdict is Verdict.NOT_OK else []
    elif verdict is Verdict.NOT_OK:
        parts.append(say(_("Now, {clock}: do not send the truck to the border on this account.").format(clock=clock)))
        parts.append(say(_meanwhile(account)))
    mends = _mender(account)
    if mends:
        parts.append(strong(_("Call first: "), mends))
    if first is not None:
        parts += _call(account, first, later=opens is not None, then=bool(mends))
    if verdict is Verdict.NOT_KNOWN and account.haul is not None:
        parts.append(quiet(_("Not known is no no: an acceptance by customs settles it for this load.")))
    if account.outage:
        parts.append(say(_("CBSA's systems are out: customs' silence proves nothing now, and nothing changes here.")))
    return parts


def _needs_broker(account: Account, first: Question | None) -> bool:
    """Whether the next step is the broker's; the customer who ordered the load is asked at any hour."""
    if first is not None:
        return first.ask is Ask.BROKER
    return any(fix_of(r).fixer is Fixer.BROKER for r in account.of.failing)


def _meanwhile(account: Account) -> str:
    if account.bonded is True:
        return _(
            "We are bonded: in-bond to an inland warehouse is possible, once CBSA accepts the change and the warehouse "
            "agrees; else park before the border."
        )
    if account.bonded is False:
        return _("We are not bonded, so it needs its release at the first port: park before the border.")
    return _("Park before the border. Whether we are bonded is not known: /shipper us carm bonded=yes (or no)")


def _mender(account: Account) -> str:
    """Whom to call before anybody is asked again: whoever mends what a broker or customs said is wrong."""
    reason = account.of.failing[0] if account.of.reasons else None
    if account.of.verdict is not Verdict.NOT_OK or reason is None or reason.evidence is None:
        return ""
    fix = fix_of(reason)
    if reason.evidence.source not in CONFIRMING or fix.fixer is Fixer.BROKER:
        return ""
    phone = account.phones.day or account.phones.night
    who = f"{fixer(fix.fixer, account)}, {cut(phone, 30)}" if phone else fixer(fix.fixer, account)
    form = _("{who}; it takes {time}. Say: {words}")
    return form.format(who=who, time=_(TAKES[fix.takes]), words=sentence(fix.say, reason, account))


def _call(account: Account, first: Question, *, later: bool, then: bool) -> list[Part]:
    who = whom(first.ask, account)
    opens = closed_until(account.broker)
    if then:
        head = _("Once that is mended ask {whom}: ").format(whom=who)
    elif later and opens is not None:
        head = _("At {time} call {whom}. Ask: ").format(time=account.at(opens), whom=who)
    elif first.ask is Ask.OWN:
        head = _("Look up: ")
    else:
        head = _("Call first: {whom}. Ask: ").format(whom=who)
    parts: list[Part] = [strong(head, asking(first, account)), quiet(changes(first, account))]
    if first.ask is Ask.BROKER and not (account.broker.day or account.broker.night):
        name = account.broker.name
        typed = name if name.isalnum() else quote(name)
        line = f"/broker {typed} set phone=555-0142"
        parts.append(quiet(_("To store its number, type: {line}").format(line=line)))
    return parts


# What mends it


def _mending(account: Account, asked: Sequence[Question]) -> list[Part]:
    parts: list[Part] = []
    # What the first question asks already needs no sentence of its own.
    shown = [r for r in account.of.reasons if not asked or fix_of(r).say is not Say.CONFIRM][:_MOST_REASONS]
    for reason in shown:
        fix = fix_of(reason)
        if reason is not account.of.failing[0]:  # that one stands in the first line
            parts.append(strong(_begun(reason_of(reason, account)) + "."))
        elif _mender(account):
            continue
        line = _("Who mends it: {who}; takes {time}. Say: {words}")
        parts.append(
            say(line.format(who=fixer(fix.fixer, account), time=_(TAKES[fix.takes]),
                            words=sentence(fix.say, reason, account)))
        )  # fmt: skip
    if named := _somebody_else(account):
        parts.append(quiet(named))
    parts += [say(_("Its plan still needs {what}.").format(what=_(NEEDS[n]))) for n in account.of.unmet]
    form = _("Disputed: {one} heard “{this}”, {other} heard “{that}”. The worse counts until one takes theirs back.")
    parts += [
        say(form.format(one=cut(a.recorded_by, 40), this=state_of(a.item, a.state, account),
                        other=cut(b.recorded_by, 40), that=state_of(b.item, b.state, account)))
        for a, b in _clashing(account)
    ]  # fmt: skip
    more = len(account.of.reasons) - _MOST_REASONS
    if more > 0:
        count = ngettext("… and {n} reason more", "… and {n} reasons more", more)
        parts.append(quiet(count.format(n=more)))
    return parts


def _somebody_else(account: Account) -> str:
    """Where who imports is open: the line that names the one who does."""
    of_load = account.line.startswith("/load ") and account.line.endswith(" carm")
    if not of_load or not any(fix_of(reason).say is Say.NAME_IMPORTER for reason in account.of.reasons):
        return ""
    form = _("If somebody else imports, type: {line}")
    return form.format(line=f"{account.line.removesuffix(' carm')} importer NAME")


def _also(account: Account, others: Sequence[Account]) -> list[Part]:
    parts: list[Part] = []
    if account.of.reasons and account.of.basis:
        parts.append(quiet(_("What speaks for it: {what}").format(what=basis(account))))
    parts += [say(_("Also: {account}").format(account=short(other))) for other in others[:_MOST_OTHERS]]
    more = len(others) - _MOST_OTHERS
    if more > 0:
        parts.append(quiet(ngettext("… and {n} account more", "… and {n} accounts more", more).format(n=more)))
    return parts


def _clashing(account: Account) -> list[tuple[Evidence, Evidence]]:
    """Words of one moment and one source that say different things of the same: two people heard differently."""
    records = scoped(standing_records(account.evidence), account.of.subject)
    return [
        (one, other)
        for i, one in enumerate(records)
        for other in records[i + 1 :]
        if _about(one) == _about(other) and one.state != other.state and one.recorded_by != other.recorded_by
    ]


def _about(record: Evidence) -> tuple[object, ...]:
    return record.item, record.source, record.rm, record.broker, record.load, record.at
