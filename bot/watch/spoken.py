"""Persons' words about clearance, kept as field histories, as the reports that the fold counts (RULES F4)."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.domain.facts import Sticker
from bot.domain.kinds import KINDS, Kind
from bot.domain.load import Said
from bot.domain.numbers import NumberKind
from bot.domain.order import received_at, said_at
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track


def release_words(own: list[Said], ccn: str) -> list[Report]:
    """Persons' words about a shipment's release as reports; a word about a number it no longer has counts nothing."""
    found: list[Report] = []
    for said in own:
        if said.field != "word" or not said.value:
            continue
        word = json.loads(said.value)
        if word.get("number", ccn) == ccn:
            found.append(_word(said, word, Status(word["status"]), Track.RELEASE, ccn))
    return found


def manifest_words(said: list[Said], trips: Sequence[str]) -> list[Report]:
    """Persons' words about the manifest as reports; one about trips that the load no longer has counts nothing."""
    found = []
    for one in said:
        if one.field != "manifest" or not one.value:
            continue
        word = json.loads(one.value)
        meant = word.get("trips", ())
        if not meant or not set(meant).isdisjoint(trips):
            # Words of before refusals could be said are all acceptances.
            status = Status(word.get("status", Status.ON_FILE))
            found.append(_word(one, word, status, Track.MANIFEST, ""))
    return found


def sticker_of(said: list[Said], ccn: str, heard: Sequence[Report]) -> Sticker | None:
    """The answer to which number is on the sticker, while it is about this number and nothing matched or accepted it
    since (K, `number_mismatch`)."""
    answers = [s for s in said if s.field == "sticker" and s.value and json.loads(s.value)["number"] == ccn]
    last = max(answers, key=lambda s: (s.at, s.id)) if answers else None
    if last is None or last.value is None:
        return None
    ends = KINDS[Kind.NUMBER_MISMATCH].ended_by
    if any(r.status in ends and said_at(r) > last.at and received_at(r) > last.at for r in heard):
        return None
    told = json.loads(last.value)
    return Sticker(told["answer"] == "ours", told["other"], last.at, last.who)


def agency_ok(own: list[Said]) -> bool:
    """Whether a person's yes is about the agency that is named now: it came after the last naming."""
    if not own:
        return False
    said = [s for s in own if s.field in ("agency_ok", "agency")]
    last = max(said, key=lambda s: (s.at, s.id), default=None)
    return last is not None and last.field == "agency_ok" and bool(last.value)


def _word(said: Said, word: Mapping[str, str], status: Status, track: Track, key: str) -> Report:
    told = datetime.fromisoformat(word["at"]) if word.get("at") else said.at
    told = min(told.astimezone(UTC), said.at)
    return Report(
        kind=NumberKind.CCN,
        key=key,
        status=status,
        track=track,
        raw="by phone",
        prepared=told,
        received=told,
        transaction=word.get("transaction", ""),
        authority=Authority.PERSON,
        by=word.get("by") or said.who,
        feed="person",
        ref=said.id,
    )
