"""How each item stands at a moment: what counts, what went stale or void, and what two sources dispute."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.carm.evidence import UNKNOWN, Evidence, Item
from bot.domain.carm.grades import Grade
from bot.domain.carm.voices import CONFIRMING, Heard, Voice, Void
from bot.domain.clock import Tick


class Age(StrEnum):
    """`fresh` counts in full; `ageing` is a release of some weeks ago; `stale` was said too long ago and `void` was
    overtaken: both count as unknown and stay shown; `none` was never said, or the last word was "don't know"."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    VOID = "void"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Standing:
    """One item at a moment. `evidence` is the word it rests on, or the last one that did; `state` is that word's and
    counts only while `age` is fresh or ageing; `against` is the other word of a dispute, of which the worse counts;
    `until` is when it becomes stale, or became so or void; `asked` the newest "don't know" where nothing else is
    known."""

    item: Item
    state: str = UNKNOWN
    grade: Grade = Grade.NOTHING
    age: Age = Age.NONE
    evidence: Evidence | None = None
    against: Evidence | None = None
    until: datetime | None = None
    void: Void | None = None
    asked: Evidence | None = None

    @property
    def known(self) -> bool:
        """Whether it counts now."""
        return self.age in (Age.FRESH, Age.AGEING)

    @property
    def good(self) -> bool:
        """Whether it counts, and is good."""
        return self.known and self.grade is Grade.GOOD

    @property
    def bad(self) -> bool:
        """Whether it stands in the way."""
        return self.grade is Grade.BAD

    @property
    def weak(self) -> bool:
        """Whether it is a risk."""
        return self.grade is Grade.WEAK

    @property
    def disputed(self) -> bool:
        """Whether a lower source contradicts a higher one."""
        return self.against is not None

    @property
    def since(self) -> datetime | None:
        """Since when it is so: said then, or stale or void since."""
        if self.age in (Age.STALE, Age.VOID):
            return self.until
        return self.evidence.said if self.evidence else None

    def says(self, state: str) -> bool:
        """Whether it counts and has that state."""
        return self.known and self.state == state


def standings(heard: Heard, tick: Tick) -> Mapping[Item, Standing]:
    """How every item stands at the tick's moment, which remembers the next end."""
    found = {item: _standing(item, heard, tick) for item in Item}
    rpp, release = found[Item.RPP], found[Item.LAST_GOOD_RELEASE]
    said, proof = rpp.evidence, release.evidence if release.good else None
    if rpp.bad and said and proof and proof.source.rank > said.source.rank:
        found[Item.RPP] = replace(rpp, against=proof)
    return found


def _standing(item: Item, heard: Heard, tick: Tick) -> Standing:
    voices = heard.voices.get(item, ())
    if not voices:
        return Standing(item, asked=heard.blank.get(item))
    live = [voice for voice in voices if _live(voice, tick)]
    if not live:
        voice = voices[0]
        age, ends = Age.VOID if voice.void else Age.STALE, [e for e in (voice.until, voice.voided) if e is not None]
        ended = min(ends, default=None) if voice.void else voice.until
        return Standing(item, voice.evidence.state, Grade.GOOD, age, voice.evidence, None, ended, voice.void)
    first = max(live, key=lambda voice: voice.grade.worse)
    ageing = first.fresh_until is not None and tick.passed(first.fresh_until)
    against = next((v.evidence for v in live if _contradict(first, v)), None)
    age = Age.AGEING if ageing else Age.FRESH
    return Standing(item, first.evidence.state, first.grade, age, first.evidence, against, first.until)


def _live(voice: Voice, tick: Tick) -> bool:
    if not voice.live(tick.now):
        return False
    if voice.until is not None:
        tick.passed(voice.until)
    return True


def _contradict(one: Voice, other: Voice) -> bool:
    if one.evidence.item is Item.RELEASE_PLAN:
        return one.evidence.state != other.evidence.state
    return one.grade is not other.grade


def confirmed(stands: Mapping[Item, Standing]) -> bool:
    """Whether a broker or a feed itself vouches for the account or the delegation."""
    items = (Item.RPP, Item.SECURITY, Item.DELEGATION, Item.LAST_GOOD_RELEASE)
    return any(s.good and s.evidence and s.evidence.source in CONFIRMING for s in map(stands.__getitem__, items))
