"""What a person says of the trip's manifest: refused stands until customs or a later word speaks (RULES F4)."""

from dataclasses import replace

from bot.domain.assess import assess
from bot.domain.assessment import Answer
from bot.domain.kinds import Kind
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Status, Track
from tests.domain.builders import POLICY, a_load, a_report, a_word, about, before, kinds, on_file, the_facts
from tests.domain.histories import ONE

READY = a_report(Status.READY, before(8), transaction=ONE)


def test_f4_a_person_s_refused_manifest_is_ended_by_a_later_word_of_customs_or_of_a_person() -> None:
    refused = a_word(Status.REJECTED, before(5), kind=NumberKind.TRIP, track=Track.MANIFEST)
    later = a_word(Status.ON_FILE, before(4), kind=NumberKind.TRIP, track=Track.MANIFEST)

    def held(*trip: Report) -> bool:
        return Kind.OUR_MANIFEST in kinds(assess(a_load(), the_facts(about((READY,)), trip=trip), POLICY, before(3)))

    assert held(on_file(before(6)), refused) and held(on_file(before(6), received=before(4)), refused)
    assert held(refused) and not held(on_file(before(4)), refused) and not held(refused, later)
    sent = replace(on_file(before(4)), status=Status.SENT)
    ended = assess(a_load(), the_facts(about((READY,)), trip=[refused, sent]), POLICY, before(3))
    assert [h.detail for h in ended.holds if h.kind is Kind.OUR_MANIFEST and (h.detail or {}).get("rejected")] == []
    assert ended.answer is not Answer.GO and held(on_file(before(6)), refused, sent, later) is False
