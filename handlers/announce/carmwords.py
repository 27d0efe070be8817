"""Words for what is known of an account: states, reasons, who mends them, and the sentence to say."""

from bot.domain.carm.evidence import Item
from bot.domain.carm.fixes import Fixer, Say, Takes
from bot.domain.carm.plan import Need
from bot.domain.carm.reasons import Reason, Why
from bot.domain.carm.standing import Age, Standing
from bot.domain.carm.voices import Void
from handlers.announce.carmscene import Account
from handlers.announce.scene import cut
from handlers.words import _, mark

ITEMS = {
    Item.IOR: mark("importer of record"),
    Item.BN15: mark("import account"),
    Item.CCP_ACCOUNT: mark("portal account"),
    Item.BAM_COVER: mark("account managers"),
    Item.DELEGATION: mark("the broker's access"),
    Item.RPP: mark("Release Prior to Payment (RPP)"),
    Item.SECURITY: mark("security"),
    Item.REVIEW_NOTICE: mark("notice of the January review"),
    Item.ACCOUNT_STANDING: mark("debts to CBSA"),
    Item.RELEASE_PLAN: mark("release plan"),
    Item.BROKER_HOURS: mark("the broker's hours for this client"),
    Item.BROKER_HOLD: mark("the broker's own hold"),
    Item.LAST_GOOD_RELEASE: mark("last good release"),
    Item.LAST_RPP_REJECT: mark("last reject for lack of security"),
    Item.OWN_CODE: mark("our carrier code"),
    Item.OWN_BONDED: mark("our bond"),
    Item.OWN_PORTAL: mark("our portal account"),
}
_UNKNOWN = mark("not known")
STATES = {
    (Item.IOR, "confirmed"): mark("{importer} is importer of record"),
    (Item.IOR, "assumed"): mark("{importer} is taken for importer of record"),
    (Item.IOR, "disputed"): mark("{importer} is said not to be importer of record"),
    (Item.BN15, "importer_rm"): mark("import account is open"),
    (Item.BN15, "exporter_only"): mark("account is for exports only, it releases no import"),
    (Item.BN15, "bad_format"): mark("account number is not well formed"),
    (Item.BN15, "inactive"): mark("import account is closed or not open yet"),
    (Item.CCP_ACCOUNT, "yes"): mark("registered in the CARM Client Portal"),
    (Item.CCP_ACCOUNT, "no"): mark("not registered in the CARM Client Portal"),
    (Item.BAM_COVER, "two_plus"): mark("two account managers or more"),
    (Item.BAM_COVER, "one"): mark("one account manager, and nobody else can approve or pay"),
    (Item.BAM_COVER, "none"): mark("no account manager"),
    (Item.DELEGATION, "approved_all"): mark("{broker} has access to all accounts"),
    (Item.DELEGATION, "approved_this_rm"): mark("{broker} has access to {rm}"),
    (Item.DELEGATION, "pending"): mark("{broker}'s request for access is pending, and gives it nothing"),
    (Item.DELEGATION, "other_rm_only"): mark("{broker} has access to another account, not to {rm}"),
    (Item.DELEGATION, "revoked"): mark("{broker}'s access was taken away"),
    (Item.DELEGATION, "none"): mark("{broker} has no access to the account"),
    (Item.RPP, "active"): mark("RPP active"),
    (Item.RPP, "enrolled_zero_payable"): mark("RPP enrolled, with nothing payable"),
    (Item.RPP, "enrolled_no_security"): mark("RPP enrolled, but no security"),
    (Item.RPP, "suspended"): mark("RPP suspended"),
    (Item.RPP, "not_enrolled"): mark("not enrolled in RPP"),
    (Item.SECURITY, "sufficient_bond"): mark("security is enough, by bond"),
    (Item.SECURITY, "sufficient_cash"): mark("security is enough, in cash"),
    (Item.SECURITY, "none_required"): mark("no security is required"),
    (Item.SECURITY, "short"): mark("security is too low"),
    (Item.SECURITY, "lapsed"): mark("security has lapsed"),
    (Item.REVIEW_NOTICE, "none"): mark("no notice of a higher requirement"),
    (Item.REVIEW_NOTICE, "increase_pending"): mark("a higher requirement was announced and is not met"),
    (Item.REVIEW_NOTICE, "increase_met"): mark("the higher requirement is met"),
    (Item.ACCOUNT_STANDING, "clear"): mark("nothing past due to CBSA"),
    (Item.ACCOUNT_STANDING, "overdue"): mark("something is past due to CBSA"),
    (Item.RELEASE_PLAN, "rpp_electronic"): mark("goes electronically, under the importer's own RPP"),
    (Item.RELEASE_PLAN, "c_type"): mark("C-type, paid at the port before release"),
    (Item.RELEASE_PLAN, "in_bond"): mark("in-bond to an inland warehouse"),
    (Item.RELEASE_PLAN, "csa"): mark("CSA"),
    (Item.RELEASE_PLAN, "courier_lvs"): mark("courier, low value"),
    (Item.RELEASE_PLAN, "casual"): mark("casual goods"),
    (Item.RELEASE_PLAN, "contingency"): mark("CBSA's contingency account"),
    (Item.BROKER_HOURS, "covered"): mark("{broker} answers for this client at that hour"),
    (Item.BROKER_HOURS, "not_covered"): mark("nobody at {broker} answers for this client at that hour"),
    (Item.BROKER_HOLD, "none"): mark("nothing stops {broker} from sending"),
    (Item.BROKER_HOLD, "hold"): mark("{broker} has a hold on this client, and sends nothing"),
    (Item.LAST_GOOD_RELEASE, "accepted"): mark("accepted electronically"),
    (Item.LAST_GOOD_RELEASE, "released"): mark("released electronically"),
    (Item.LAST_GOOD_RELEASE, "none"): mark("no release yet"),
    (Item.LAST_RPP_REJECT, "rejected"): mark("refused for lack of security"),
    (Item.LAST_RPP_REJECT, "none"): mark("no refusal for lack of security"),
    (Item.OWN_CODE, "active"): mark("our carrier code is active"),
    (Item.OWN_CODE, "inactive"): mark("our carrier code is not active"),
    (Item.OWN_BONDED, "yes"): mark("we are bonded"),
    (Item.OWN_BONDED, "no"): mark("we are not bonded"),
    (Item.OWN_PORTAL, "yes"): mark("we have an account in the portal"),
    (Item.OWN_PORTAL, "no"): mark("we have no account in the portal"),
}  # fmt: skip
WHYS = {
    Why.INCREASE_UNMET: mark("a higher security requirement was not met by its deadline"),
    Why.OVERDUE_AT_ZERO: mark("something is past due to CBSA where nothing is secured, which ends RPP"),
    Why.IOR_UNKNOWN: mark("nobody is known as importer of record"),
    Why.IOR_DISPUTED: mark("who imports is disputed"),
    Why.REJECT_OPEN: mark("a refusal for lack of security that neither broker nor customs has answered since"),
    Why.UNCONFIRMED: mark("no broker and no customs message vouches for it"),
    Why.AGEING: mark("the only proof is a release of some weeks ago"),
}
_VOIDS = {
    Void.REJECT: mark("overtaken by a refusal"),
    Void.BROKER: mark("said before the broker changed"),
    Void.CONSIGNEE: mark("said before the consignee changed"),
    Void.IMPORTER: mark("said before the papers named another importer"),
    Void.TERMS: mark("said before the terms of sale changed"),
    Void.DUTIABLE: mark("said before dutiable goods came"),
}
FIXERS = {
    Fixer.CUSTOMER: mark("the customer who ordered the load"),
    Fixer.IMPORTER: mark("{importer}'s account manager"),
    Fixer.SURETY: mark("{importer} with its surety"),
    Fixer.BROKER: mark("{broker}"),
    Fixer.OWN: mark("our own office"),
}
TAKES = {
    Takes.MINUTES: mark("minutes"),
    Takes.MINUTES_IN_PORTAL: mark("minutes, once logged in to the portal"),
    Takes.SAME_DAY: mark("the same day, by card or online"),
    Takes.HOURS_TO_DAYS: mark("the same day in cash by card, hours to days by electronic bond, weeks on paper"),
    Takes.OFFICE_HOURS: mark("office hours"),
    Takes.DAYS: mark("days"),
    Takes.DAYS_TO_WEEKS: mark("days, weeks for importers from abroad"),
}
SAYS = {
    Say.NAME_IMPORTER: mark(
        "Who is importer of record for this load, by the legal name on the CBSA account? We can't book the crossing "
        "until one party says it is."
    ),
    Say.GET_NUMBER: mark("Please get an import account (RM) with your broker; an export-only one will be refused."),
    Say.REGISTER: mark(
        "Please register in the CARM Client Portal and name a Business Account Manager, better two: if that person is "
        "away nobody else can approve or pay."
    ),
    Say.SECOND_MANAGER: mark(
        "Please name a second Business Account Manager in the portal: if that person is away nobody else can approve "
        "or pay."
    ),
    Say.APPROVE_REQUEST: mark(
        "{broker} has a pending request in the CARM Client Portal, under Received requests; please approve it for {rm}."
    ),
    Say.REQUEST_ACCESS: mark(
        "{broker} does not see you in its CARM client list; please have it ask for access, and approve that for {rm}."
    ),
    Say.ENROL: mark(
        "Please enrol {rm} in Release Prior to Payment, in the portal's program account profile, then give security."
    ),
    Say.GIVE_SECURITY: mark(
        "Please give security for {rm}, in cash by card or by bond: until it shows in the portal your broker's release "
        "is refused."
    ),
    Say.MEET_INCREASE: mark(
        "Your security requirement for {rm} rises on 15 January; please have your surety meet it, or release before "
        "payment may be suspended."
    ),
    Say.PAY_DEBT: mark("Something is past due to CBSA on {rm}; please pay it, or release before payment may end."),
    Say.SETTLE_BROKER: mark("What on {importer}'s account stops you from sending, and who can settle it?"),
    Say.AFTER_HOURS: mark("Who answers for {importer} {hour}? Does this client have after-hours service?"),
    Say.ASK_BROKER_WHY: mark("Which words did the refusal have, is it mended, and will the next one go?"),
    Say.CONFIRM: mark("Will your PARS for {rm} of {importer} go electronically under its own RPP today?"),
    Say.WHO_IS_RIGHT: mark("We have two answers on {item} of {importer}. Which one is right today?"),
    Say.KEEP_PLAN: mark("This load goes by plan: {plan}. Is everything for that in place?"),
}  # fmt: skip
NEEDS = {
    Need.ATTENDEE: mark("who pays at the port, by name (attendee=)"),
    Need.BONDED: mark("our own bond (/shipper us carm bonded=yes)"),
    Need.CSA_CARRIER: mark("that we are a CSA carrier (agreed=csa_carrier)"),
    Need.CSA_IMPORTER: mark("that the importer is CSA (agreed=csa_importer)"),
    Need.CSA_DRIVER: mark("that the driver is approved for CSA (agreed=csa_driver)"),
    Need.CONTINGENCY: mark("the broker's word that the contingency account is open (agreed=contingency)"),
    Need.CASUAL: mark("the word that the goods are somebody's own (agreed=casual)"),
}


def _filled(text: str, account: Account, **more: str) -> str:
    names = {"importer": account.named, "broker": account.agent, "rm": account.rm}
    return _(text).format_map(names | more)


def state_of(item: Item, state: str, account: Account) -> str:
    """A state in words; those of states that nobody knows say of what."""
    known = STATES.get((item, state))
    if known is None:
        return f"{_(ITEMS[item])}: {_(_UNKNOWN)}"
    return _filled(known, account)


def stands(stand: Standing, account: Account) -> str:
    """How an item stands, with who said so; what is stale stays on the card."""
    if stand.evidence is None:
        if stand.asked is not None and stand.asked.attachment:
            form = _("{item}: a picture that nobody has read yet ({who}, {time})")
            who = cut(stand.asked.recorded_by, 40)
            return form.format(item=_(ITEMS[stand.item]), who=who, time=account.day(stand.asked.said))
        if stand.asked is not None:
            form = _("{item}: asked {time}, nobody knew")
            return form.format(item=_(ITEMS[stand.item]), time=account.day(stand.asked.said))
        return state_of(stand.item, "", account)
    what, said = state_of(stand.item, stand.state, account), account.said(stand.evidence)
    if stand.age is Age.STALE:
        return _("was “{what}” ({said}), not rechecked since").format(what=what, said=said)
    if stand.age is Age.VOID and stand.void is not None:
        return _("was “{what}” ({said}), {why}").format(what=what, said=said, why=_(_VOIDS[stand.void]))
    return f"{what} ({said})"


def reason_of(reason: Reason, account: Account) -> str:
    """What stands against CARM OK, in few words, with who said so."""
    stand = account.of.standings[reason.item]
    if reason.why in (Why.PROOF_UNKNOWN, Why.UNCONFIRMED, Why.AGEING):
        return _unproven(reason, account)
    if reason.why is Why.DISPUTED:
        return _disputed(stand, account)
    if reason.why is Why.IOR_UNKNOWN and stand.evidence is not None:
        return f"{_(WHYS[reason.why])}: {stands(stand, account)}"
    if reason.why is Why.IOR_DISPUTED and stand.disputed:
        return _disputed(stand, account)
    if reason.why is Why.PLAN:
        form = _("{why}, so it goes by plan: {plan}")
        return form.format(why=stands(stand, account), plan=_plan(account))
    if reason.why is Why.NOT_COVERED and reason.evidence is None:
        return state_of(Item.BROKER_HOURS, "not_covered", account)
    if reason.why in WHYS:
        said = f" ({account.said(reason.evidence)})" if reason.evidence else ""
        return _(WHYS[reason.why]) + said
    return stands(stand, account)


def _unproven(reason: Reason, account: Account) -> str:
    rpp, release = (account.of.standings[i] for i in (Item.RPP, Item.LAST_GOOD_RELEASE))
    last = [stands(s, account) for s in (rpp, release) if s.evidence is not None or s.asked is not None]
    if reason.why is Why.PROOF_UNKNOWN:
        said = _("whether RPP is active is not known")
    else:
        said = _(WHYS[reason.why])
    return f"{said}: {'; '.join(last)}" if last else said


def _disputed(stand: Standing, account: Account) -> str:
    if stand.evidence is None or stand.against is None:
        return stands(stand, account)
    form = _("disputed: {one} ({by}), but {other} ({who})")
    return form.format(
        one=state_of(stand.item, stand.state, account), by=account.said(stand.evidence),
        other=state_of(stand.against.item, stand.against.state, account), who=account.said(stand.against),
    )  # fmt: skip


def _plan(account: Account) -> str:
    plan = state_of(Item.RELEASE_PLAN, account.of.plan, account)
    if account.of.plan == "c_type" and account.plan.attendee:
        return _("{plan}, {who} attends").format(plan=plan, who=cut(account.plan.attendee, 40))
    return plan


def sentence(say: Say, reason: Reason, account: Account) -> str:
    """What to say, in quotation marks."""
    eta = account.haul.eta if account.haul else None
    hour = _("when it crosses ({time})").format(time=account.at(eta)) if eta else _("at night")
    text = _filled(SAYS[say], account, hour=hour, item=_(ITEMS[reason.item]), plan=_plan(account))
    return f"“{text}”"


def fixer(who: Fixer, account: Account) -> str:
    """Who can mend it."""
    return _filled(FIXERS[who], account)
