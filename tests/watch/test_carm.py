"""Who imports where a party is named, how its account stands, and what a record of evidence makes due."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.carm.plan import Plan
from bot.domain.carm.reasons import Why
from bot.domain.carm.rules import shipped_rules
from bot.domain.carm.verdict import Readiness, Verdict
from bot.domain.carm.whose import Asked as Role
from bot.domain.load import Life
from bot.watch.carm import Asked, asked_about, readiness_of_loads
from bot.watch.carm_learn import Learning, looks_like_rpp
from bot.watch.carm_subjects import confirmed_by, note_of
from bot.watch.carm_words import record
from bot.watch.parties import name_key
from bot.watch.world import World
from storage.database import Database
from storage.ids import new_id
from storage.parties import PartyRecord
from tests.watch.ground import DAY, HOUR, NOW, PARS, Feeds, add, rns, row, the_load, world


async def party(db: Database, name: str) -> str:
    async with db.work("home", NOW) as work:
        return (await work.parties.named([name_key(name)]))[name_key(name)].id


async def say(
    db: Database, item: Item, state: str, *, of: str = "ACME", source: Source = Source.BROKER_SAID,
    broker: str = "", rm: str = "", load: str = "", note: str = "", days: float = 1,
) -> list[str]:  # fmt: skip
    at = NOW - days * DAY
    async with db.work("home", NOW, write=True) as work:
        importer = (await work.parties.named([name_key(of)]))[name_key(of)].id
        whose = (await work.parties.named([name_key(broker)]))[name_key(broker)].id if broker else ""
        one = Evidence(
            new_id(), importer, item, state, source, at, at, "Maria", rm=rm, broker=whose, load=load, note=note
        )
        return await record(work, [one])


async def asked(db: Database, name: str) -> Asked:
    id_ = await party(db, name)
    async with db.work("home", NOW) as work:
        return await asked_about(work, world(), id_, NOW)


async def test_a_shipper_is_answered_by_its_consignee_that_imports(db: Database) -> None:
    cells = {"shipper": "Boxes Inc", "consignee": "ACME", "importer": "ACME", "broker": "PCB", "pars": "SMPLPARS100123"}
    await add(db, world(), row(direction="CA", **cells))
    async with db.work("home", NOW, write=True) as work:
        await work.parties.add([PartyRecord(new_id(), "Boxes Inc", name_key("Boxes Inc"), ("shipper",))])
    found = await asked(db, "Boxes Inc")
    assert (found.whose.asked, found.whose.importer) == (Role.SHIPPER, await party(db, "ACME"))
    (pair,) = found.pairs
    assert (pair.importer and pair.importer.name, pair.broker and pair.broker.name) == ("ACME", "PCB")
    assert pair.load is not None and pair.load.number == "1234" and pair.loads == (pair.load,)
    assert (pair.readiness.verdict, pair.readiness.reasons[0].why) == (Verdict.NOT_KNOWN, Why.PROOF_UNKNOWN)


def refused(note: str, at: datetime, pars: str) -> bytes:
    """What a broker's system says of a release that customs refused, SAMPLE."""
    said = {"number": pars, "status": "rejected", "at": at.isoformat(), "note": note}
    sent = {"message_id": "sample-1", "sent_at": at.isoformat()}
    return json.dumps({"sender": "PCB", "statuses": [said], **sent}).encode()


async def learned(db: Database, the_world: World, now: datetime = NOW) -> int:
    return await Learning(db, the_world, lambda: now, lambda: None).look()


async def evidence(db: Database, name: str = "ACME") -> list[Evidence]:
    id_ = await party(db, name)
    async with db.work("home", NOW) as work:
        return (await work.evidence.of_importers([id_])).get(id_, [])


async def ready(db: Database, number: str = "1234", now: datetime = NOW) -> Readiness:
    record_ = await the_load(db, number)
    async with db.work("home", now) as work:
        (found,) = (await readiness_of_loads(work, world(), [record_])).values()
    return found


async def imported(db: Database, the_world: World, number: str = "1234", pars: str = PARS, **more: str) -> None:
    cells = {"direction": "CA", "importer": "ACME", "broker": "PCB", "pars": pars, "eta": "2026-11-24 20:00", **more}
    await add(db, the_world, row(number, **cells))


async def test_an_acceptance_proves_the_account_once_a_day_for_importer_and_broker(db: Database) -> None:
    feeds = Feeds(db, world())
    await imported(db, feeds.world)
    await imported(db, feeds.world, "1235", "SMPLPARS100999")
    assert (await ready(db)).verdict is Verdict.NOT_KNOWN
    await feeds.hears(rns("9"), rns("9", pars="SMPLPARS100999", at=NOW - 2 * HOUR))
    assert (await learned(db, feeds.world), await learned(db, feeds.world)) == (1, 0)
    (one,) = await evidence(db)
    assert (one.item, one.state, one.source, one.how) == (
        Item.LAST_GOOD_RELEASE, "accepted", Source.RNS_EVENT, "feed",
    )  # fmt: skip
    assert one.broker == await party(db, "PCB")
    assert (await ready(db, "1235")).verdict is Verdict.OK
    feeds.now = NOW + DAY
    await feeds.hears(rns("4", at=NOW + DAY))
    assert await learned(db, feeds.world, NOW + DAY) == 1
    assert [e.state for e in await evidence(db)] == ["accepted", "released"]


@pytest.mark.parametrize("first", ["tie", "words"])
async def test_a_release_that_names_only_a_transaction_is_learnt_of_the_shipment_that_another_word_ties_to_it(
    db: Database, first: str
) -> None:
    feeds = Feeds(db, world())
    await imported(db, feeds.world)
    tie, words = rns("14+01", at=NOW - 3 * HOUR), rns("4", pars="", at=NOW - HOUR)
    one, other = (tie, words) if first == "tie" else (words, tie)
    await feeds.hears(one)
    assert await learned(db, feeds.world) == 0
    await feeds.hears(other)
    assert (await learned(db, feeds.world), await learned(db, feeds.world)) == (1, 0)
    (proof,) = await evidence(db)
    assert (proof.state, proof.source, proof.at) == ("released", Source.RNS_EVENT, NOW - HOUR)
    assert (await ready(db)).verdict is Verdict.OK


async def test_what_names_only_a_transaction_that_is_paid_at_the_port_proves_nothing(db: Database) -> None:
    feeds = Feeds(db, world())
    await imported(db, feeds.world)
    paid = "00000123456789"
    await feeds.hears(rns("14+01", transaction=paid), rns("4", pars="", transaction=paid), rns("4", pars=""))
    assert await learned(db, feeds.world) == 0, "nor does a transaction that nobody ties to a shipment"


async def test_what_is_paid_at_the_port_or_goes_another_way_proves_nothing(db: Database) -> None:
    feeds = Feeds(db, world())
    await imported(db, feeds.world)
    await imported(db, feeds.world, "1235", "SMPLPARS100999", release_plan="csa")
    await feeds.hears(rns("9", transaction="00000123456789"), rns("23", pars="SMPLPARS100999"))
    assert await learned(db, feeds.world) == 0


async def test_a_release_of_a_load_whose_importer_is_named_later_is_learnt_the_day_after(db: Database) -> None:
    feeds = Feeds(db, world())
    await imported(db, feeds.world, importer="")
    await feeds.hears(rns("9"))
    assert await learned(db, feeds.world) == 0
    await imported(db, feeds.world)
    assert await learned(db, feeds.world, NOW + DAY) == 1


async def test_a_refusal_in_words_of_rpp_makes_older_proof_void_and_a_later_release_of_the_day_counts_again(
    db: Database,
) -> None:
    feeds = Feeds(db, world())
    await imported(db, feeds.world)
    await imported(db, feeds.world, "1235", "SMPLPARS100999")
    await feeds.hears(rns("9", at=NOW - 3 * HOUR))
    await learned(db, feeds.world)
    refusal = refused("Refused: importer has no RPP", NOW - 2 * HOUR, "SMPLPARS100999")
    await feeds.hears(refusal, feed="broker")
    assert await learned(db, feeds.world) == 1
    found = await ready(db, "1235")
    assert found.standings[Item.LAST_GOOD_RELEASE].void is not None
    assert found.verdict is Verdict.NOT_KNOWN
    await feeds.hears(rns("9", at=NOW - HOUR))
    assert await learned(db, feeds.world) == 1
    assert (await ready(db, "1235")).verdict is Verdict.OK


def test_a_refusal_is_one_for_rpp_by_whole_words_and_by_codes_that_an_operator_knows() -> None:
    rules = shipped_rules()
    own = rules.with_overrides({"reject_codes": ["Z99"], "reject_words": ["caution"]})
    assert looks_like_rpp("", "the importer's Financial Security is short", rules)
    assert not looks_like_rpp("", "supplyrppx; security seal number", rules)
    assert not looks_like_rpp("ERC:Z99", "", rules) and looks_like_rpp("ERC:Z99", "", own)
    assert not looks_like_rpp("", "RPP", own)
    assert [rules.entries[name].proof for name in ("reject_words", "reject_codes")] == ["unverified"] * 2


async def test_only_the_last_releases_are_read_to_judge_by(db: Database) -> None:
    await imported(db, world())
    id_, broker = await party(db, "ACME"), await party(db, "PCB")
    days = [NOW - n * DAY for n in range(40)]
    async with db.work("home", NOW, write=True) as work:
        told = [
            Evidence(new_id(), id_, Item.LAST_GOOD_RELEASE, "released", Source.RNS_EVENT, at, at, broker=broker)
            for at in days
        ]
        told += [Evidence(new_id(), id_, Item.RPP, "active", Source.BROKER_SAID, at, at) for at in days]
        await work.evidence.add(told)
        judged = (await work.evidence.judged([id_]))[id_]
    assert len(judged) == 43
    assert max(e.at for e in judged if e.item is Item.LAST_GOOD_RELEASE) == NOW


async def test_a_record_makes_the_open_loads_of_its_importer_due_and_no_others(db: Database) -> None:
    await imported(db, world())
    await imported(db, world(), "1236", "SMPLPARS100777", importer="Other Ltd")
    await imported(db, world(), "1237", "", direction="US", paps="SMPL100778")
    due = await say(db, Item.RPP, "active")
    assert due == [(await the_load(db)).id]
    assert (await the_load(db)).look_at == NOW


async def test_two_brokers_of_one_importer_are_two_verdicts(db: Database) -> None:
    await imported(db, world())
    await imported(db, world(), "1235", "SMPLPARS100999", broker="Willow")
    await say(db, Item.RPP, "active")
    await say(db, Item.DELEGATION, "revoked", broker="PCB")
    await say(db, Item.DELEGATION, "approved_all", broker="Willow")
    found = await asked(db, "ACME")
    assert {p.broker.name: p.readiness.verdict for p in found.pairs if p.broker} == {
        "PCB": Verdict.NOT_OK,
        "Willow": Verdict.OK,
    }


async def test_carm_is_never_asked_of_a_load_into_the_us(db: Database) -> None:
    await imported(db, world(), "1237", "", direction="US", paps="SMPL100778")
    record_ = await the_load(db, "1237")
    async with db.work("home", NOW) as work:
        assert await readiness_of_loads(work, world(), [record_]) == {}


async def test_what_a_plan_confirms_is_read_back_from_its_note(db: Database) -> None:
    plan = Plan("", "J. Roe 555-0142", csa_driver=True, contingency=True)
    one = Evidence("e1", "acme", Item.RELEASE_PLAN, "c_type", Source.BROKER_SAID, NOW, NOW, note=note_of(plan))
    assert confirmed_by(one) == plan
    assert confirmed_by(replace(one, note="Kim, 555-0143")).attendee == "Kim, 555-0143"
    await imported(db, world())
    await say(db, Item.RPP, "suspended")
    assert (await ready(db)).verdict is Verdict.NOT_OK
    await say(db, Item.RELEASE_PLAN, "c_type", load=(await the_load(db)).id, note=note_of(plan))
    assert (await ready(db)).verdict is Verdict.AT_RISK


async def crossed(db: Database, number: str) -> None:
    async with db.work("home", NOW, write=True) as work:
        load = (await work.loads.of_numbers([number]))[number][0]
        assert await work.loads.end(load.id, Life.CROSSED, "crossed", NOW)


async def test_a_shipper_is_known_by_the_newest_of_the_loads_of_the_last_90_days(db: Database) -> None:
    cells = {"direction": "CA", "shipper": "Boxes Inc", "broker": "PCB"}
    for number, importer, days in (("1231", "Long Ago", 91), ("1232", "Older", 40), ("1233", "ACME", 3)):
        pars = f"SMPLPARS10{number}"
        await add(db, world(), row(number, importer=importer, pars=pars, **cells), now=NOW - days * DAY)
        await crossed(db, number)
    async with db.work("home", NOW, write=True) as work:
        await work.parties.add([PartyRecord(new_id(), "Boxes Inc", name_key("Boxes Inc"), ("shipper",))])
        assert len(await work.carm.lately(NOW - 90 * DAY, 2)) == 2 and len(await work.carm.lately(NOW, 9)) == 0
    found = await asked(db, "Boxes Inc")
    assert (found.whose.asked, found.whose.importer) == (Role.SHIPPER, await party(db, "ACME"))
    assert found.whose.others == (await party(db, "Older"),)
    assert [p.loads for p in found.pairs] == [()]
    await add(db, world(), row("1234", importer="Older", pars="SMPLPARS101234", **cells))
    found = await asked(db, "Boxes Inc")
    assert (found.whose.importer, found.whose.others) == (await party(db, "Older"), ()), "an open load says it better"
