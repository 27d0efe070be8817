"""Accounts, evidence and what was sent as such, also of parties that were made one (SAMPLE data)."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from bot.domain.carm.evidence import Evidence, Item, Source
from storage.attachments import MOST_BYTES, Unfit, attached
from storage.database import Database
from storage.ids import new_id
from storage.parties import Moved, PartyRecord
from storage.programs import AccountKind, ProgramRecord
from storage.shipments import ShipmentRecord
from storage.work import Work
from tests.storage.world import HOUR, NOW, PICTURE, World, build, evidence


async def test_evidence_is_kept_whole_and_never_overwritten(db: Database) -> None:
    world = await build(db, "north")
    full = evidence(
        world.party.id, at=NOW - HOUR, who="Maria", role="clerk", org="PCB", how="phone", recorded_by="lee",
        note="SAMPLE <b>é</b>", valid_until=date(2027, 1, 15), supersedes=world.evidence.id, rm="0002",
        broker=world.broker.id, load=world.load.id,
    )  # fmt: skip
    own = evidence("", item=Item.OWN_BONDED, state="yes", source=Source.OWN_STAFF)
    async with db.work("north", NOW, write=True) as work:
        await work.evidence.add([full, own])
        await work.evidence.add([evidence(world.party.id, id=full.id, state="suspended")])
    async with db.work("north", NOW) as work:
        assert await work.evidence.of([full.id]) == {full.id: full}
        found = await work.evidence.of_importers([world.party.id, "", "nobody"])
        assert found == {world.party.id: [world.evidence, full], "": [own]}


async def test_evidence_comes_in_the_order_in_which_it_was_written(db: Database) -> None:
    world = await build(db, "north")
    times = (NOW + HOUR, NOW - HOUR)
    async with db.work("north", NOW, write=True) as work:
        await work.evidence.add([evidence(world.party.id, recorded=at) for at in times])
        found = (await work.evidence.of_importers([world.party.id]))[world.party.id]
    assert [e.recorded for e in found] == [NOW - HOUR, NOW, NOW + HOUR]


@dataclass
class Merged:
    """What was made of a world: another Acme and another PCB, made one with those of it."""

    ltd: PartyRecord
    said: Evidence
    account: ProgramRecord
    twice: ProgramRecord
    moved: Moved


async def merged(work: Work, world: World) -> Merged:
    """Merges an Acme Ltd, with evidence, accounts and a shipment, into Acme, and PCB Inc into PCB."""
    ltd, other = (PartyRecord(new_id(), n, n.lower(), roles=["broker"]) for n in ("Acme Ltd", "PCB Inc"))
    said = evidence(ltd.id, broker=other.id)
    account = ProgramRecord(new_id(), ltd.id, "123456782", "0002", "SAMPLE Acme", AccountKind.EXPORTER_ONLY, other.id)
    twice = ProgramRecord(new_id(), ltd.id, "123456782", "0001")
    shipment = ShipmentRecord(
        new_id(), world.later.id, 3, world.shipment.type, importer_id=ltd.id, broker_id=other.id
    )  # fmt: skip
    await work.parties.add([ltd, other])
    await work.parties.alias(ltd.id, ["acme limited"])
    await work.evidence.add([said])
    await work.programs.add([account, twice])
    await work.shipments.add([shipment])
    moved = await work.parties.merge(ltd.id, world.party.id)
    assert moved and await work.parties.merge(other.id, world.broker.id)
    return Merged(ltd, said, account, twice, moved)


async def test_what_points_to_a_merged_party_is_found_under_the_kept_one(db: Database) -> None:
    world = await build(db, "north")
    acme, pcb = world.party.id, world.broker.id
    async with db.work("north", NOW, write=True) as work:
        made = await merged(work, world)
        for asked in (made.ltd.id, acme):
            found = (await work.evidence.of_importers([asked]))[asked]
            assert [(e.id, e.importer, e.broker) for e in found] == [
                (one, acme, pcb) for one in (world.evidence.id, made.said.id)
            ]
            programs = (await work.programs.of_importers([asked]))[asked]
            assert [(p.id, p.importer_id, p.broker_id) for p in programs] == [
                (one, acme, pcb) for one in (world.program.id, made.account.id)
            ]
        assert (await work.parties.of([made.ltd.id]))[made.ltd.id].name == "Acme"
        assert {r.id for r in await work.finder.listed(importer_id=acme)} == {world.load.id, world.later.id}
        assert {r.id for r in await work.finder.listed(broker_id=pcb)} == {world.load.id, world.later.id}
        assert (await work.parties.named(["acme limited"]))["acme limited"].id == acme


async def test_all_that_was_a_party_s_parts_with_it(db: Database) -> None:
    world = await build(db, "north")
    acme, pcb = world.party.id, world.broker.id
    async with db.work("north", NOW, write=True) as work:
        made = await merged(work, world)
        ltd = made.ltd.id
        assert [await work.parties.part(ltd, made.moved) for _ in range(2)] == [acme, ""]
        assert (await work.evidence.of_importers([ltd]))[ltd] == [evidence(ltd, id=made.said.id, broker=pcb)]
        assert [p.id for p in (await work.programs.of_importers([ltd]))[ltd]] == [made.account.id, made.twice.id]
        assert (await work.programs.of([made.account.id]))[made.account.id] == made.account
        found = await work.parties.named(["acme ltd", "acme limited", "acme"])
        assert {key: p.id for key, p in found.items()} == {"acme ltd": ltd, "acme limited": ltd, "acme": acme}
        assert await work.parties.aliases([acme, ltd]) == {acme: ["acme widgets"], ltd: ["acme limited"]}


async def test_three_that_became_one_come_apart_in_whatever_order(db: Database) -> None:
    a, b, c = (PartyRecord(new_id(), n, n) for n in ("a", "b", "c"))
    for order in ((0, 1), (1, 0)):
        async with db.work(f"north{order[0]}", NOW, write=True) as work:
            three = [PartyRecord(new_id(), p.name, p.name_key) for p in (a, b, c)]
            ids = [p.id for p in three]
            await work.parties.add(three)
            moved = [await work.parties.merge(ids[0], ids[1]), await work.parties.merge(ids[1], ids[2])]
            assert await work.parties.merge(ids[2], ids[0]) is None
            assert await work.parties.merged() == {ids[0]: ids[2], ids[1]: ids[2]}
            for n in order:
                one = moved[n]
                assert one is not None
                assert await work.parties.part(ids[n], one)
            assert await work.parties.merged() == {}
            assert {k: p.id for k, p in (await work.parties.named("abc")).items()} == dict(zip("abc", ids, strict=True))
            assert await work.parties.aliases(ids) == {}


async def test_of_two_of_one_name_both_are_called_and_the_older_is_taken(db: Database) -> None:
    first, second = (PartyRecord(new_id(), "Acme", "acme", [], filers=[]) for _ in range(2))
    async with db.work("north", NOW, write=True) as work:
        await work.parties.add([second, first])
        assert await work.parties.called(["acme"]) == {"acme": [first, second]}
        assert await work.parties.named(["acme"]) == {"acme": first}


async def test_the_same_picture_is_kept_once_a_carrier(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        again = attached(PICTURE, "again.png", NOW + HOUR, "lee")
        assert await work.attachments.keep(again) == world.attachment
        (kept,) = (await work.attachments.of([again.id, world.attachment])).values()
        assert (kept.name, kept.media_type, kept.size, kept.who, kept.at) == (
            "screen.png", "image/png", len(PICTURE), "maria", NOW,
        )  # fmt: skip
        assert await work.attachments.body(world.attachment) == PICTURE
        assert await work.attachments.body(again.id) is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "is empty"),
        (b"<script>alert(1)</script>", "only pictures"),
        (b"\0\0\0\x20ftypqt  ", "only pictures"),
        (PICTURE + b"\0" * MOST_BYTES, "at most 10 MB"),
    ],
)
def test_what_is_no_picture_or_too_large_is_not_kept(body: bytes, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        attached(body, "screen.png", NOW, "maria")


@pytest.mark.parametrize(
    ("head", "kind"),
    [(b"\xff\xd8\xff\xe0", "image/jpeg"), (b"%PDF-1.7", "application/pdf"), (b"RIFF\1\0\0\0WEBP", "image/webp"),
     (b"\0\0\0\x18ftypheic", "image/heic"), (b"GIF89a", "image/gif")],
)  # fmt: skip
def test_the_kind_of_file_is_read_from_itself(head: bytes, kind: str) -> None:
    assert attached(head + bytes(MOST_BYTES - len(head)), "x" * 999, NOW, "m").media_type == kind


async def test_an_account_is_added_once_and_changed(db: Database) -> None:
    world = await build(db, "north")
    async with db.work("north", NOW, write=True) as work:
        await work.programs.add([ProgramRecord(new_id(), world.party.id, "123456782", "0001", "Other")])
        await work.programs.change(world.program.id, kind=AccountKind.INACTIVE, added_at=NOW - timedelta(days=1))
        (program,) = await work.programs.all()
        assert (program.bn15, program.legal_name, program.kind) == ("123456782RM0001", "", AccountKind.INACTIVE)
        assert [p.id for p in (await work.programs.of_numbers(["123456782", "000000000"]))["123456782"]] == [program.id]
