"""Words for the hold `carm`, and for what an importer's readiness adds to the cause of another hold."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.assessment import Hold
from bot.domain.carm.evidence import Item
from bot.domain.carm.fixes import Say
from bot.domain.carm.reasons import Verdict, Why
from bot.domain.kinds import Kind
from handlers.announce.carmscene import VERDICTS
from handlers.announce.carmwords import ITEMS, SAYS, STATES, WHYS
from handlers.announce.holdtable import Words
from handlers.announce.scene import Scene, cut
from handlers.words import _, mark

ROWS = {
    "": Words(
        mark("the importer of {what} is CARM NOT OK"),
        mark("Customs refuses the electronic release of an importer whose own account is not in order."),
        mark("{what}, ETA {port} {eta}: is the importer's account in order for release prior to payment by {broker}?"),
    ),
    "pending": Words(
        mark("{broker} has no access yet to the CARM account of the importer of {what}"),
        mark("The importer has not approved the broker's request, and without it the broker may not file."),
        mark("{what}, ETA {port} {eta}: {broker} has a pending request in the CARM portal. Please approve it now."),
    ),
}


def row(hold: Hold) -> Words:
    """The words of a hold for CARM."""
    return ROWS["pending" if _detail(hold).get("carm_why") == Why.PENDING else ""]


def readiness_line(hold: Hold, scene: Scene) -> str:
    """`ACME is CARM NOT OK: RPP suspended, since 12 Aug (Maria).`; '' where the hold does not tell of it."""
    said = _detail(hold)
    if not said.get("carm"):
        return ""
    paper = scene.paper(hold.shipment)
    importer = cut(paper.importer.name, 40) if paper and paper.importer.name else _("The importer")
    what = _what(said, scene, hold)
    since = said.get("carm_since")
    parts = [what, _("since {time}").format(time=scene.aged(datetime.fromisoformat(since))) if since else ""]
    who = f" ({cut(said['carm_who'], 40)})" if said.get("carm_who") else ""
    form = _("{importer} is {verdict}: {what}{who}.")
    verdict = _(VERDICTS[Verdict(said["carm"])])
    return form.format(importer=importer, verdict=verdict, what=", ".join(filter(None, parts)), who=who)


def _what(said: Mapping[str, str], scene: Scene, hold: Hold) -> str:
    why, item, state = Why(said["carm_why"]), Item(said["carm_item"]), said.get("carm_state", "")
    if why is Why.PROOF_UNKNOWN:
        return _("whether RPP is active is not known")
    if why in WHYS:
        return _(WHYS[why])
    known = STATES.get((item, state))
    if why is Why.DISPUTED or known is None:
        return _("{item} is disputed").format(item=_(ITEMS[item])) if why is Why.DISPUTED else _(ITEMS[item])
    return _(known).format_map(_names(scene, hold))


def _names(scene: Scene, hold: Hold) -> dict[str, str]:
    paper = scene.paper(hold.shipment)
    return {
        "importer": (cut(paper.importer.name, 40) if paper else "") or _("the importer"),
        "broker": (cut(paper.broker.name, 40) if paper else "") or _("the broker"),
        "rm": _("the import account"),
        "hour": _("when it crosses ({time})").format(time=scene.at(scene.brief.found.eta)),
        "plan": _("another way than under its own RPP"),
    }


def sentence(hold: Hold, scene: Scene) -> str:
    """What to say of the item that fails; '' where the hold does not tell."""
    said = _detail(hold)
    if hold.kind is not Kind.CARM or not said.get("carm_say"):
        return ""
    item = _(ITEMS[Item(said["carm_item"])])
    text = _(SAYS[Say(said["carm_say"])]).format_map(_names(scene, hold) | {"item": item})
    form = _("{what}, ETA {port} {eta}. {text}")
    what = scene.what(hold.shipment) if hold.shipment else scene.number
    return form.format(what=what, port=scene.port, eta=scene.at(scene.brief.found.eta), text=text)


def _detail(hold: Hold) -> Mapping[str, str]:
    return hold.detail or {}
