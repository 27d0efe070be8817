"""The day's one message of importers, and the card of the January review: data in, words out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.brief import Contact
from bot.domain.carm.calendar import day_of
from bot.domain.carm.questions import Ask, Question
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.verdict import Readiness
from handlers.announce.blocks import quiet
from handlers.announce.carmask import asking
from handlers.announce.carmscene import Account, verdict_word
from handlers.announce.scene import NUMBER, Times, cut, marked
from handlers.reply import Button, Part, Reply, Tone, say
from handlers.words import _, mark, ngettext

_NAME = 40
_LISTED = 10
_LONGEST_LINE = 64
_DATES = {
    "statement": mark("{day}: CBSA's statements of account come out."),
    "payment": mark("{day}: duties are due to CBSA. Who was clear before is asked again the day after."),
    "recalculated": mark(
        "{day}: CBSA has worked out anew what security each importer needs. Only those whose need rises are told, in "
        "the portal's notifications: ask them before 15 January."
    ),
}


class Lot(Protocol):
    """A load as the message names it."""

    @property
    def number(self) -> str: ...
    @property
    def eta(self) -> datetime | None: ...


Asked = tuple[str, Contact, Readiness, Sequence[Question], Sequence[Lot]]


def digest_card(
    asks: Sequence[Asked], more: int, bonds: Sequence[tuple[str, date]], dates: Sequence[tuple[str, date]],
    rules: CarmRules, zone: str, now: datetime, *, sample: bool = False,
) -> Reply:  # fmt: skip
    """Whom to ask about today, which bonds end, and which days come."""
    times = Times(zone, now)
    body: list[Part] = []
    buttons: list[Button] = []
    for name, broker, ready, questions, loads in asks:
        body.append(say(_line(name, broker, ready, questions, loads, rules, times)))
        line = f'/shipper "{name}" carm ask'
        if len(line.encode()) <= _LONGEST_LINE and '"' not in name:
            buttons.append(Button(_("Ask: {name}").format(name=cut(name, 20)), line))
    if more:
        form = ngettext("… and {n} other with loads to come.", "… and {n} others with loads to come.", more)
        body.append(say(form.format(n=more)))
    body += [say(_bond(name, to, rules, times)) for name, to in bonds[:_LISTED]]
    if len(bonds) > _LISTED:
        rest = len(bonds) - _LISTED
        body.append(say(ngettext("… and {n} other bond.", "… and {n} other bonds.", rest).format(n=rest)))
    body += [say(_(_DATES[topic]).format(day=_day(day, times))) for topic, day in dates]
    if asks:
        body.append(quiet(_("NOT KNOWN holds no load. One message a day; what is answered is not asked again.")))
    n = len(asks) + more
    title = ngettext("CARM today: {n} importer to ask about", "CARM today: {n} importers to ask about", n).format(n=n)
    return Reply(marked(title if n else _("CARM today"), sample), tuple(body), tuple(buttons), Tone.INFO)


def _bond(name: str, to: date, rules: CarmRules, times: Times) -> str:
    over = to < day_of(times.now, rules)
    form = _("The bond of {name} ended {day}: ask for the new one.") if over else _(
        "The bond of {name} ends {day}: ask for the new one."
    )  # fmt: skip
    return form.format(name=cut(name, _NAME), day=_day(to, times))


def _line(
    name: str, broker: Contact, ready: Readiness, questions: Sequence[Question], loads: Sequence[Lot],
    rules: CarmRules, times: Times,
) -> str:  # fmt: skip
    first = loads[0]
    when = f", {times.aged(first.eta)}" if first.eta else ""
    coming = ngettext("{n} load to come", "{n} loads to come", len(loads)).format(n=len(loads))
    of = _("{name} is {verdict}: {coming}, the next {load}{when}.").format(
        name=cut(name, _NAME), verdict=verdict_word(ready.verdict), coming=coming,
        load=cut(first.number, NUMBER), when=when,
    )  # fmt: skip
    question = questions[0]
    account = Account(times.zone, times.now, ready, name, rules, broker=broker)
    whom = {
        Ask.BROKER: account.agent,
        Ask.IMPORTER: account.named,
        Ask.CUSTOMER: _("the customer who ordered the load"),
        Ask.OWN: _("our own office"),
    }[question.ask]
    return f"{of} " + _("Ask {whom}: {question}").format(whom=whom, question=asking(question, account))


def review_card(
    names: Sequence[str], loads: Sequence[tuple[str, Sequence[Lot]]], deadline: date, zone: str, now: datetime,
    *, sample: bool = False,
) -> Reply:  # fmt: skip
    """Importers that nothing shows to be in order after a review's deadline, and those with loads in its week."""
    times = Times(zone, now)
    n = len(names)
    form = ngettext(
        "CARM review of {day}: {n} importer to confirm", "CARM review of {day}: {n} importers to confirm", n
    )
    title = form.format(day=_day(deadline, times), n=n)
    body: list[Part] = [
        say(
            _(
                "After that day release before payment may be suspended where a higher security requirement is not "
                "met. Ask each whether the portal has a notice, and whether it is met."
            )
        )
    ]
    if loads:
        held = "; ".join(
            f"{cut(name, _NAME)}: {', '.join(cut(one.number, NUMBER) for one in own[:3])}" + (" …" if own[3:] else "")
            for name, own in loads[:_LISTED]
        )
        form = ngettext("{n} has loads that week: {names}", "{n} have loads that week: {names}", len(loads))
        body.append(say(form.format(n=len(loads), names=held) + (" …" if loads[_LISTED:] else "")))
    else:
        body.append(say(_("None of them has a load that week as far as is known.")))
    some = ", ".join(cut(name, _NAME) for name in names[:_LISTED])
    rest = n - _LISTED
    more = " " + ngettext("and {n} other", "and {n} others", rest).format(n=rest) if rest > 0 else ""
    body.append(quiet(f"{some}{more}"))
    return Reply(marked(title, sample), tuple(body), (), Tone.INFO)


def _day(day: date, times: Times) -> str:
    this = times.now.astimezone(ZoneInfo(times.zone)).year
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != this else "")
