"""Numbers as border-formats 3.1 and 7.1 say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.numbers import NumberKind, blur, bn15_fault, doubts, filer_of, key_of, mended, transaction_check

FITS = (
    "12345000067897",
    "12345000067900",
    "54321000012345",
    "12345123456785",
    "54325100000007",
    "54325100000018",
    "54325100000029",
)


@pytest.mark.parametrize("digits", FITS)
def test_the_check_digit_fits_the_known_examples(digits: str) -> None:
    assert transaction_check(digits)
    assert doubts(NumberKind.TRANSACTION, digits) == []
    assert doubts(NumberKind.TRANSACTION, f"{digits[:5]}-{digits[5:]}") == []


@pytest.mark.parametrize("digits", FITS)
def test_another_last_digit_is_a_soft_doubt(digits: str) -> None:
    for last in set("0123456789") - {digits[13]}:
        (said,) = doubts(NumberKind.TRANSACTION, digits[:13] + last)
        assert "check the typing" in str(said)


def test_a_transaction_that_is_not_fourteen_digits_is_doubted() -> None:
    for wrong in ("1234500006789", "1234500006789X", ""):
        assert doubts(NumberKind.TRANSACTION, wrong)


@pytest.mark.parametrize(
    ("key", "doubted"),
    [
        ("9XYZPARS000123", ""),
        ("9XYZ-001", ""),
        ("9XYZ1", "unusually short"),
        ("9XYZ", "4 characters"),
        ("9" * 25, ""),
        ("9" * 26, "26 characters"),
        ("9XYZ_0001", "characters other than"),
    ],
)
def test_a_ccn_has_five_to_twenty_five_letters_digits_and_dashes(key: str, doubted: str) -> None:
    found = doubts(NumberKind.CCN, key)
    assert bool(found) == bool(doubted)
    assert all(doubted in str(one) for one in found)


@pytest.mark.parametrize("text", ["123456782RM0001", "123456782 rm 0001", "12345 6782-RM0001"])
def test_an_importer_s_account_is_nine_digits_rm_and_four(text: str) -> None:
    assert bn15_fault(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("123456789RM0001", "check digit"),
        ("123456782RT0001", "as in"),
        ("123456782", "as in"),
        ("123456782RM001", "as in"),
    ],
)
def test_a_wrong_account_is_refused_with_its_reason(text: str, why: str) -> None:
    fault = bn15_fault(text)
    assert fault is not None
    assert why in str(fault)


def test_a_key_is_upper_case_without_spaces_and_nothing_more() -> None:
    assert key_of(" 9xyz pars\t000-123 ") == "9XYZPARS000-123"
    assert key_of("9XYZ000123") != key_of("9XYZPARS000123")


def test_a_blur_makes_look_alikes_one_and_keeps_pars_apart() -> None:
    assert blur("9XYZPARSO1L5B") == blur("9XYZPAR50I1S8")
    assert blur("9XYZPARS000123") != blur("9XYZ000123")


@given(st.text())
def test_a_key_of_a_key_is_itself(text: str) -> None:
    once = key_of(text)
    assert key_of(once) == once or once.upper() != once


def test_the_first_five_digits_name_the_filer() -> None:
    assert filer_of("12345000067897") == filer_of("12345-000067897") == "12345"


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("SMPLPARS1O0123", "SMPLPARS100123"),
        ("SMPLPARSO00123", "SMPLPARS000123"),
        ("SMPLPARSI00123", "SMPLPARS100123"),
        ("SMPLPARS10OI2L", "SMPLPARS100121"),
        ("SMPLPAPS90000O", "SMPLPAPS900000"),
        ("SMPLO00123", "SMPL000123"),
        ("SMPL10O123", "SMPL100123"),
    ],
)
def test_a_letter_among_the_digits_of_a_new_number_is_asked_about(key: str, meant: str) -> None:
    assert mended(key) == meant
    for kind in (NumberKind.CCN, NumberKind.SCN):
        (said,) = doubts(kind, key)
        assert f"did you mean {meant}?" in str(said)


@pytest.mark.parametrize(
    "key",
    ["SMPLPARS100123", "SOIL100123", "SMPLPROLOAD123", "SMPLLOAD100123", "SMPLA1B2C3", "1O01PARS100123", "OIL", ""],
)
def test_letters_that_may_be_meant_are_not_asked_about(key: str) -> None:
    assert mended(key) == key
    assert not [said for said in doubts(NumberKind.SCN, key) if "did you mean" in str(said)]


@given(st.text("ABOIL0123456789PRS", max_size=25))
def test_what_is_asked_looks_like_what_was_typed_and_is_asked_once(key: str) -> None:
    assert blur(mended(key)) == blur(key)
    assert mended(mended(key)) == mended(key)
