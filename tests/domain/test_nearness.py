"""Near misses are what eyes, keyboards and faxes mistake, both ways, and nothing else (border-formats 8.3.6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.nearness import Near, Slip, blurs_near, nearness
from bot.domain.numbers import blur

OURS = "SMPLPARS104523"


@pytest.mark.parametrize(
    ("theirs", "slip"),
    [
        ("SMPLPARS1O4523", Slip.LOOKS),
        ("SMPLPARSIO4S23", Slip.LOOKS),
        ("SMPLPARSL04523", Slip.LOOKS),
        ("5MPLPARS104523", Slip.LOOKS),
        ("SMPLPARS109523", Slip.FAX),
        ("SMPLPARS1O9523", Slip.FAX),
        ("SMPLPARS104823", Slip.FAX),
        ("SMPLPARS105423", Slip.SWAPPED),
        ("SMLPPARS104523", Slip.SWAPPED),
        ("SMPL104523", Slip.PARS),
        ("SMPLPARSPARS104523", Slip.PARS),
        ("SMPLPARS-104523", Slip.DASH),
    ],
)
def test_confusables_a_swapped_pair_pars_and_a_stray_dash_are_near_both_ways(theirs: str, slip: Slip) -> None:
    near, back = nearness(OURS, theirs), nearness(theirs, OURS)
    assert near is not None and back is not None
    assert near.slip is back.slip is slip


@pytest.mark.parametrize(
    "theirs",
    [
        OURS,
        "SMPLPARS104524",  # the next sticker
        "SMPLPARS109823",  # two digits that a fax blurs
        "SMPLPARS105432",  # two swapped pairs
        "SMPLPARS124503",  # swapped, but not neighbours
        "SMPLPAR104523",  # a letter less
        "PMPLPARS104523",
        "SMPL-PARS-104523",
        "",
    ],
)
def test_other_numbers_are_not_near(theirs: str) -> None:
    assert nearness(OURS, theirs) is nearness(theirs, OURS) is None


def test_there_are_no_chains() -> None:
    assert nearness("A5", "AS") and nearness("A5", "A8") and nearness("AB", "A8")
    assert not nearness("AS", "A8") and not nearness("A5", "AB") and not nearness("AS", "AB")
    assert not nearness("A4", "A7") and nearness("A4", "A9") and nearness("A9", "A7")
    assert nearness("AI", "AL") and nearness("A1", "AL") and not nearness("AO", "A8")


def test_another_digit_is_near_only_where_it_is_asked_for_and_a_letter_never() -> None:
    assert nearness(OURS, "SMPLPARS104528") is None
    assert nearness(OURS, "SMPLPARS104528", digit=True) == Near(Slip.DIGIT, ((14, "3", "8"),))
    assert nearness(OURS, "SMPLPARS10452A", digit=True) is None
    assert nearness(OURS, "SMPLPARS104618", digit=True) is None


def test_it_says_where_they_differ() -> None:
    assert nearness("SMPL100", "SMPLIO0") == Near(Slip.LOOKS, ((5, "1", "I"), (6, "0", "O")))


keys = st.text("OI1L0S5B84793APR-", min_size=4, max_size=14).map(lambda rest: f"SMPL{rest}")


@st.composite
def two(draw: st.DrawFn) -> tuple[str, str]:
    """A number, and one made of it by a slip or two, or another one."""
    key = draw(keys)
    at = draw(st.integers(0, len(key) - 1))
    char = draw(st.sampled_from("OI1L0S5B84793A-"))
    made = draw(
        st.sampled_from(
            [
                key[:at] + char + key[at + 1 :],
                key[:at] + key[at:][1:2] + key[at:][:1] + key[at + 2 :],
                key[:4] + "PARS" + key[4:],
                key[:at] + "-" + key[at:],
                key[:at] + key[at + 1 :],
                blur(key),
            ]
        )
    )
    return key, draw(st.sampled_from([made, made, made, draw(keys)]))


@given(two(), st.booleans())
def test_nearness_is_symmetric_and_never_of_a_number_to_itself(pair: tuple[str, str], digit: bool) -> None:
    ours, theirs = pair
    near, back = nearness(ours, theirs, digit=digit), nearness(theirs, ours, digit=digit)
    assert (near is None) == (back is None)
    assert nearness(ours, ours, digit=digit) is None
    if near is not None and back is not None:
        assert near.slip is back.slip
        assert near.odd == tuple((at, b, a) for at, a, b in back.odd)


@given(two())
def test_the_index_is_asked_for_every_near_miss_and_for_some_hundreds_at_most(pair: tuple[str, str]) -> None:
    ours, theirs = pair
    if nearness(ours, theirs, digit=True):
        assert blur(theirs) in blurs_near(ours)
    assert len(blurs_near(ours)) <= 500
