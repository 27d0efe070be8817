"""Buttons of a card: lines by the load's key, at most 64 bytes each."""

from bot.domain.assessment import Hold
from bot.domain.kinds import Kind
from handlers.announce.holdwords import detail, guessed, of_manifest
from handlers.announce.mismatch import answered
from handlers.announce.scene import Scene, cut
from handlers.reply import Button
from handlers.words import _

_BYTES = 64
_MOST = 8
#: Shipments that get all their buttons; of the others only the papers are asked.
_SHIPMENTS = 2
#: Kinds that rest on a missing acceptance: a word by phone stands in for it (F4).
_BY_PHONE = frozenset(
    {Kind.UNWATCHED, Kind.NOT_MATCHED, Kind.NO_RELEASE, Kind.ENTRY_MISSING, Kind.INBOND_MISSING, Kind.CSA_PLAN}
)
_BY_BROKER = _BY_PHONE - {Kind.INBOND_MISSING, Kind.CSA_PLAN}


def tap(scene: Scene, words: str, text: str, shipment: str = "", *, style: str = "") -> Button | None:
    """A button that types this about the load, or about one shipment where there are several.

    None where the line is too long, or where the number of the shipment can't be typed.
    """
    line = f"/load {scene.key}"
    if shipment and len(scene.brief.papers) > 1:
        end = scene.suffix(shipment)
        if not end:
            return None
        line += f" …{end}"
        text = f"{text} (…{end[-8:]})"
    line += f" {words}"
    return Button(text, line, style) if len(line.encode()) <= _BYTES else None


def kept(*buttons: Button | None) -> tuple[Button, ...]:
    """Buttons that could be made, each line once."""
    found = {b.line: b for b in buttons if b is not None}
    return tuple(found.values())[:_MOST]


def taps(scene: Scene, *, owning: bool) -> tuple[Button, ...]:
    """What can be done about a load in one tap, the worst hold's first; nothing once it is over."""
    if scene.brief.found.ended:
        return ()
    first = tap(scene, "got it", _("Got it"), style="primary") if owning else None
    holds = scene.brief.found.holds
    worst = list(dict.fromkeys(h.shipment for h in holds if h.shipment))[:_SHIPMENTS]
    rest = [b for h in holds if not h.shipment or h.shipment in worst for b in _of(h, scene)]
    rest += [_papers(h, scene) for h in holds if guessed(h) and h.shipment not in worst]
    return kept(first, tap(scene, "why", _("Why")), *rest)


def _papers(hold: Hold, scene: Scene) -> Button | None:
    return tap(scene, "papers sent now", _("Papers sent now"), hold.shipment)


def _asked(hold: Hold, scene: Scene) -> bool:
    """Whether customs was asked about it, and nothing is open."""
    own = (j.asked for j in scene.brief.found.shipments if j.shipment == hold.shipment)
    return any(asked is not None and (asked.silent or asked.answered is not None) for asked in own)


def _whom(hold: Hold, scene: Scene) -> str:
    """Who was asked: customs, or the feed that is not customs' own word."""
    own = (j.asked for j in scene.brief.found.shipments if j.shipment == hold.shipment)
    return next((cut(a.of, 20) for a in own if a is not None and a.of), "") or _("customs")


def _of(hold: Hold, scene: Scene) -> list[Button | None]:
    found: list[Button | None] = []
    own = hold.shipment
    if of_manifest(hold):
        found.append(tap(scene, "manifest accepted now", _("Manifest accepted now")))
    elif hold.kind in _BY_PHONE:
        found.append(tap(scene, "accepted", _("Accepted by phone"), own))
        if hold.kind in _BY_BROKER:
            found.append(tap(scene, "not filed", _("Not filed"), own))
    if guessed(hold):
        found.append(_papers(hold, scene))
    if hold.kind in _BY_BROKER | {Kind.STALE} and _asked(hold, scene):
        found.append(tap(scene, "ask", _("Ask {whom} again").format(whom=_whom(hold, scene)), own))
    if hold.kind is Kind.OVERDUE:
        found.append(tap(scene, "crossed now", _("Crossed")))
    if hold.kind is Kind.AGENCY_PENDING:
        agency = cut(detail(hold).get("agency", ""), 20) or _("Agency")
        found.append(tap(scene, "agency ok", _("{agency} ok").format(agency=agency), own))
    if hold.kind is Kind.NUMBER_MISMATCH and not answered(hold):
        found.append(tap(scene, "sticker ours", _("On the sticker: ours"), own))
        near = cut(detail(hold).get("near", ""), 40)
        found.append(tap(scene, "sticker theirs", _("On the sticker: {number}").format(number=near), own))
    if hold.kind is Kind.CARM or detail(hold).get("carm"):
        found.append(tap(scene, "carm ask", _("CARM: what to ask"), own))
    if hold.kind is Kind.OTHER_FILER:
        found.append(tap(scene, "filer yes", _("That filer is right"), own))
    return found
