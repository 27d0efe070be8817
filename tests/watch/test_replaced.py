"""A number that takes another's place keeps what was said of the shipment, whatever is said later."""

import pytest

from bot.domain.load import LoadRow
from bot.watch.intake import add_rows
from storage.database import Database
from tests.watch.ground import FILE, NOW, carrier, world


def rows(*lists: dict[str, str]) -> list[LoadRow]:
    return [LoadRow(f"line {n}", {"number": "1234", "direction": "CA", **cells}) for n, cells in enumerate(lists, 1)]


SAID = {"pars": "SMPLPARS100001", "papers_sent": "2026-11-24T13:00Z", "broker": "PCB", "agency": "CFIA"}
REPLACED = {"pars": "SMPLPARS100001=>SMPLPARS100002"}
AGAIN = {"pars": "SMPLPARS100002=>SMPLPARS100003"}
LATER = {"pars": "SMPLPARS100002", "importer": "ACME"}
OTHER = REPLACED | {"papers_sent": "2026-11-24T15:00Z"}


@pytest.mark.parametrize(
    "batches",
    [
        [[SAID, REPLACED, LATER]],
        [[SAID], [REPLACED], [LATER]],
        [[SAID], [REPLACED, LATER]],
        [[{"pars": "SMPLPARS100001"}], [SAID, REPLACED], [LATER]],
        [[SAID, REPLACED, {"pars": "SMPLPARS100002=>SMPLPARS100001"}, REPLACED, LATER]],
    ],
)
async def test_a_replaced_number_keeps_broker_papers_and_agency(
    db: Database, batches: list[list[dict[str, str]]]
) -> None:
    shipment = await taken(db, batches)
    assert shipment == ("SMPLPARS100002", "2026-11-24T13:00", "PCB", "CFIA")


@pytest.mark.parametrize("batches", [[[SAID, OTHER, LATER]], [[SAID], [OTHER], [LATER]], [[SAID], [OTHER, LATER]]])
async def test_what_is_said_with_the_new_number_goes_before_what_it_inherits(
    db: Database, batches: list[list[dict[str, str]]]
) -> None:
    assert (await taken(db, batches))[1] == "2026-11-24T15:00"


async def taken(db: Database, batches: list[list[dict[str, str]]]) -> tuple[str, str, str, str]:
    watching = world(carrier("home"))
    for batch in batches:
        async with db.work("home", NOW, write=True) as work:
            found = await add_rows(work, watching, rows(*batch), FILE)
        assert all(row.outcome != "refused" for row in found), found
    async with db.work("home", NOW) as work:
        ((shipment,),) = (await work.shipments.of_loads(await work.loads.open_ids())).values()
        broker = (await work.parties.of([shipment.broker_id]))[shipment.broker_id] if shipment.broker_id else None
    papers = f"{shipment.papers_sent:%Y-%m-%dT%H:%M}" if shipment.papers_sent else ""
    return shipment.ccn, papers, broker.name if broker else "", shipment.agency
