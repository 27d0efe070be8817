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
