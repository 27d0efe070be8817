"""The fold of a manifest, the trip's or a cargo's: accepted, or rejected."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.order import latest, order, outdates
from bot.domain.quick import quick
from bot.domain.report import Report
from bot.domain.status import SILENT, Authority, Status, Track


@quick
@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a manifest: accepted (the first acceptance nothing refused since) or rejected; `unread` is a
    word on it that nobody can read, and that no acceptance outdates (F8)."""

    accepted: Report | None = None
    rejected: Report | None = None
    unread: Report | None = None


#: A manifest that is matched, or has its entries on file, is on file (border-formats 2.5, 4.3).
_ACCEPTED = frozenset({Status.ON_FILE, Status.MATCHED, Status.READY})
#: Nothing was heard of it.
UNSEEN = Manifest()


def manifest_of(reports: Sequence[Report]) -> Manifest:
    """Fold of the manifest track: of a trip's reports, or of the cargo ones among a shipment's.

    A person's word stands in for a missing acceptance and is beaten by any later refusal; a person's refusal stands
    until customs says anything later of the manifest, or a person says it is accepted (F4).
    """
    told = [r for r in reports if r.track is Track.MANIFEST]
    if not told:
        return UNSEEN
    bad = [r for r in told if r.status in (Status.REJECTED, Status.CANCELLED)]
    good = [r for r in told if r.status in _ACCEPTED]
    open_bad = [b for b in bad if not any(_ends(r, b) for r in told)]
    if open_bad:
        return Manifest(rejected=latest(open_bad))
    standing = [g for g in good if all(outdates(g, b) and g.authority >= b.authority for b in bad)]
    return Manifest(accepted=min(standing, key=order, default=None), unread=_unread(told, good))


def _unread(told: Sequence[Report], good: Sequence[Report]) -> Report | None:
    return latest(
        r
        for r in told
        if r.status is Status.UNKNOWN
        and not any(outdates(g, r) and (g.authority >= r.authority or g.authority is Authority.PERSON) for g in good)
    )


def _ends(word: Report, bad: Report) -> bool:
    """Whether a word ends a refusal: an acceptance by who has no less authority (F3); and anything of customs that is
    later than a person's refusal."""
    if word is bad or not outdates(word, bad):
        return False
    if bad.authority is Authority.PERSON and word.authority is Authority.CUSTOMS:
        return word.status not in SILENT
    return word.status in _ACCEPTED and word.authority >= bad.authority


def manifest_of_trips(trips: Sequence[Sequence[Report]]) -> Manifest:
    """The manifests of all trips of a load as one: refused if any is, accepted when every one is, as of the last.

    One trip's acceptance says nothing of another's manifest (A2).
    """
    folded = [manifest_of(reports) for reports in trips]
    refused = latest(m.rejected for m in folded if m.rejected is not None)
    if refused is not None:
        return Manifest(rejected=refused)
    accepted = [m.accepted for m in folded if m.accepted is not None]
    unread = latest(m.unread for m in folded if m.unread is not None)
    if len(accepted) < len(folded):
        return Manifest(unread=unread) if unread is not None else UNSEEN
    return Manifest(latest(accepted), unread=unread)
