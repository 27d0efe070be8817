"""House rule 2: of a message that is all noise enough problems are kept to mend it, and the number of the others."""

from bot.feeds.protocol import Problem
from bot.watch.faults import MOST, listed
from storage.database import Database
from tests.attack.ground import PARS, Ground

NOISE = b"UNH+1+A'UNT+2+1'"


async def kept(ground: Ground) -> list[str]:
    async with ground.db.dock(ground.now) as dock:
        return [p.why for p in await dock.problems.of_feeds(["rns"], 10_000)]


async def test_a_megabyte_of_tiny_bad_messages_is_a_hundred_problems_and_a_number(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    many = 2_000_000 // len(NOISE) // 4
    await ground.bytes("rns", NOISE * many)
    found = await kept(ground)
    assert len(found) == MOST + 1
    assert found[0].startswith(f"and {many - MOST} more places of this message")


async def test_a_code_that_nobody_knows_is_named_behind_any_number_of_others(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    strange = f"UNH+9+CUSRES:D:96A:UN'BGM+:::125+X+11'GIS+77'RFF+XC:{PARS}'UNT+5+9'".encode()
    await ground.bytes("rns", NOISE * 500 + strange)
    async with ground.db.dock(ground.now) as dock:
        found = await dock.problems.of_feeds(["rns"], 10_000)
    assert [p.code for p in found if p.code] == ["GIS:77"]


async def test_a_long_message_that_is_read_in_parts_lists_its_problems_once(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    good = f"UNH+9+CUSRES:D:96A:UN'BGM+:::125+X+11'GIS+9'RFF+XC:{PARS}'UNT+5+9'".encode()
    await ground.bytes("rns", NOISE * 300 + good * 600)
    assert len(await kept(ground)) == MOST + 1


def test_every_problem_is_listed_or_counted() -> None:
    for many in (0, 1, MOST, MOST + 1, 3 * MOST):
        problems = [Problem(f"place {n}", "bad", f"C{n % 7}" if n > MOST else "") for n in range(many)]
        found = listed(problems)
        told = [p for p in found if not p.why.startswith("and ")]
        more = [int(p.why.split()[1]) for p in found if p.why.startswith("and ")]
        assert len(told) + sum(more) == many
        assert {p.code for p in told} == {p.code for p in problems}
