"""The test cases of the readiness model, as people type them. SAMPLE data."""

from bot.domain.carm.evidence import Item
from tests.handlers.commands.carm_tale import BN, Tale, stocked


async def case_01(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
    await tale.types('/shipper ACME carm rpp=active by="Joe, ACME" via=phone')
    await tale.types("/shipper ACME carm")


async def case_02(tale: Tale) -> None:
    await case_01(tale)
    await tale.hears(Item.LAST_GOOD_RELEASE, "released", "2026-11-19 09:12", rm="0001")
    await tale.types("/shipper ACME carm")
    await tale.types("/shipper ACME carm ask")


async def case_03(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 16:30", 'papers="2026-11-24 09:50"')
    await tale.types('/shipper ACME carm rpp=active delegation=pending by="Maria K., PCB" via=phone')
    await tale.types("/load 1234 status")
    tale.when("2026-11-24 12:30")
    await tale.types("/load 1234 status")


async def case_04(tale: Tale) -> None:
    tale.when("2026-09-03 10:00")
    await stocked(tale, "2026-09-04 12:00")
    await tale.types('/shipper ACME carm rpp=active by="Maria, PCB" via=phone')
    tale.when("2027-01-16 10:00")
    await tale.types("/shipper ACME carm")


async def case_05(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
    await tale.types('/shipper ACME carm rpp=zero by="Maria, PCB" via=phone')
    tale.when("2026-11-24 10:30")
    await tale.types('/shipper ACME carm goods=dutiable by="Maria, PCB" via=phone')
    await tale.types("/shipper ACME carm goods=dutiable")
    await tale.types("/shipper ACME carm goods=zero")
    await tale.types("/shipper ACME carm log")
    tale.when("2026-11-24 10:35")
    await tale.types("/shipper ACME carm undo")


async def case_06(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=suspended by="Maria, PCB" via=phone')
    await tale.types('/load 1234 carm plan=c_type attendee="J. Roe 555-0155" by="Maria, PCB"')


async def case_07(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=suspended by="Maria, PCB" via=phone')
    await tale.types('/load 1234 carm plan=c_type by="Maria, PCB"')
    await tale.types("/load 1234 carm")


async def case_08(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=active delegation=approved_this_rm rm=0001 by="Maria, PCB" via=phone')
    await tale.does("/shipper ACME add bn15=123456782RM0002")
    tale.when("2026-11-24 10:05")
    await tale.types("/shipper ACME carm rm=0002")
    await tale.types("/shipper ACME carm")


async def case_09(tale: Tale) -> None:
    tale.when("2026-11-13 10:00")
    await stocked(tale, "2026-11-25 15:00")
    await tale.does('/shipper ACME carm rpp=active delegation=all by="Maria, PCB" via=phone')
    await tale.hears(Item.LAST_RPP_REJECT, "rejected", "2026-11-16 10:00", "no financial security on file")
    tale.when("2026-11-17 10:00")
    await tale.types("/shipper ACME carm")
    await tale.types('/shipper ACME carm rpp=active by="Joe, ACME" via=email note="fixed"')
    tale.when("2026-11-18 10:00")
    await tale.types('/shipper ACME carm rpp=active by="Maria, PCB" via=phone')


async def case_10(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=suspended by="Maria, PCB" via=phone')
    await tale.types("/load 1234 carm")
    tale.desk.world.outages = frozenset({"home"})
    await tale.types("/load 1234 carm")


async def case_11(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
    await tale.does(
        '/broker Willow set phone=555-0148 hours="24/7"',
        f"/load 1235 add to=CA pars=SMPLPARS100124 broker=Willow importer=ACME bn15={BN} eta=18:00",
        '/shipper ACME carm rpp=active delegation=all by="Maria, PCB" via=phone',
        '/load 1235 carm delegation=revoked by="Will, Willow" via=phone',
    )
    await tale.types("/shipper ACME carm")
    await tale.types("/shipper ACME carm broker=Willow")


async def case_12(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await tale.does(
        '/broker PCB set phone=555-0142 hours="mon-fri 8-17"',
        "/shipper ACME add",
        "/load 1234 add to=CA pars=SMPLPARS100123 broker=PCB shipper=ACME consignee=Beta importer=Beta eta=15:00",
    )
    await tale.types("/shipper ACME carm")
    await tale.types('/shipper ACME carm rpp=active by="Maria, PCB" via=phone')


async def case_13(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=no by="Maria, PCB" via=phone')
    await tale.types('/load 1234 carm plan=csa agreed="csa_carrier, csa_importer" by="Maria, PCB"')
    tale.when("2026-11-24 10:10")
    await tale.types('/load 1234 carm plan=csa agreed="csa_carrier, csa_importer, csa_driver" by="Maria, PCB"')


async def case_14(tale: Tale) -> None:
    tale.when("2026-11-20 10:00")
    await stocked(tale, "2026-12-03 15:00")
    await tale.does('/shipper ACME carm rpp=active standing=clear delegation=all by="Maria, PCB" via=phone')
    tale.when("2026-12-01 10:00")
    await tale.types("/shipper ACME carm")
    tale.when("2026-12-02 10:00")
    await tale.types("/shipper ACME carm rpp=suspended by=PCB")
    await tale.types("/shipper ACME carm ask")
