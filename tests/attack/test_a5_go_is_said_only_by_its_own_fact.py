"""A5: histories that once ended in a go that nothing of this load's own supported."""

from datetime import timedelta

from bot.domain.load import Life
from storage.database import Database
from tests.attack.ground import LATER_TRANSACTION, PARS, TRANSACTION, Ground
from tests.handlers.commands.desk import OPERATOR

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TIMES = "eta=13:00 papers=08:30"


async def added(ground: Ground, number: str = "1234", pars: str = PARS, more: str = TIMES) -> None:
    line = f'/load {number} add to=CA port="Ambassador Bridge" pars={pars} broker=PCB trip=SMPLTRIP{number} {more}'
    reply = await ground.ask(line, OPERATOR)
    assert "is watched now" in reply.title, reply


async def going(ground: Ground, number: str = "1234") -> str:
    return (await ground.found(number)).answer.value


async def accepted(ground: Ground) -> None:
    """A load that may go."""
    await added(ground)
    await ground.manifest("SMPLTRIP1234")
    await ground.rns("9")
    assert await going(ground) == "go"


async def test_a_number_that_an_earlier_load_crossed_with_is_no_release_of_the_next(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await accepted(ground)
    ground.now += 4 * HOUR
    await ground.rns("4")
    ground.now += 3 * HOUR
    await ground.look()
    assert (await ground.load()).life is Life.CROSSED
    ground.now += 72 * HOUR
    await added(ground, "2000", more='eta="tomorrow 15:00"')
    await ground.manifest("SMPLTRIP2000")
    assert (await going(ground, "2000"), await ground.kinds("2000")) == ("hold", {"number_reused"})
    assert (await ground.load("2000")).life is Life.OPEN


async def test_a_release_of_one_of_two_open_loads_with_one_number_frees_not_the_other(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await accepted(ground)
    await added(ground, "2000", more="eta=16:00 papers=08:30")
    await ground.manifest("SMPLTRIP2000")
    ground.now += 4 * HOUR
    await ground.rns("4")
    assert (await going(ground), await going(ground, "2000")) == ("go", "hold")


async def test_a_word_about_the_manifest_of_one_trip_says_nothing_of_another(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await added(ground)
    await ground.rns("9")
    await ground.types("/load 1234 manifest accepted 08:50 by=Ann")
    assert await going(ground) == "go"
    await ground.types("/load 1234 trip SMPLTRIP9999")
    assert await going(ground) != "go"


async def test_a_word_about_the_manifest_stands_when_its_trip_becomes_known(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB {TIMES}')
    await ground.rns("9")
    await ground.types("/load 1234 manifest accepted 08:50 by=Ann")
    await ground.types("/load 1234 trip SMPLTRIP9999")
    assert await going(ground) == "go"


async def test_f3_a_brokers_acceptance_waits_for_customs_that_said_not_matched(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await added(ground)
    await ground.manifest("SMPLTRIP1234")
    await ground.d4("0002")
    ground.now += 10 * MINUTE
    await ground.broker(PARS, "accepted")
    assert await going(ground) != "go"
    ground.now += 10 * MINUTE
    await ground.d4("0001")
    assert await going(ground) == "go"


async def test_f5_an_acceptance_from_a_fast_clock_is_voided_by_a_newer_transaction(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await added(ground, more="eta=18:00 papers=08:30")
    await ground.manifest("SMPLTRIP1234")
    await ground.rns("9", at=ground.now + 3 * HOUR)
    assert await going(ground) == "go"
    ground.now += 30 * MINUTE
    await ground.rns("34", transaction=LATER_TRANSACTION)
    assert await going(ground) != "go"


async def test_the_yes_of_one_agency_is_not_that_of_another(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await accepted(ground)
    await ground.types("/load 1234 agency CFIA")
    await ground.types("/load 1234 agency ok by=Maria")
    assert await going(ground) == "go"
    await ground.types("/load 1234 agency FDA")
    assert await going(ground) == "unknown"


async def test_a_load_whose_number_an_earlier_one_has_again_is_looked_at_at_once(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await added(ground)
    await ground.types("/load 1234 cancel")
    await added(ground, "2000")
    await ground.manifest("SMPLTRIP2000")
    await ground.rns("9")
    assert "GO" in await ground.types("/load 2000 status")
    await ground.types("/load 1234 undo")
    assert "GO" not in await ground.types("/load 2000 status")
    await ground.types(f"/load 1234 pars {PARS}=>SMPLPARS900001")
    assert "GO" in await ground.types("/load 2000 status")


async def test_f4_customs_words_on_the_transaction_of_a_phone_call_are_of_that_shipment(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await added(ground)
    await ground.manifest("SMPLTRIP1234")
    await ground.types(f"/load 1234 accepted by=Maria trans={TRANSACTION}")
    assert await going(ground) == "go"
    ground.now += 5 * MINUTE
    await ground.rns("5", "")
    assert (await going(ground), await ground.kinds()) == ("hold", {"exam"})
    await ground.types("/load 1234 undo")
    assert "exam" not in await ground.kinds()


async def test_one_transaction_named_for_two_loads_makes_no_number_reused(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await added(ground)
    await added(ground, "2000", "SMPLPARS100124")
    for number in ("1234", "2000"):
        await ground.types(f"/load {number} accepted by=Maria trans={TRANSACTION}")
        assert "number_reused" not in await ground.kinds(number)


async def test_what_is_said_of_an_entry_number_is_of_its_shipment(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    line = '/load 55 add to=US port="Ambassador Bridge" paps=SMPLPAPS100123 entry=ABC12345678 broker=PCB trip=SMPLACE1'
    await ground.types(f"{line} {TIMES}")
    await ground.manifest("SMPLACE1")
    await ground.broker("SMPLPAPS100123", "accepted", kind="scn")
    assert await going(ground, "55") == "go"
    ground.now += MINUTE
    await ground.broker("ABC12345678", "rejected", kind="entry")
    assert await going(ground, "55") == "hold"
    assert "55 HOLD" in await ground.types("/load ABC12345678 status")
    await ground.bytes("pcb", b'{"loads": [{"number": "56", "direction": "US", "paps": "SMPLPAPS100124"}]}')
    await ground.bytes("pcb", b'{"loads": [{"number": "56", "direction": "US", "entry": "ABC12345999"}]}')
    await ground.broker("ABC12345999", "held", kind="entry")
    assert await going(ground, "56") == "hold"
