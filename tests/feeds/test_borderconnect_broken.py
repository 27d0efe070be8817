"""A message of BorderConnect that breaks half way."""

from tests.feeds.test_borderconnect import CCN, read


def test_a_message_that_breaks_half_way_says_nothing_at_all() -> None:
    references = [{"cargoControlNumber": CCN}, {"cargoControlNumber": ["8SMPPARS1002"]}]
    shipments = [{"shipmentControlNumber": "SMPL10001", "code": "02"}, {"shipmentControlNumber": {}, "code": "1H"}]
    for body in (
        {"data": "ACI_NOTICE", "type": "ARRIVAL_REPORTED", "references": references},
        {"data": "ACE_RESPONSE", "tripNumber": "SMPLTRIP0001", "tripStatus": "RTR", "shipmentStatusList": shipments},
    ):
        reading = read(body)
        assert reading.reports == () and len(reading.problems) == 1


def test_a_number_with_a_character_that_is_none_is_not_read_as_another_number() -> None:
    for name, body in (
        ("tripNumber", {"data": "ACE_TRIP", "tripNumber": "SMPL\ud800TRIP0009", "status": "Truck Released at Border"}),
        ("cargoControlNumber", {"data": "ACI_NOTICE", "type": "MATCHED", "cargoControlNumber": f"{CCN}\u0000"}),
    ):
        reading = read(body)
        assert reading.reports == ()
        (problem,) = reading.problems
        assert name in problem.why and problem.why.isprintable()
    (report,) = read({"data": "ACI_NOTICE", "type": "MATCHED", "cargoControlNumber": " 8SMP PARS1001\n"}).reports
    assert report.key == CCN
