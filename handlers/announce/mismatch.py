"""Two numbers that look alike, in words: where they differ, read letter by letter, and which is on the sticker."""

from bot.domain.assessment import Hold
from bot.domain.kinds import Call, Kind
from bot.domain.load import Direction
from bot.domain.nearness import Near, Slip, nearness
from bot.domain.numbers import key_of
from handlers.announce.holdtable import Words
from handlers.announce.scene import Scene, cut
from handlers.words import _, mark, ngettext

_ASK = mark("Which is on the sticker, {spelled} or {near_spelled}? Read it letter by letter.")
#: By the answer to which is on the sticker; '' while nobody has answered.
NUMBERS: dict[str, Words] = {
    "": Words(
        mark("{near} is on file and {what} is not ({differs}), look at the sticker"),
        mark("A number that looks alike was reported and belongs to no load of ours. Which is on the sticker?"),
        _ASK,
    ),
    "ours": Words(
        mark("{near} was filed for {what} ({differs}), the broker must file it again"),
        mark("{answered_by} read our number on the sticker, so the filing has a slip."),
        mark("Our sticker says {spelled}. You filed {near_spelled}. Please file it again under our number."),
    ),
    "theirs": Words(
        mark("{what} had a slip of ours ({near} until then), no match since that was mended"),
        mark("{answered_by} read this number on the sticker; only a match or an acceptance after that counts."),
        mark("Is {spelled} the number in our {manifest} manifest, and not {near_spelled}? Amend it if not."),
    ),
}
CALLS = {"": (Call.DRIVER,), "ours": (Call.BROKER,), "theirs": (Call.CLERK, Call.BROKER)}
#: Letters and digits that are taken for one another, as they are said on the phone.
_SAID = {
    "O": mark("O as in Oscar"), "I": mark("I as in India"), "L": mark("L as in Lima"), "S": mark("S as in Sierra"),
    "B": mark("B as in Bravo"), "0": mark("zero"), "1": mark("one"), "4": mark("four"), "5": mark("five"),
    "7": mark("seven"), "8": mark("eight"), "9": mark("nine"),
}  # fmt: skip

#: By how often the number on file has the letters PARS.
_PARS = (mark("PARS missing"), mark("PARS once"), mark("PARS twice"))


def answered(hold: Hold) -> str:
    """ours, theirs, or '' while nobody has said which number is on the sticker."""
    return (hold.detail or {}).get("answer", "")


def names_of(hold: Hold, scene: Scene) -> dict[str, str]:
    """What the sentences above name besides what all sentences do."""
    if hold.kind is not Kind.NUMBER_MISMATCH:
        return {}
    said, paper = hold.detail or {}, scene.paper(hold.shipment)
    ours, theirs = key_of(paper.label) if paper else "", key_of(said.get("near", ""))
    near = nearness(ours, theirs, digit=True)
    return {
        "differs": differs(near, ours, theirs),
        "spelled": spelled(ours, near),
        "near_spelled": spelled(theirs, near),
        "answered_by": cut(said.get("by", ""), 40) or _("somebody"),
        "manifest": "ACI" if scene.brief.direction == Direction.CA.value else "ACE",
    }


def differs(near: Near | None, ours: str, theirs: str) -> str:
    """`O for 0 at place 9`, `PARS missing`: what the number on file has otherwise than ours."""
    if near is None:
        return _("another number")
    if near.slip is Slip.PARS:
        return _(_PARS[min(theirs.count("PARS"), 2)])
    if near.slip is Slip.DASH:
        return _("a dash more") if len(theirs) > len(ours) else _("a dash missing")
    at, own, other = near.odd[0]
    if near.slip is Slip.SWAPPED:
        return _places(other + own, own + other, [str(at)])
    if near.slip is Slip.DIGIT:
        return _("{theirs} for {ours} and nobody claims it").format(theirs=other, ours=own)
    places: dict[tuple[str, str], list[str]] = {}
    for place, a, b in near.odd:
        places.setdefault((b, a), []).append(str(place))
    said = [_places(*pair, at_) for pair, at_ in places.items()]
    return ", ".join(said[:3]) + ("…" if len(said) > 3 else "")


def _places(theirs: str, ours: str, places: list[str]) -> str:
    form = ngettext("{theirs} for {ours} at place {places}", "{theirs} for {ours} at places {places}", len(places))
    return form.format(theirs=theirs, ours=ours, places=", ".join(places))


def spelled(key: str, near: Near | None) -> str:
    """A number letter by letter; where the two differ, as it is said on the phone."""
    places = {at for at, _ours, _theirs in near.odd} if near else set()
    return " ".join(_(_SAID[c]) if at in places and c in _SAID else c for at, c in enumerate(cut(key, 40), 1))
