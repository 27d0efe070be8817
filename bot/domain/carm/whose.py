"""Whose account a question about a party is about: people say the shipper's name, and mean the importer of record."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Asked(StrEnum):
    """What the party that was named is: the `importer` itself, the `shipper` or the `consignee` of a load with another
    importer, of a load whose importer nobody named (`unnamed`), or of none of our loads (`stranger`)."""

    IMPORTER = "importer"
    SHIPPER = "shipper"
    CONSIGNEE = "consignee"
    UNNAMED = "unnamed"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Roles:
    """The parties of one shipment, as party ids ("" = not known)."""

    importer: str = ""
    shipper: str = ""
    consignee: str = ""
    load: str = ""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom to answer about: `importer` "" means that the first question is who imports; `load` is the one that says
    so, `others` are importers of further loads of the same party."""

    importer: str
    asked: Asked
    load: str = ""
    others: tuple[str, ...] = ()


def whose(party: str, shipments: Sequence[Roles]) -> Whose:
    """Whose account a question about `party` is about, by its shipments, the next one first.

    A party that imports on any of them is answered about itself. The consignee is never taken for the importer: on
    some loads the shipper imports (carm.md 0).
    """
    own = next((s for s in shipments if s.importer == party), None)
    if own is not None:
        return Whose(party, Asked.IMPORTER, own.load)
    about = [s for s in shipments if party in (s.shipper, s.consignee)]
    named = [s for s in about if s.importer]
    if not named:
        return Whose("", Asked.UNNAMED, about[0].load) if about else Whose(party, Asked.STRANGER)
    first = named[0]
    role = Asked.SHIPPER if party == first.shipper else Asked.CONSIGNEE
    others = tuple(dict.fromkeys(s.importer for s in named[1:] if s.importer != first.importer))
    return Whose(first.importer, role, first.load, others)
