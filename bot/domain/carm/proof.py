"""What feeds and loads themselves say about an importer, as records of evidence."""

from datetime import datetime

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.carm.plan import NEEDS
from bot.domain.carm.scope import Subject


def release_proof(
    id_: str, subject: Subject, at: datetime, recorded: datetime, *, released: bool, plan: str = "", paid: bool = False
) -> Evidence | None:
    """The record that an electronic acceptance or release of the subject's load makes.

    None where it proves nothing about the importer's own security: paid at the port before release (`paid`: the
    transaction number says so), or released under a plan that needs no such security (carm.md 5).
    """
    if paid or plan in NEEDS or plan == "courier_lvs" or not subject.importer:
        return None
    state = "released" if released else "accepted"
    return _word(id_, subject, Item.LAST_GOOD_RELEASE, state, Source.RNS_EVENT, at, recorded)


def reject_word(id_: str, subject: Subject, at: datetime, recorded: datetime, words: str) -> Evidence:
    """The record that a reject for lack of security makes, with the words in which it came; it holds for the account,
    whichever broker filed."""
    whose = Subject(subject.importer, subject.rm, load=subject.load)
    return _word(id_, whose, Item.LAST_RPP_REJECT, "rejected", Source.RNS_EVENT, at, recorded, words)


def importer_named(subject: Subject, at: datetime) -> Evidence:
    """That our own load names this importer: it stands as assumed while nobody says more. Not kept, made when asked."""
    return _word(f"named-{subject.load}", subject, Item.IOR, "assumed", Source.OWN_STAFF, at, at)


def _word(
    id_: str, of: Subject, item: Item, state: str, source: Source, at: datetime, recorded: datetime, note: str = ""
) -> Evidence:
    how = "feed" if source is Source.RNS_EVENT else ""
    return Evidence(
        id_,
        of.importer,
        item,
        state,
        source,
        at,
        recorded,
        how=how,
        note=note,
        rm=of.rm,
        broker=of.broker,
        load=of.load,
    )
