"""Business numbers: typing, check digit, swapped digits, and how they are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from bot.domain.carm.bn import BnFault, mask, read_bn


@pytest.mark.parametrize(
    "text", ["123456782RM0001", " 123 456 782 rm 0001 ", "12345-6782-RM-0001", "123456782.RM.0001"]
)
def test_a_good_number_is_read_however_it_is_typed(text: str) -> None:
    found = read_bn(text)
    assert (found.bn15, found.bn9, found.rm, found.fault) == ("123456782RM0001", "123456782", "0001", None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", BnFault.MISSING),
        ("  - ", BnFault.MISSING),
        ("12345678RM0001", BnFault.SHAPE),
        ("123456782RM001", BnFault.SHAPE),
        ("<b>123456782</b>", BnFault.SHAPE),
        ("١٢٣٤٥٦٧٨٢RM0001", BnFault.SHAPE),
        ("1" * 500, BnFault.SHAPE),
        ("123456782RC0001", BnFault.PROGRAM),
        ("123456782", BnFault.RM),
        ("123456782RM0000", BnFault.RM),
        ("123456789RM0001", BnFault.CHECK),
    ],
)
def test_a_wrong_number_says_what_is_wrong_and_is_no_bn15(text: str, fault: BnFault) -> None:
    found = read_bn(text)
    assert (found.fault, found.bn15) == (fault, "")


def test_two_swapped_digits_are_named_and_chosen_only_by_a_person() -> None:
    found = read_bn("123456728RM0001")
    assert (found.swapped, found.bn15) == (("123456782RM0001",), "")
    assert read_bn("123456728").swapped == ("123456782",)
    assert read_bn("123456789RM0001").swapped == ()


@given(st.integers(10**7, 10**8 - 1), st.integers(0, 7))
def test_any_two_neighbours_that_were_swapped_are_found(body: int, place: int) -> None:
    number = f"{body}{luhn.calc_check_digit(str(body))}"
    typed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    found = read_bn(f"{typed}RM0001")
    # Luhn takes 09 and 90 for the same.
    assert found.fault is None or f"{number}RM0001" in found.swapped


def test_a_number_is_shown_by_its_last_three_digits_and_its_account() -> None:
    assert read_bn("123456782RM0002").masked == "…782 RM0002"
    assert [mask("123456782"), mask("", "0001"), mask("")] == ["…782", "RM0001", ""]
