"""K, `number_mismatch`: a feed that dies makes no near number an explanation where it was none."""

from bot.domain.kinds import Kind
from bot.domain.load import ShipmentType
from tests.domain.builders import ALIVE, DEAD, a_load, a_shipment, before, kinds, see

NEAR = "9XYZPARS000128"


def test_a_csa_plan_that_a_dead_feed_cannot_confirm_asks_for_no_sticker() -> None:
    load = a_load(shipments=(a_shipment(type=ShipmentType.CSA),))
    for hearing in (ALIVE, DEAD):
        found = kinds(see(before(minutes=30), load=load, hearing=hearing, near=NEAR))
        assert Kind.NUMBER_MISMATCH not in found, hearing
        assert found & {Kind.CSA_PLAN, Kind.UNWATCHED}


def test_a_pars_that_a_dead_feed_cannot_match_still_asks() -> None:
    for hearing in (ALIVE, DEAD):
        assert Kind.NUMBER_MISMATCH in kinds(see(before(minutes=30), hearing=hearing, near=NEAR))
