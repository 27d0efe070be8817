"""What is worth telling is a key and its values; words are found later, in the language of whoever reads them."""

from string import Formatter

import pytest

from bot.domain.errors import Remarked
from bot.domain.remarks import Remark, Say


def names(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name is not None}


@pytest.mark.parametrize("say", Say)
def test_every_remark_is_worded_from_its_values_alone(say: Say) -> None:
    said = str(say.of(**{name: f"<{name}>" for name in names(say.value)}))
    assert "{" not in said
    assert all(f"<{name}>" in said for name in names(say.value))


def test_a_remark_is_worded_whole_in_another_language() -> None:
    french = {Say.HAS_NOT_TRIP.value: "{number}: pas de {other} ({known})", Say.NO_TRIP.value: "aucun"}
    remark = Say.HAS_NOT_TRIP.of(number="1234", other="{number}", known=Say.NO_TRIP)
    assert remark.worded(french.__getitem__) == "1234: pas de {number} (aucun)"
    within = {Say.OF_COLUMN.value: "{column}\N{NO-BREAK SPACE}: {fault}", Say.ACCOUNT_FORM.value: "neuf chiffres"}
    nested = Say.OF_COLUMN.of(column="importer_bn15", fault=Say.ACCOUNT_FORM.of())
    assert nested.worded(within.__getitem__) == "importer_bn15\N{NO-BREAK SPACE}: neuf chiffres"


def test_an_error_keeps_its_remarks_and_reads_as_english_in_a_log() -> None:
    why = Remarked(Say.NO_KIND.of(text="boat"), Remark(Say.NUMBER_MISSING))
    assert str(why) == "kind 'boat' is not loaded, empty, racks or bobtail; the number of the load is missing"
    assert [r.say for r in why.remarks] == [Say.NO_KIND, Say.NUMBER_MISSING]
