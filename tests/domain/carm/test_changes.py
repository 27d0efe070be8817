"""Which changes the histories of a load's papers tell."""

from datetime import timedelta

import pytest

from bot.domain.carm.changes import changes_of_papers
from bot.domain.carm.scope import Change, Changed
from bot.domain.load import Hand, Said
from tests.domain.carm.says import NOW


def told(field: str, *values: str | None, hand: Hand = Hand.PERSON) -> list[Said]:
    return [Said(field, v, hand, "Maria", NOW + n * timedelta(hours=1), f"s{n}") for n, v in enumerate(values)]


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ([], ()),
        (told("broker", "pcb"), ()),
        (told("broker", "pcb", None, "pcb"), ()),
        (told("broker", "pcb", "wil"), ((Changed.BROKER, 1),)),
        (told("broker", "pcb", "merged"), ()),
        (told("consignee", "acme", "acme plant 2"), ()),
        (told("consignee", "acme", None, "boxes"), ((Changed.CONSIGNEE, 2),)),
        (told("importer", "acme", "other"), ((Changed.IMPORTER, 0),)),
        (told("importer", "acme", "other", "acme"), ((Changed.IMPORTER, 1),)),
        (told("broker", "pcb", "wil", "wil", hand=Hand.FILE), ((Changed.BROKER, 1),)),
        (told("shipper", "boxes", "other"), ()),
        (told("terms", "DAP"), ()),
        (told("terms", "DAP", "DAP WINDSOR", "DAP"), ()),
        (told("terms", "DAP", None, "EXW"), ((Changed.TERMS, 2),)),
        (told("terms", "DAP", "DAP WINDSOR", "DAP TORONTO"), ((Changed.TERMS, 2),)),
        (told("terms", "DA", "DAP"), ((Changed.TERMS, 1),)),
        (told("terms", "DAP WINDSOR", "DAP TORONTO"), ((Changed.TERMS, 1),)),
        (told("terms", "DAP", "EXW", "EXW", hand=Hand.FILE), ((Changed.TERMS, 1),)),
    ],
)
def test_a_change_is_another_value_than_the_one_that_stood_and_never_the_first(
    words: list[Said], changes: tuple[tuple[Changed, int], ...]
) -> None:
    found = changes_of_papers(words, lambda _field, value: "pcb" if value == "merged" else value)
    assert found == tuple(Change(what, NOW + n * timedelta(hours=1)) for what, n in changes)
