"""The first line of an answer: may it go, why, and when is it at the border."""

from datetime import datetime

from bot.domain.assessment import Answer, But, Condition, Evidence, Judged
from bot.domain.kinds import Kind
from bot.domain.load import LoadKind
from handlers.announce.facts import ANSWERS, told
from handlers.announce.holdwords import title, wait
from handlers.announce.scene import Scene, cut
from handlers.words import _, mark, ngettext

_BUTS = {
    But.NOT_BEFORE: mark("not before {until}"),
    But.MANIFEST_UNSEEN: mark("manifest not seen by us"),
    But.CFIA: mark("{what} detained to destination for CFIA{detail}"),
    But.PAY_AT_PORT: mark("duties for {what} are paid at the port"),
    But.INBOND: mark("{what} moves in-bond: its release is inland, not at the border"),
    But.BY_PAPER: mark("{what} is by paper, check it yourself"),
    But.DISPUTED: mark("{detail} says otherwise about {what}"),
    But.TOO_EARLY: mark("customs warns that {what} comes before its review time is over"),
    But.STALE: mark("asked {whom} about {what} {asked}, no answer"),
}
#: Kinds that are said after what the answer waits for.
_ALSO = (Kind.TIGHT, Kind.OVERDUE, Kind.STALE)
#: Reasons or conditions named in the first line; the rest is counted.
NAMED = 2


def condition(but: Condition, scene: Scene) -> str:
    """A condition in a few words."""
    detail = cut(but.detail, 40)
    if but.kind is But.CFIA and detail:
        detail = f" ({detail})"
    names = {
        "what": scene.what(but.shipment) if but.shipment else _("the load"),
        "until": scene.aged(but.until) if but.until else "",
        **(_question(but, scene) if but.kind is But.STALE else {}),
        "detail": detail or (_("a broker") if but.kind is But.DISPUTED else ""),
    }
    return _(_BUTS[but.kind]).format_map(names)


def _question(but: Condition, scene: Scene) -> dict[str, str]:
    at, _space, of = but.detail.partition(" ")
    return {"asked": scene.at(datetime.fromisoformat(at)), "whom": cut(of, 40) or _("customs")}


def answer_line(scene: Scene) -> str:
    """`1234 HOLD: PARS … not matched, PCB late since 09:40. ETA Ambassador Bridge 12:10 (in 1 h 50).`"""
    found = scene.brief.found
    if found.ended:
        return over(scene)
    answer = _(ANSWERS[found.answer])
    if found.at_border and not found.is_go:
        answer = _("{answer}, AT THE BORDER").format(answer=answer)
    joint = " " if found.answer is Answer.GO_BUT else ": "
    return f"{scene.number} {answer}{joint}{reason(scene)}. {arrival(scene)}"


def reason(scene: Scene) -> str:
    """What the answer rests on, without a full stop."""
    found = scene.brief.found
    if found.answer is Answer.HOLD:
        return "; ".join([_listed([title(h, scene) for h in found.standing]), *_early(scene)])
    if found.answer is Answer.UNKNOWN:
        return "; ".join([_open(scene), *_early(scene)])
    good = rests_on(scene)
    if found.answer is Answer.GO_BUT:
        return ": ".join(filter(None, (_listed([condition(b, scene) for b in found.buts]), good)))
    return good


def _early(scene: Scene) -> list[str]:
    """That customs warns of a truck that comes too early: it is never among what is only counted."""
    return [condition(b, scene) for b in scene.brief.found.buts if b.kind is But.TOO_EARLY][:1]


def _listed(parts: list[str]) -> str:
    named = "; ".join(parts[:NAMED])
    more = len(parts) - NAMED
    if more <= 0:
        return named
    return ngettext("{named}; and {n} more", "{named}; and {n} more", more).format(named=named, n=more)


def _open(scene: Scene) -> str:
    """What an answer of *unknown* waits for; what is overdue or tight comes after it."""
    holds = scene.brief.found.holds
    loud = [title(h, scene) for h in holds if h.level is not None and h.kind not in _ALSO]
    waits = [wait(h, scene) for h in holds if h.level is None]
    also = [title(h, scene) for h in holds if h.level is not None and h.kind in _ALSO]
    said = [*loud]
    if waits:
        said.append(_("waits for {what}").format(what=_listed(waits)))
    return _listed([*said, *also]) or _("waits for a first word")


def weakest(found: tuple[Judged, ...]) -> tuple[str, Evidence] | None:
    """The shipment whose good fact is the least sure, and that fact: a person's word first, then the oldest."""
    resting = [(j.shipment, j.rests_on) for j in found if j.rests_on is not None]
    return min(resting, key=lambda one: (not one[1].phone, one[1].at), default=None)


def rests_on(scene: Scene) -> str:
    """The fact a good answer rests on, with its age and its end."""
    found = scene.brief.found
    one = weakest(found.shipments)
    if one is None:
        return _no_shipment(scene, found.manifest)
    fact = f"{scene.what(one[0])} {told(one[1], scene, brief=True)}"
    ends = [j.until for j in found.shipments if j.until is not None]
    if ends:
        fact = _("{fact}, good until {time}").format(fact=fact, time=scene.at(min(ends)))
    resting = sum(j.rests_on is not None for j in found.shipments)
    if resting > 1:
        form = ngettext("{fact}; {n} more is good too", "{fact}; {n} more are good too", resting - 1)
        return form.format(fact=fact, n=resting - 1)
    return fact


def _no_shipment(scene: Scene, manifest: Evidence | None) -> str:
    if manifest is not None:
        return _("manifest of {trip}: {fact}").format(trip=scene.trip, fact=told(manifest, scene, brief=True))
    if scene.brief.kind == LoadKind.BOBTAIL.value:
        return _("bobtail, nothing to release")
    return _("nothing to release") if not scene.brief.papers else ""


def arrival(scene: Scene) -> str:
    """Where the truck is on its way."""
    found = scene.brief.found
    if found.at_border:
        return _("At {port} NOW.").format(port=scene.port)
    if found.overdue:
        return _("ETA {port} was {eta}, no proof that it is there.").format(port=scene.port, eta=scene.eta)
    return _("ETA {port} {eta}.").format(port=scene.port, eta=scene.eta)


def over(scene: Scene) -> str:
    """The end of a load that facts or time ended."""
    found = scene.brief.found
    if found.ended != "crossed":
        return _("{number} closed: no news long after the ETA, so what became of it is unknown.").format(
            number=scene.number
        )
    if found.is_go:
        return _("{number} crossed. {fact}.").format(number=scene.number, fact=rests_on(scene) or _("Nothing was open"))
    return _("{number} crossed, never seen accepted.").format(number=scene.number)
