"""Two parties that turn out to be one, and the way back."""

from collections.abc import Sequence
from typing import Any

from bot.watch.hands import Hands
from storage.ids import new_id
from storage.merges import MergeRecord
from storage.parties import Moved, PartyRecord, cousins
from storage.work import Work

#: Most loads that are looked at again at once; the others follow when they are due.
_MOST = 500
#: What the kept one takes from the other where it has none.
_GAPS = ("phone_day", "phone_night", "email", "hours", "promise_minutes")
#: Lists that become the sum of both.
_SUMS = ("roles", "filers")


async def merge(work: Work, gone: PartyRecord, kept: PartyRecord, by: Hands) -> PartyRecord | None:
    """Makes `gone` a name of `kept`, which takes from it what it lacks itself; the kept one as it is then, None when
    they are one already."""
    moved = None if gone.id == kept.id else await work.parties.merge(gone.id, kept.id)
    if moved is None:
        return None
    fresh = _together(gone, kept)
    was = {name: getattr(kept, name) for name in fresh}
    if fresh:
        await work.parties.change(kept.id, **fresh)
    told = {
        "name": gone.name, "parties": moved.parties, "aliases": moved.aliases, "named": moved.named,
        "was": was, "became": fresh,
    }  # fmt: skip
    await work.merges.add(MergeRecord(new_id(), kept.id, gone.id, work.now, by.who, by.person, by.delivery, told))
    await _look_again(work, [kept.id])
    return (await work.parties.of([kept.id]))[kept.id]


def _together(gone: PartyRecord, kept: PartyRecord) -> dict[str, Any]:
    """What the kept one's fields become."""
    fresh: dict[str, Any] = {n: getattr(gone, n) for n in _GAPS if getattr(gone, n) and not getattr(kept, n)}
    for name in _SUMS:
        own, more = list(getattr(kept, name)), getattr(gone, name)
        if added := [one for one in more if one not in own]:
            fresh[name] = own + added
    notes = [note for note in (kept.note, gone.note) if note]
    if gone.note and gone.note != kept.note:
        fresh["note"] = "; ".join(notes)
    return fresh


async def merges_of(work: Work, party: PartyRecord) -> Sequence[MergeRecord]:
    """What stands of being made one with this party, directly or by way of another, the newest first."""
    return await work.merges.standing(cousins(party.id, await work.parties.merged()))


async def part(work: Work, merge: MergeRecord, by: Hands) -> tuple[PartyRecord, PartyRecord] | None:
    """Takes a merge apart: the party that was gone and the kept one, each with the names and all that was its own;
    None when somebody else did so before.

    What was said or recorded of the kept one meanwhile stays with the kept one.
    """
    moved = merge.moved
    if not await work.merges.end(merge.id, by.who, work.now):
        return None
    root = await work.parties.part(
        merge.gone_id, Moved(tuple(moved["parties"]), tuple(moved["aliases"]), moved["named"])
    )
    if not root:
        return None
    kept = (await work.parties.of([merge.kept_id]))[merge.kept_id]
    back = {n: moved["was"][n] for n, became in moved["became"].items() if _same(getattr(kept, n), became)}
    if back and kept.id == merge.kept_id:
        await work.parties.change(kept.id, **back)
    await _look_again(work, [merge.gone_id, merge.kept_id])
    now = await work.parties.of([merge.gone_id, merge.kept_id])
    return now[merge.gone_id], now[merge.kept_id]


def _same(value: Any, became: Any) -> bool:
    """Whether nobody changed a field since it was merged."""
    return list(value) == list(became) if isinstance(became, list) else bool(value == became)


async def _look_again(work: Work, parties: Sequence[str]) -> None:
    """Their loads are looked at anew: another broker's hours, promise and number may hold for them."""
    found: set[str] = set()
    for party in parties:
        found |= {r.id for r in await work.finder.listed(broker_id=party, limit=_MOST)}
        found |= {r.id for r in await work.finder.listed(importer_id=party, limit=_MOST)}
    await work.loads.touch(sorted(found), work.now)
