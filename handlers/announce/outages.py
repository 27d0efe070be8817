"""An outage of customs: its card with the drill of the desk (E6), and what a driver is told to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers.announce.blocks import quiet
from handlers.announce.feeds import Coming, coming_table, rest_of
from handlers.announce.scene import NUMBER, Times, cut, marked
from handlers.reply import Part, Reply, Table, Tone, say
from handlers.words import _, ngettext

#: Of the nearest loads that many stand on the card, in a table of at most so many papers.
_LISTED = 20
#: CBSA's technical help for commercial clients, by its outage sheet for highway carriers.
_TCCU = "1-888-957-7224"
#: What CBSA granted in one outage, by the brokers' association.
_BULLETIN = "TCC25-0132"

#: Load number, ETA, and for each of its papers the number as filed and the transaction as printed.
Near = Sequence[tuple[str, datetime | None, Sequence[tuple[str, str]]]]


def outage_card(
    agency: str,
    since: datetime,
    hidden: int,
    near: Near,
    zone: str,
    now: datetime,
    *,
    by: str = "",
    sample: bool = False,
) -> Reply:
    """A declared outage: since when, by whom, how much it hides, the drill, and the loads of the next hours."""
    times, who = Times(zone, now), cut(agency, NUMBER)
    title = _("{agency} is reported down since {time}.").format(agency=who, time=times.aged(since))
    form = ngettext(
        "An outage hides {n} reason that rests on silence.", "An outage hides {n} reasons that rest on silence.", hidden
    )
    parts: list[Part] = [say(form.format(n=hidden) + " " + _("What was told stands; facts that arrive are told."))]
    parts += [say(f"{place}. {line}") for place, line in enumerate(_drill(), 1)]
    parts += _papers(near, times)
    if by:
        parts.append(quiet(_("Declared by {name}.").format(name=cut(by, NUMBER))))
    parts.append(quiet(_("The drill is that of CBSA's outage sheet for highway carriers.")))
    parts.append(quiet(_("When it is over, type: /feed outage {agency} off").format(agency=who.lower())))
    return Reply(marked(title, sample), tuple(parts), tone=Tone.WARN)


def _drill() -> list[str]:
    penalty = _("Penalties: in an earlier outage none was set for not transmitting while it lasted and 2 h after")
    return [
        _("Keep filing electronically, and tell the brokers to."),
        _("Drivers bring two copies of lead sheet, PARS, cargo control document and bills."),
        _("Mark the lead sheet “CBSA system down at time of report” and write the transaction number on it."),
        _("It is down until its own bulletin says that it is resolved."),
        penalty + " " + _("(CSCB bulletin {number}): keep this one's bulletin.").format(number=_BULLETIN),
        _("Only if the fault is in our own system: tell the TCCU, {phone}, every 4 h.").format(phone=_TCCU),
    ]


def _papers(near: Near, times: Times) -> list[Part]:
    """The loads of the next hours with their transaction numbers as they are printed."""
    if not near:
        return [say(_("No load reaches the border in the next 6 h."))]
    rows = [
        (
            cut(load, NUMBER),
            times.aged(eta) if eta else _("not known"),
            cut(number, NUMBER),
            transaction or _("none yet"),
        )
        for load, eta, papers in near
        for number, transaction in papers or [("", "")]
    ]
    head = (_("Load"), _("ETA {zone}").format(zone=times.zone_now), _("Number"), _("Transaction"))
    return [Table(head, tuple(rows[:_LISTED]), rest_of(len(rows) - _LISTED))]


def outage_over(
    agency: str, since: datetime, ended: datetime, loads: Coming, zone: str, now: datetime, *, sample: bool = False
) -> Reply:
    """The end of an outage: silence counts again."""
    times = Times(zone, now)
    form = _("The outage of {agency} is over, {start} to {end}.")
    title = form.format(agency=cut(agency, NUMBER), start=times.at(since), end=times.at(ended))
    body = (say(_("Silence counts again: loads are told again, by ETA.")), *coming_table(loads, times))
    return Reply(marked(title, sample), body, tone=Tone.DONE)


def drill_word(content: Mapping[str, Any]) -> Reply:
    """What a driver does who comes to the border meanwhile; in no case that he may drive on."""
    load, agency = cut(str(content.get("load", "")), NUMBER), cut(str(content.get("drill", "")).upper(), NUMBER)
    title = _("Load {number}: the computers of {agency} are down.").format(number=load, agency=agency)
    body: list[Part] = [
        say(_("Bring two copies: lead sheet, PARS, cargo control document, bills.")),
        say(_("Write on the lead sheet: “CBSA system down at time of report”.")),
    ]
    for number, transaction in content.get("papers", ()):
        known = _("Transaction number for {number}: {transaction}")
        missing = _("No transaction number for {number} yet: ask dispatch for it.")
        form = known if transaction else missing
        body.append(say(form.format(number=cut(str(number), NUMBER), transaction=cut(str(transaction), NUMBER))))
    body.append(say(_("Do not cross before dispatch tells you.")))
    return Reply(marked(title, bool(content.get("sample"))), tuple(body), tone=Tone.WARN)
