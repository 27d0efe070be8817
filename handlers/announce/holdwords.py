"""One hold in words: title, cause, whom to call first with the number that answers now, what to say."""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.domain.assessment import Evidence, Hold
from bot.domain.brief import Contact, Paper
from bot.domain.kinds import Call, Cause, Kind, Level
from bot.domain.status import Status
from handlers.announce import carmhold
from handlers.announce.causes import ODD, is_odd, whose
from handlers.announce.facts import answers_now, status_word, told
from handlers.announce.holdtable import TABLE, Words
from handlers.announce.mismatch import NUMBERS, answered, names_of
from handlers.announce.scene import Scene, cut
from handlers.words import _, mark

#: A code as customs and gateways write them, and no plain word: Y50, RTR, 14 01, DATA_ERROR.
_CODE = re.compile(r"[A-Z]{1,4}|(?=[^a-z]*[\d_])[A-Z0-9]+(?:[ _./+:-][A-Z0-9]+)*")
_BY_CLOCK = frozenset({Kind.NOT_MATCHED, Kind.ENTRY_MISSING, Kind.NO_RELEASE})
_DECIDING = frozenset({Status.MATCHED.value, Status.AWAITING_PROCESSING.value})
#: Details that are named as they are.
_AS_IS = ("near", "earlier", "office", "agency", "transaction", "refiled", "filed", "ours")
#: What a manifest may name otherwise than the load does.
_NAMES = {"truck": mark("truck"), "trailer": mark("trailer"), "driver": mark("driver")}
#: What an answer of *unknown* waits for, while a kind's clock has not started.
_WAITS: dict[Kind, str] = {
    Kind.NOT_MATCHED: mark("{what} to be accepted"),
    Kind.ENTRY_MISSING: mark("the entry for {what}"),
    Kind.NO_RELEASE: mark("a release request for {what}"),
    Kind.INBOND_MISSING: mark("{what} to be accepted"),
    Kind.CSA_PLAN: mark("CSA to be confirmed for {what}"),
    Kind.NUMBER_MISSING: mark("the number of {what}"),
    Kind.AGENCY_PENDING: mark("{agency} for {what} to be confirmed"),
    Kind.OUR_MANIFEST: mark("our manifest for {trip} to be accepted"),
    Kind.CARM: mark("the importer of {what} to be CARM OK"),
    Kind.CHECKING: mark("the match of {what} to come back, looked at again {until}"),
}


def detail(hold: Hold) -> Mapping[str, str]:
    return hold.detail or {}


def due(hold: Hold) -> datetime | None:
    """When the broker's promise runs out."""
    text = detail(hold).get("due")
    return datetime.fromisoformat(text) if text else None


def guessed(hold: Hold) -> bool:
    """Whether its clock rests on a papers time that nobody told us."""
    return detail(hold).get("guess") == "yes"


def of_manifest(hold: Hold) -> bool:
    """Whether nobody tells us about the trip's manifest."""
    return hold.kind is Kind.UNWATCHED and hold.replaces is Kind.OUR_MANIFEST


def words_of(hold: Hold, scene: Scene) -> Words:
    """The row of the table for this hold."""
    if is_odd(hold):
        return ODD
    if hold.kind is Kind.NUMBER_MISMATCH:
        return NUMBERS[answered(hold)]
    if hold.kind is Kind.CARM:
        return carmhold.row(hold)
    return TABLE.get((hold.kind, _situation(hold, scene))) or TABLE[hold.kind, ""]


def _situation(hold: Hold, scene: Scene) -> str:
    more = detail(hold)
    status = hold.evidence.status if hold.evidence else ""
    match hold.kind:
        case Kind.NOT_MATCHED | Kind.ENTRY_MISSING | Kind.NO_RELEASE:
            return _waiting(hold, scene, status)
        case Kind.OUR_MANIFEST if hold.shipment:
            return "cargo"
        case Kind.OUR_MANIFEST:
            if more.get("rejected") and hold.evidence is not None and hold.evidence.phone:
                return "phone"
            return next((name for name in ("rejected", "names", "no_trip") if more.get(name)), "")
        case Kind.UNWATCHED if of_manifest(hold):
            return "manifest"
        case Kind.UNWATCHED:
            return "dead" if more.get("ear", "none") != "none" else ""
        case Kind.EXAM:
            return ("held" if status == Status.HELD else "") if hold.shipment else "trip"
        case Kind.NUMBER_MISSING:
            return "" if hold.shipment else "load"
        case Kind.NUMBER_REUSED:
            return "" if more.get("earlier") else "code"
        case Kind.TIGHT:
            return "after" if hold.level == Level.WARN else ""
        case Kind.UNREAD if not hold.shipment:
            return "which" if hold.key else "trip"
        case Kind.CHECKING:
            return "refiled" if more.get("refiled") else ""
    return ""


def _waiting(hold: Hold, scene: Scene, status: str) -> str:
    if hold.evidence is not None and hold.evidence.phone and hold.kind is Kind.NO_RELEASE:
        return "phone"
    if hold.cause is Cause.OURS:
        return "unseen" if hold.behind else "ours"
    if status in _DECIDING:
        return "deciding"
    if guessed(hold):
        return "guess"
    end = due(hold)
    return "late" if end is not None and end <= scene.now else ""


def named(hold: Hold, scene: Scene) -> dict[str, str]:
    """Every name that the table's sentences use, with values of people and feeds cut to a length."""
    more = {key: cut(value, 40) for key, value in detail(hold).items()}
    paper = scene.paper(hold.shipment)
    broker = cut(paper.broker.name, 40) if paper else ""
    papers = paper.papers_sent if paper else None
    end, until, dead = due(hold), detail(hold).get("until"), detail(hold).get("dead_since")
    asked, names = detail(hold).get("asked"), more.get("names", "")
    fact: Evidence | None = hold.evidence
    return {
        "number": scene.number,
        "what": scene.what(hold.shipment) if hold.shipment else _("a shipment"),
        "trip": scene.trip,
        "port": scene.port,
        "eta": scene.at(scene.brief.found.eta),
        "broker": broker or _("the broker"),
        "papers": scene.at(papers) if papers else _("at an unknown time"),
        "due": scene.at(end) if end else _("an unknown time"),
        "until": scene.aged(datetime.fromisoformat(until)) if until else _("soon"),
        "since": scene.aged(hold.since) if hold.since else "",
        "word": status_word(fact.status) if fact else "",
        "by": f"{cut(fact.by, 40)}, {scene.aged(fact.at)}" if fact else _("somebody"),
        "whom": more.get("of") or _("customs"),
        "asked": scene.aged(datetime.fromisoformat(asked)) if asked else _("before"),
        "names": _(_NAMES[names]) if names in _NAMES else names,
        "ear": more.get("ear", ""),
        "dead": " " + _("since {time}").format(time=scene.at(datetime.fromisoformat(dead))) if dead else "",
        "code": _code(hold.kind, more.get("code", "")),
        "key": f" ({cut(hold.key, 40)})" if hold.key else "",
        **names_of(hold, scene),
        **{
            name: more.get(name, "")
            for name in ("near", "earlier", "office", "agency", "transaction", "refiled", "filed", "ours")
        },
    }


def _code(kind: Kind, text: str) -> str:
    """The sender's code in brackets; of a word that nobody can read the word itself, of another word nothing."""
    if _CODE.fullmatch(text):
        return " " + _("(code {code})").format(code=text)
    return " " + _("(it reads “{word}”)").format(word=text) if text and kind is Kind.UNREAD else ""


def title(hold: Hold, scene: Scene) -> str:
    """The hold in a few words; what rests on a guess says so."""
    said = _(words_of(hold, scene).title).format_map(named(hold, scene))
    situation = _situation(hold, scene)
    if guessed(hold) and hold.kind is not Kind.TIGHT and situation in ("", "dead", "deciding", "ours", "unseen"):
        return f"{said} {_guess()}"
    return said


def _guess() -> str:
    return _("(guess: papers time not known)")


def cause(hold: Hold, scene: Scene) -> str:
    """Whose move it is, and one sentence why it is so."""
    return " ".join(filter(None, (whose(hold), because(hold, scene))))


def because(hold: Hold, scene: Scene) -> str:
    """One sentence: why it is so."""
    said = _(words_of(hold, scene).cause).format_map(named(hold, scene))
    return " ".join(filter(None, (said, carmhold.readiness_line(hold, scene))))


def despite(hold: Hold, scene: Scene) -> str:
    """That another source says otherwise and why its word does not count (F1); '' where none does."""
    good, bad = hold.despite, hold.evidence
    if good is None or bad is None:
        return ""
    form = _("{good}, but {bad} stands: they reached us in another order than they were made.")
    if good.at > bad.at and good.received > bad.received:
        form = _("{good}, but {bad} stands until its own sender says otherwise.")
    return form.format(good=told(good, scene, brief=True), bad=told(bad, scene, brief=True))


def say(hold: Hold, scene: Scene) -> str:
    """The exact sentence to say on the phone; '' where nobody needs a call."""
    if own := carmhold.sentence(hold, scene):
        return own
    text = words_of(hold, scene).say
    return _(text).format_map(named(hold, scene)) if text else ""


def wait(hold: Hold, scene: Scene) -> str:
    """What is waited for, of whom and until when, while the clock of this kind has not started."""
    names, end, situation = named(hold, scene), due(hold), _situation(hold, scene)
    said = _awaited(hold, situation, scene).format_map(names)
    if detail(hold).get("outage"):
        return _("{what}; customs' system is reported down").format(what=said)
    if hold.kind is Kind.UNWATCHED:
        said = _("{what}, by phone since no feed tells us").format(what=said)
    if guessed(hold):
        return f"{said} {_guess()}"
    tight = any(h.kind is Kind.TIGHT and h.shipment == hold.shipment for h in scene.brief.found.holds)
    if end is not None and end > scene.now and situation != "deciding" and not tight:
        return _("{what}, {broker} has until {due}").format(what=said, broker=names["broker"], due=names["due"])
    return said


def _awaited(hold: Hold, situation: str, scene: Scene) -> str:
    """The sentence of what is waited for; a kind that has none is told by its title."""
    kind = hold.replaces if hold.kind is Kind.UNWATCHED and hold.replaces else hold.kind
    if situation == "names":
        return _("our manifest for {trip} to name {names} {ours}, not {filed}")
    if situation == "deciding":
        return _("customs' decision on {what}")
    if situation == "phone":
        return _("{what} to be filed (not filed, by phone, {by})")
    if kind not in _WAITS or situation == "refiled":
        return _(words_of(hold, scene).title)
    return _(_WAITS[kind])


def callee(call: Call, hold: Hold, scene: Scene) -> str:
    """A person to call and the number that answers at this hour; '' for nobody, and for customs: it has none."""
    paper = scene.paper(hold.shipment) or next(iter(scene.brief.papers), None)
    match call:
        case Call.BROKER:
            return _broker(paper, scene)
        case Call.DRIVER:
            return _driver(scene)
        case Call.CLERK:
            return _("our own border clerk or filer")
        case Call.IMPORTER:
            return _importer(paper, scene)
        case Call.CUSTOMS | Call.NOBODY:
            return ""


def _broker(paper: Paper | None, scene: Scene) -> str:
    who = paper.broker if paper else Contact()
    if not who.name:
        return _("the broker, who is not known here (type: /load {key} broker NAME)").format(key=scene.key)
    return f"{cut(who.name, 40)}, {answers_now(who, scene)}"


def _importer(paper: Paper | None, scene: Scene) -> str:
    who = paper.importer if paper else Contact()
    if not who.name:
        return _("the importer (not known here)")
    said = _("the importer {name}").format(name=cut(who.name, 40))
    return f"{said}, {answers_now(who, scene)}" if who.day or who.night else said


def _driver(scene: Scene) -> str:
    who, other = scene.brief.driver, cut(scene.brief.carried_by, 40)
    phone = cut(who.day or who.night, 30) or _("no number stored")
    name = cut(who.name, 40)
    if other:
        carried = _("carried by {name}").format(name=other)
        return ", ".join(filter(None, (_("the driver"), name, carried, phone)))
    return ", ".join(filter(None, (_("the driver"), name or _("not known here"), phone)))
