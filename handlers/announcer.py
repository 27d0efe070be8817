"""Who words what the outbox sends: cards from the load as it stands at that moment, words from their frozen facts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.alert import State
from bot.domain.brief import told_from_json
from bot.domain.status import RELEASES, Status
from bot.watch.briefs import contact
from bot.watch.calls import broker_contact, waiting_for
from bot.watch.carm_digest import Topic, digest_of, review_of
from bot.watch.carm_remind import read_topic
from bot.watch.outage import coming
from bot.watch.query import brief_of_alert, briefs
from bot.watch.suspect import silent
from bot.watch.world import World
from handlers.announce import (
    call_card,
    card,
    drill_word,
    feed_card,
    feed_word,
    outage_card,
    outage_over,
    suspicion_card,
    word,
    words_as_one,
)
from handlers.announce.carmdigest import digest_card, review_card
from handlers.announce.drivers import TOPIC
from handlers.announce.places import gone_word, refused_word, unreached_word
from handlers.announce.scene import cut
from handlers.commands.route import TEST, spelled
from handlers.reply import Reply, Tone, say
from handlers.words import _
from storage.loads import LoadRecord
from storage.posts import PostRecord
from storage.work import Work

_MOST = 500


def _released(load: LoadRecord) -> bool:
    """Whether customs let all of its goods go: a silent feed hides nothing of such a load."""
    rests = [s.get("rests_on", {}).get("status", "") for s in load.assessment.get("shipments", ())]
    return bool(rests) and all(Status(status) in RELEASES for status in rests if status) and all(rests)


async def _his(work: Work, load: LoadRecord, post: PostRecord) -> bool:
    """Whether the load is still that of the driver in whose chat this stands."""
    accounts = (await work.people.accounts([load.driver_id])).get(load.driver_id, []) if load.driver_id else []
    return any((a.door, a.workspace, a.external) == (post.door, post.workspace, post.external) for a in accounts)


class Announcer:
    """The outbox's voice."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def card(self, work: Work, post: PostRecord) -> Reply | None:
        """The one message of an alert, a dead feed, an outage or a test, as it should stand now; None: nothing."""
        if post.load_id is not None:
            return await self._load(work, post, post.load_id)
        topic, _colon, name = post.topic.partition(":")
        match topic:
            case "feed":
                return await self._feed(work, name)
            case "outage":
                return await self._outage(work, name)
            case "call":
                return await self._call(work, name)
            case "suspicion":
                return await self._suspicion(work, name)
            case "carm":
                return await self._carm(work, name)
            case _ if topic == TEST:
                return await self._test(work, post)
            case _:
                return None

    def words(self, contents: Sequence[Mapping[str, Any]], now: datetime) -> Reply:
        """Words that waited together, as one line."""
        *_before, last = contents
        if "gone" in last:
            return gone_word(last)
        if "refused" in last:
            return refused_word(last)
        if "unreached" in last:
            return unreached_word(last)
        if "drill" in last:
            return drill_word(last)
        if "feed" in last:
            start, end = (datetime.fromisoformat(str(last[k])) for k in ("blind_from", "blind_until"))
            zone = str(last.get("zone") or self._zone(str(last.get("carrier", ""))))
            return feed_word(str(last["feed"]), start, end, zone, now, sample=bool(self._world.sample))
        told = [told_from_json(c) for c in contents if "event" in c]
        return word(told[0], now) if len(told) == 1 else words_as_one(told, now)

    def _zone(self, carrier: str) -> str:
        found = self._world.carriers.get(carrier) or next(iter(self._world.carriers.values()))
        return found.home

    async def _load(self, work: Work, post: PostRecord, load_id: str) -> Reply | None:
        record = (await work.loads.of([load_id])).get(load_id)
        if record is None:
            return None
        alert = (await work.alerts.of([post.alert_id])).get(post.alert_id) if post.alert_id else None
        brief = await brief_of_alert(work, self._world, record, alert)
        drives = post.topic == TOPIC
        if drives and not await _his(work, record, post):
            brief = replace(brief, state=State.CLOSED.value)
        return card(brief, work.now, driver=drives)

    async def _feed(self, work: Work, name: str) -> Reply | None:
        state = (await work.feeds.of([name])).get(name)
        if state is None:
            return None
        records = await work.finder.listed(limit=_MOST)
        covered = [r for r in records if any(name in feeds for feeds in r.coverage.values())]
        blind = [(r.number, r.eta) for r in covered if not _released(r)]
        home, sample = self._zone(work.carrier), work.carrier in self._world.sample
        return feed_card(name, state.state, state.since, state.last_word, blind, home, work.now, sample=sample)

    async def _outage(self, work: Work, agency: str) -> Reply | None:
        last = await work.outages.last(agency)
        if last is None:
            return None
        name, zone, sample = agency.upper(), self._zone(work.carrier), work.carrier in self._world.sample
        records = await work.finder.listed(limit=_MOST)
        # As they stand now: loads that the outage made due may not have been looked at yet.
        looked = list(zip(records, await briefs(work, self._world, records), strict=True))
        if last.until is not None:
            silent = [(r.number, r.eta) for r, b in looked if any(not h.fact for h in b.found.standing)]
            return outage_over(name, last.since, last.until, silent, zone, work.now, sample=sample)
        hidden = sum(b.found.hidden for _record, b in looked)
        near = [(c.record.number, c.record.eta, c.papers) for c in await coming(work)]
        return outage_card(name, last.since, hidden, near, zone, work.now, by=last.by_name, sample=sample)

    async def _call(self, work: Work, broker: str) -> Reply:
        asked = (await waiting_for(work)).get(broker, [])
        least = self._world.carriers[work.carrier].policy.call_post_loads
        rows = [(w.load, w.label, w.eta) for w in asked] if len({w.key for w in asked}) >= least else []
        sample = work.carrier in self._world.sample
        return call_card(await broker_contact(work, broker), rows, self._zone(work.carrier), work.now, sample=sample)

    async def _suspicion(self, work: Work, agency: str) -> Reply:
        numbers, brokers = await silent(work, self._world)
        sample = work.carrier in self._world.sample
        return suspicion_card(agency, numbers, len(brokers), work.carrier in self._world.outages, sample=sample)

    async def _carm(self, work: Work, name: str) -> Reply:
        topic, day = read_topic(name)
        zone, sample = self._zone(work.carrier), work.carrier in self._world.sample
        if topic is Topic.REVIEW:
            review = await review_of(work, self._world, day)
            names = [party.name for party in review.importers]
            loads = [(party.name, own) for party, own in review.loads]
            return review_card(names, loads, day, zone, work.now, sample=sample)
        told = await digest_of(work, self._world, day)
        asks = [(a.importer.name, contact(a.broker, work.now), a.readiness, a.questions, a.loads) for a in told.asks]
        bonds = [(party.name, end) for party, end in told.bonds]
        dates = [(due.topic.value, due.due) for due in told.dates]
        return digest_card(asks, told.more, bonds, dates, self._world.carm, zone, work.now, sample=sample)

    async def _test(self, work: Work, post: PostRecord) -> Reply:
        route = await work.routes.find(post.place)
        name = cut(self._world.carriers[work.carrier].name, 40)
        hears = spelled(dict(route.matchers)) if route else _("nothing")
        return Reply(
            _("A test from Holdwatch: this place hears {what} of {name}.").format(what=hears, name=name),
            (say(_("Nothing is wrong and nobody needs to do anything.")),),
            tone=Tone.INFO,
        )
