"""The post of one call: every load that one broker keeps waiting, the number that answers now, and what to ask."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.brief import Contact
from handlers.announce.blocks import quiet
from handlers.announce.facts import answers_now
from handlers.announce.feeds import rest_of
from handlers.announce.scene import NUMBER, Times, cut, marked
from handlers.reply import Part, Reply, Table, Tone, say
from handlers.words import _, ngettext

_LISTED = 12

#: Load number, number as filed, ETA.
Asked = Sequence[tuple[str, str, datetime | None]]


def call_card(broker: Contact, asked: Asked, zone: str, now: datetime, *, sample: bool = False) -> Reply:
    """One call for all loads that wait for a broker; with none left, that it is not needed any more."""
    times, name = Times(zone, now), cut(broker.name or _("the broker"), NUMBER)
    if not asked:
        done = _("{broker}: this call is not needed any more; each load's own card says why.").format(broker=name)
        return Reply(marked(done, sample), tone=Tone.DONE)
    many = len(asked)
    form = ngettext("One call to {broker}: {n} shipment waits.", "One call to {broker}: {n} shipments wait.", many)
    rows = tuple(
        (cut(load, NUMBER), cut(label, NUMBER), times.aged(eta) if eta else _("not known"))
        for load, label, eta in asked[:_LISTED]
    )
    head = (_("Load"), _("Number"), _("ETA {zone}").format(zone=times.zone_now))
    body: list[Part] = [
        say(_("Call: {who}").format(who=answers_now(broker, times))),
        say(_("Say: “For each of these: do you have the papers, was it sent to customs, was it refused, and why?”")),
        Table(head, rows, rest_of(many - _LISTED)),
        quiet(_("What they say goes to each load: /load 1234 accepted by=Maria/PCB, or not filed by=Maria/PCB")),
    ]
    return Reply(marked(form.format(broker=name, n=many), sample), tuple(body), tone=Tone.WARN)
