"""Answers to tap: each is a line of at most 64 bytes that records one word of one person asked."""

from bot.domain.carm.evidence import Item
from bot.domain.carm.questions import Answer, Ask, Question, Tap
from handlers.announce.carmscene import Account
from handlers.reply import Button
from handlers.words import _, mark

_BYTES = 64
LABELS = {
    Tap.YES: mark("Yes"),
    Tap.NO: mark("No"),
    Tap.PENDING: mark("Pending"),
    Tap.BOND: mark("Yes, by bond"),
    Tap.CASH: mark("Yes, in cash"),
    Tap.NOTHING_DUE: mark("None required"),
    Tap.MET: mark("Met already"),
    Tap.PARS: mark("PARS under RPP"),
    Tap.C_TYPE: mark("C-type at the port"),
    Tap.IN_BOND: mark("In-bond"),
    Tap.CSA: mark("CSA"),
    Tap.DONT_KNOW: mark("Don't know"),
}
#: Short names of items on buttons; each is a name of the item's key.
KEYS = {
    Item.IOR: "ior",
    Item.BN15: "bn",
    Item.CCP_ACCOUNT: "portal",
    Item.BAM_COVER: "managers",
    Item.DELEGATION: "access",
    Item.RPP: "rpp",
    Item.SECURITY: "cover",
    Item.REVIEW_NOTICE: "notice",
    Item.ACCOUNT_STANDING: "debt",
    Item.RELEASE_PLAN: "plan",
    Item.BROKER_HOURS: "hours",
    Item.BROKER_HOLD: "hold",
    Item.OWN_CODE: "code",
    Item.OWN_BONDED: "bonded",
    Item.OWN_PORTAL: "portal",
}
#: What is typed for a tap, and for whom it was that said so.
TYPED = {Tap.DONT_KNOW: "unknown", Tap.NOTHING_DUE: "zero"}
BY = {Ask.BROKER: "broker", Ask.IMPORTER: "ior", Ask.CUSTOMER: "customer", Ask.OWN: "us"}


def typed(question: Question, answer: Answer) -> str:
    """`rpp=yes by=broker`."""
    tap = answer.tap
    what = "all" if answer.state == "approved_all" else TYPED.get(tap, tap.value)
    return f"{KEYS[question.item]}={what} by={BY[question.ask]}"


def taps(question: Question, account: Account) -> list[Button]:
    """The answers of a question as buttons; those whose line would be too long are left out."""
    made = [Button(_(LABELS[a.tap]), f"{account.line} {typed(question, a)}{account.also}") for a in question.answers]
    return [b for b in made if len(b.line.encode()) <= _BYTES]
