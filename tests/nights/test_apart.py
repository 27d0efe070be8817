"""A4: two trucks that a slip of the pen made one are two again once it is mended; both are watched (SAMPLE data)."""

import pytest

from tests.nights.cast import added
from tests.nights.messages import PARS, rns, trip
from tests.nights.night import Night

OTHER, ITS_PARS, ITS_SECOND = "SMPLTRIP0002", "SMPLPARS200001", "SMPLPARS200002"


async def mixed_up(night: Night, *pars: str) -> None:
    """The gateway made a load of a trip, and Maria types its PARS on her own."""
    await night.hears("bc", trip(OTHER, *pars))
    await added(night)
    await night.types(f"/load 1234 pars {ITS_PARS}")
    assert set(await night.open_loads()) == {"1234"}


async def numbers(night: Night, load: str) -> set[str]:
    record = await night.load(load)
    async with night.db.work("home", night.now) as work:
        return {s.ccn for s in (await work.shipments.of_loads([record.id])).get(record.id, [])}


@pytest.mark.parametrize("pars", [(ITS_PARS,), (ITS_PARS, ITS_SECOND)])
async def test_a4_a_number_taken_back_by_undo_leaves_the_other_truck_watched(
    night: Night, pars: tuple[str, ...]
) -> None:
    await mixed_up(night, *pars)
    assert await numbers(night, "1234") == {PARS, *pars}
    await night.types("/load 1234 undo")
    assert set(await night.open_loads()) == {"1234", OTHER}
    assert await numbers(night, "1234") == {PARS}
    assert await numbers(night, OTHER) == set(pars)
    assert (await night.load()).trips == ["SMPLTRIP0001"] and (await night.load(OTHER)).trips == [OTHER]
    await night.hears("rns", rns(night, "5", ITS_PARS))
    assert "exam" in await night.stands(OTHER) and "exam" not in await night.stands()


async def test_a4_a_number_taken_off_again_leaves_the_other_truck_watched(night: Night) -> None:
    await mixed_up(night, ITS_PARS)
    await night.types(f"/load 1234 pars -{ITS_PARS}")
    assert set(await night.open_loads()) == {"1234", OTHER}
    assert await numbers(night, OTHER) == {ITS_PARS}
    assert "number_reused" not in await night.stands(OTHER)


async def test_a4_a_trip_taken_off_again_leaves_the_other_truck_watched(night: Night) -> None:
    await night.hears("bc", trip(OTHER))
    await added(night)
    await night.types(f"/load 1234 trip {OTHER}")
    assert set(await night.open_loads()) == {"1234"}
    await night.types("/load 1234 trip SMPLTRIP0001")
    assert set(await night.open_loads()) == {"1234", OTHER}


async def test_a4_a_trip_that_the_gateway_tells_again_after_its_truck_was_taken_for_another_is_watched(
    night: Night,
) -> None:
    await mixed_up(night, ITS_PARS, ITS_SECOND)
    await night.types(f"/load 1234 pars -{ITS_PARS}")
    await night.types(f"/load 1234 pars -{ITS_SECOND}")
    assert set(await night.open_loads()) == {"1234", OTHER}
    await night.hears("bc", trip(OTHER, ITS_PARS, ITS_SECOND, truck="89"))
    assert set(await night.open_loads()) == {"1234", OTHER}
