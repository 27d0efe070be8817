"""What to ask about an importer: whom first, the exact question, and what each answer would change."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.brief import Contact
from bot.domain.carm.questions import Answer, Ask, Asking, Question, answered
from bot.domain.carm.verdict import Verdict, readiness
from handlers.announce.blocks import quiet, strong
from handlers.announce.carmscene import Account, short_word
from handlers.announce.carmtaps import LABELS, taps
from handlers.announce.carmwords import stands
from handlers.announce.facts import answers_now, numbers
from handlers.announce.scene import cut
from handlers.reply import Button, Part, Reply, say
from handlers.words import _, mark, ngettext

ASKINGS = {
    Asking.IS_IMPORTER: mark("Is {importer} importer of record for this load, by that legal name?"),
    Asking.IMPORT_ACCOUNT: mark("Is {rm} of {importer} open for imports, and not for exports only?"),
    Asking.REGISTERED: mark("Is the company registered in the CARM Client Portal?"),
    Asking.SECOND_MANAGER: mark("Is there a second Business Account Manager, should the first be away?"),
    Asking.IN_CLIENT_LIST: mark("Do you see {rm} of {importer} in your CARM client list, with access to it?"),
    Asking.REQUEST_APPROVED: mark("Is {broker}'s request approved, not pending, for all programs?"),
    Asking.OWN_RPP_TODAY: mark("Will your PARS for {rm} of {importer} go electronically under its own RPP today?"),
    Asking.RPP_LISTED: mark("Does the program account's profile list Release Prior to Payment, under Sub-programs?"),
    Asking.COVERS: mark(
        "On the Financial security page, is the current coverage at least the total required, by bond or in cash? "
        "Until what day is the bond valid?"
    ),
    Asking.NOTICE: mark("Is there a notice in the portal that your security requirement rises on 15 January?"),
    Asking.PAST_DUE: mark("Is anything past due to CBSA on {rm}?"),
    Asking.RELEASE_PLAN: mark(
        "How does it go: PARS under RPP, C-type paid at the port, in-bond, or CSA? Who meets the truck if C-type?"
    ),
    Asking.ANSWERS_THEN: mark("Does somebody answer for {importer} {hour}?"),
    Asking.STOPS_YOU: mark("Is anything on {importer}'s account stopping you from sending?"),
    Asking.CODE_ACTIVE: mark("Is our carrier code active?"),
    Asking.BONDED: mark("Are we bonded?"),
    Asking.OWN_PORTAL: mark("Have we an account in the CARM Client Portal?"),
}
_SOLD = mark("Is {importer} importer of record for this load, sold {terms}, by that legal name?")
_WHOM = {Ask.CUSTOMER: mark("the customer who ordered the load"), Ask.OWN: mark("our own office")}
_MOST_BUTTONS = 8


def asking(question: Question, account: Account) -> str:
    """The question itself, in quotation marks."""
    eta = account.haul.eta if account.haul else None
    hour = _("when it crosses ({time})").format(time=account.at(eta)) if eta else _("at night")
    terms = cut(account.haul.terms, 60) if account.haul else ""
    names = {"importer": account.named, "broker": account.agent, "rm": account.rm, "hour": hour, "terms": terms}
    words = _SOLD if terms and question.asking is Asking.IS_IMPORTER else ASKINGS[question.asking]
    return f"“{_(words).format_map(names)}”"


def whom(ask: Ask, account: Account) -> str:
    """Whom to ask, with the number that answers now."""
    if ask is Ask.BROKER:
        return f"{account.agent}, {answers_now(account.broker, account)}"
    if ask is Ask.IMPORTER:
        known = account.phones.day or account.phones.night
        return f"{account.named}, {numbers(account.phones)}" if known else account.named
    return _(_WHOM[ask])


def outcomes(question: Question, account: Account) -> list[tuple[Answer, Verdict]]:
    """The verdict that each answer would make."""
    found = []
    soon = account.now + timedelta(seconds=1)
    for answer in question.answers:
        word = answered(question, answer.tap, account.of.subject, "~", soon)
        told = [*account.evidence, word] if word is not None else list(account.evidence)
        then = readiness(told, account.of.subject, soon, account.rules, account.plan)
        found.append((answer, then.verdict))
    return found


def changes(question: Question, account: Account) -> str:
    """`Yes: CARM OK · No: NOT OK · Pending, Don't know: stays NOT KNOWN`."""
    by: dict[Verdict, list[str]] = {}
    for answer, verdict in outcomes(question, account):
        by.setdefault(verdict, []).append(_(LABELS[answer.tap]))
    stays = _("stays {verdict}")
    parts = []
    for verdict, labels in by.items():
        word = short_word(verdict)
        parts.append(f"{', '.join(labels)}: {stays.format(verdict=word) if verdict is account.of.verdict else word}")
    return " · ".join(parts)


def questions_reply(account: Account, asked: Sequence[Question], again_at: datetime | None) -> Reply:
    """All that is to be asked, in order, the first with its answers to tap."""
    if not asked:
        return Reply(_nothing(account, again_at), private=True)
    form = ngettext(
        "{n} question about {account}. Ask first: {whom}",
        "{n} questions about {account}. Ask first: {whom}",
        len(asked),
    )
    title = form.format(n=len(asked), account=account.whole, whom=whom(asked[0].ask, account))
    body: list[Part] = []
    last: Ask | None = None
    for number, question in enumerate(asked, 1):
        if question.ask is not last:
            body.append(strong(_("Ask {whom}").format(whom=whom(question.ask, account))))
            last = question.ask
        body.append(say(f"{number}. {asking(question, account)}"))
        body.append(quiet(f"{changes(question, account)}{_was(question, account)}"))
    buttons = (*taps(asked[0], account), *form_button(account))
    body.append(quiet(_("The buttons answer question 1; each answer brings the next.")))
    return Reply(title, tuple(body), buttons[:_MOST_BUTTONS], private=True)


def _was(question: Question, account: Account) -> str:
    stand = question.standing
    if stand is None or (stand.evidence is None and stand.asked is None):
        return ""
    return ". " + _("So far: {what}").format(what=stands(stand, account))


def _nothing(account: Account, again_at: datetime | None) -> str:
    if account.of.verdict is Verdict.OK:
        form = _("Nothing to ask about {account}: it is CARM OK.")
        return form.format(account=account.whole)
    if again_at is not None:
        form = _("Nothing to ask about {account} now: who was asked did not know. Again from {time}.")
        return form.format(account=account.whole, time=account.at(again_at))
    return _("Nothing more to ask about {account}.").format(account=account.whole)


def form_button(account: Account) -> tuple[Button, ...]:
    """A form for several answers, with the name of who gave them."""
    line = f"{account.line} set{account.also}"
    return (Button(_("Several answers, with a name"), line),) if len(line.encode()) <= 64 else ()


def closed_until(broker: Contact) -> datetime | None:
    """When a closed office opens; None when it is open, or its hours are not known."""
    return broker.opens if broker.open_now is False else None
