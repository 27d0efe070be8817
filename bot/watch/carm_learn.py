"""What customs' own words prove of importers: a release that went electronically, or one that was refused for RPP."""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from prometheus_client import Counter

from bot.domain.carm.calendar import day_of
from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.carm.grades import Grade, grade
from bot.domain.carm.proof import reject_word, release_proof
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.scope import standing_records
from bot.domain.carm.voices import SECURED
from bot.domain.doubts import PAY_AT_PORT
from bot.domain.load import ShipmentType
from bot.domain.status import RELEASES, Authority, Status
from bot.watch.carm_subjects import Known, known_of, planned, root, subject_of
from bot.watch.carm_words import record
from bot.watch.world import World
from storage.carm import Heard
from storage.database import Database
from storage.ids import new_id
from storage.parties import PartyRecord
from storage.shipments import ShipmentRecord
from storage.work import Work

#: At the first start of history so much of it is read.
_FIRST = timedelta(days=90)
#: Reports of one unit: short enough that people who type do not wait for the lock.
_PAGE = 2000
#: Words of release that speak of another way than the importer's own security (border-formats 2.1: CSA).
_OTHER_WAY = frozenset({"GIS:23"})

_LEARNT = Counter("holdwatch_carm_evidence", "Records about importers that customs' own words made", ["item"])


class Learning:
    """Reads on in what customs said, from where it was read last; one process at a time."""

    def __init__(
        self, database: Database, world: World, civil: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self._database, self._world, self._civil, self._wake = database, world, civil, wake

    async def look(self) -> int:
        """Reads all that is new; how many records it made."""
        made = 0
        async with self._database.duty("carm") as duty:
            for carrier in self._world.carriers if duty.mine else ():
                while await duty.held():
                    async with self._database.work(carrier, self._civil(), write=True) as work:
                        more, count = await learn(work, self._world)
                        made += count
                        if count:
                            work.after_commit(self._wake)
                    if not more:
                        break
                    await asyncio.sleep(0)
        return made


async def learn(work: Work, world: World) -> tuple[bool, int]:
    """Reads the next reports and writes what they prove: whether there may be more, and how many records it made."""
    place = f"carm.read.{work.carrier}"
    after = await _begins(work, world.carm, await work.settings.find(place) or "")
    page = await work.carm.heard(after, _PAGE, work.now - _FIRST)
    if page is None:
        return False, 0
    last, heard = page
    await work.settings.save(place, last)
    made = await _made(work, world.carm, heard) if heard else []
    await record(work, made)
    for one in made:
        _LEARNT.labels(one.item.value).inc()
    return True, len(made)


async def _begins(work: Work, rules: CarmRules, after: str) -> str:
    """Where to read on. Once a day the day before is read again: an importer may have been named since, and what
    another process wrote late stands behind what was read."""
    place, today = f"carm.day.{work.carrier}", day_of(work.now, rules).isoformat()
    day, _bar, start = (await work.settings.find(place) or "").partition("|")
    if day == today:
        return after
    await work.settings.save(place, f"{today}|{after}")
    return start


@dataclass
class _Pile:
    """What is on record of some importers, and what is added to it."""

    rules: CarmRules
    now: datetime
    told: dict[str, list[Evidence]]
    made: list[Evidence] = field(default_factory=list)

    def add(self, one: Evidence | None) -> None:
        """Adds a record, unless it says nothing new."""
        if one is None or self._known(one):
            return
        self.made.append(one)
        self.told.setdefault(one.importer, []).append(one)

    def _known(self, one: Evidence) -> bool:
        """Whether the same was recorded of the day, and nothing bad was said of the account in between."""
        mine = [e for e in self.told.get(one.importer, ()) if e.rm in ("", one.rm)]
        same = [e for e in mine if e.item is one.item and e.broker == one.broker and e.source is one.source]
        day = day_of(one.at, self.rules)
        return any(
            e.load == one.load if one.item is Item.LAST_RPP_REJECT else not _overtaken(e, one, mine)
            for e in same
            if day_of(e.said, self.rules) == day
        )


def _overtaken(proof: Evidence, one: Evidence, mine: Iterable[Evidence]) -> bool:
    """Whether the account was called bad after the older proof of the same day, so that the newer one counts."""
    secured = SECURED | {Item.LAST_RPP_REJECT}
    bad = [e.said for e in mine if e.item in secured and grade(e.item, e.state) is Grade.BAD]
    return any(proof.said <= at < one.at for at in bad)


async def _made(work: Work, rules: CarmRules, heard: Sequence[Heard]) -> list[Evidence]:
    named = {p for h in heard for p in (h.importer_id, h.broker_id) if p}
    parties = await work.parties.of(named)
    known = await known_of(work, {root(parties, h.importer_id) for h in heard})
    if more := known.brokers - parties.keys():
        parties = {**parties, **await work.parties.of(more)}
    told = {id_: standing_records(of) for id_, of in known.evidence.items() if id_}
    pile = _Pile(rules, work.now, told)
    for one in sorted(heard, key=lambda h: (h.at, h.report)):
        pile.add(_evidence(one, parties, known, rules, work.now))
    return pile.made


def _evidence(
    one: Heard, parties: dict[str, PartyRecord], known: Known, rules: CarmRules, now: datetime
) -> Evidence | None:
    """The record that a word makes; None where it says nothing of the importer's own security."""
    row = ShipmentRecord(
        "", one.load_id, 0, ShipmentType.PARS, importer_id=one.importer_id, importer_bn15=one.importer_bn15,
        broker_id=one.broker_id, release_plan=one.release_plan,
    )  # fmt: skip
    subject = subject_of(row, parties, known)
    if one.status is Status.REJECTED:
        return _refused(one, reject_word(new_id(), subject, one.at, now, one.words), rules)
    if one.authority is not Authority.CUSTOMS or one.code in _OTHER_WAY:
        return None
    plans = [e for e in standing_records(known.evidence.get(subject.importer, ())) if _plans(e, one.load_id)]
    plan = plans[-1].state if plans else planned(row)
    paid = one.transaction.startswith(PAY_AT_PORT)
    released = one.status in RELEASES
    return release_proof(new_id(), subject, one.at, now, released=released, plan=plan, paid=paid)


def _plans(record: Evidence, load: str) -> bool:
    return record.item is Item.RELEASE_PLAN and record.load == load


def _refused(one: Heard, word: Evidence, rules: CarmRules) -> Evidence | None:
    """A refusal for lack of security, by customs or as the broker tells it; None for any other."""
    if not looks_like_rpp(one.code, one.words, rules):
        return None
    source = Source.RNS_EVENT if one.authority is Authority.CUSTOMS else Source.BROKER_SAID
    return replace(word, source=source, who=one.by)


def looks_like_rpp(code: str, words: str, rules: CarmRules) -> bool:
    """Whether a refusal speaks of the importer's security, by the table of words and codes, each as whole words."""
    plain = code.rpartition(":")[2].upper()
    if any(plain == known.upper() or code.upper() == known.upper() for known in rules.reject_codes):
        return True
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", words, re.IGNORECASE) for word in rules.reject_words)
