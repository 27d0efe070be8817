"""Who said it, how and when: a word about CARM weighs as much as whoever said it."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from bot.domain.carm.calendar import day_of
from bot.domain.carm.evidence import Source
from bot.domain.carm.questions import Ask as Whom
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, Stop, no, question
from handlers.commands.carm_items import number_left, typed_again
from handlers.commands.carm_meant import Meant
from handlers.commands.naming import parties_of
from handlers.grammar import Command
from handlers.timewords import TimeError, when
from handlers.words import _
from storage.parties import PartyRecord

_BROKER = frozenset({"broker", "the broker", "agent", "customs broker"})
_IMPORTER = frozenset({"ior", "importer", "the importer", "importer of record"})
_CUSTOMER = frozenset({"customer", "the customer", "shipper", "consignee"})
_US = frozenset({"us", "we", "me", "i", "own", "ours", "our office", "dispatch", "myself"})
_CUSTOMS = frozenset({"cbsa", "customs", "rns", "feed"})
_SPLIT = re.compile(r"\s*[,/;]\s*|\s+(?:of|at|from)\s+", re.IGNORECASE)
#: A name may hold a comma or a stroke of its own: so many of them are tried as the one before the company.
_MOST_SPLITS = 4
_VIAS = {
    "phone": "phone", "call": "phone", "called": "phone", "tel": "phone", "voice": "phone", "email": "email",
    "mail": "email", "e-mail": "email", "chat": "chat", "text": "chat", "sms": "chat", "teams": "chat",
    "slack": "chat", "whatsapp": "chat", "telegram": "chat", "portal": "portal", "screenshot": "portal",
    "picture": "portal", "screen": "portal", "file": "file", "pdf": "file", "letter": "file",
}  # fmt: skip
_DAY = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}\s+[a-z]{3,9}(\s+\d{4})?|[a-z]{3,9}\s+\d{1,2}|yesterday|today", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose word it is: `broker` is the party id of the broker who said it, '' where it was not a broker."""

    source: Source
    role: Whom
    who: str = ""
    org: str = ""
    broker: str = ""


async def voice(ask: Ask, of: Meant, *, pictured: bool) -> Voice | None:
    """Who said it; None when the line does not tell. A picture of the portal speaks for itself."""
    text = " ".join((ask.command.value("by") or "").split())
    word = text.casefold().strip(".")
    shown = Voice(Source.PORTAL_SCREENSHOT, Whom.IMPORTER)
    if not text:
        return shown if pictured else None
    if word in _CUSTOMS:
        raise no(
            _("What customs says is heard by the feeds; a person's word needs a person. Nothing was recorded."),
            _("See: {line}").format(line="/feed list"),
        )
    if word in _US:
        return replace(shown, who=ask.who.name) if pictured else Voice(Source.OWN_STAFF, Whom.OWN, ask.who.name)
    if word in _BROKER:
        return _of_broker(of, "")
    if word in _IMPORTER:
        return replace(shown, org=_importer(of)) if pictured else _of_importer(of, "")
    if word in _CUSTOMER:
        return Voice(Source.IMPORTER_SAID, Whom.CUSTOMER, org=_("the customer"))
    return await _named(ask, of, text, pictured=pictured)


def _importer(of: Meant) -> str:
    return of.pair.importer.name if of.pair.importer else ""


def _of_importer(of: Meant, who: str) -> Voice:
    return Voice(Source.IMPORTER_SAID, Whom.IMPORTER, who, _importer(of))


def _of_broker(of: Meant, who: str) -> Voice:
    if of.pair.broker is None:
        raise no(
            _("Who clears for {importer} is not known, so a broker's word has no owner. Nothing was recorded.").format(
                importer=cut(_importer(of), 40)
            ),
            _("Name the broker: {line}").format(line=Command("shipper", _importer(of), "broker", ("PCB",)).line()),
        )
    return Voice(Source.BROKER_SAID, Whom.BROKER, who, of.pair.broker.name, of.pair.broker.id)


async def _named(ask: Ask, of: Meant, text: str, *, pictured: bool) -> Voice:
    """`Maria, PCB`, `Maria/PCB`, `Maria of PCB` or `Maria PCB`: a name and where it works."""
    for who, org in _readings(text):
        found = await parties_of(ask, org)
        if not found:
            continue
        if of.pair.broker is not None and of.pair.broker.id in (p.id for p in found):
            return _of_broker(of, who)
        if of.pair.importer is not None and of.pair.importer.id in (p.id for p in found):
            said = _of_importer(of, who)
            return replace(said, source=Source.PORTAL_SCREENSHOT) if pictured else said
        return _of_party(found[0], who)
    raise _where(ask, of, text)


def _readings(text: str) -> list[tuple[str, str]]:
    """(name, company) as the text may be read, the likeliest first."""
    found = []
    for split in islice(_SPLIT.finditer(text), _MOST_SPLITS):
        found.append((text[: split.start()].strip(), text[split.end() :].strip()))
        found.append((text[split.end() :].strip(), text[: split.start()].strip()))
    found.append(("", text))
    words = text.split()
    found += [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, min(len(words), 6))]
    return [(cut(who.strip(" ,;/"), 60), org[:120]) for who, org in found]


def _of_party(party: PartyRecord, who: str) -> Voice:
    if "broker" in party.roles:
        return Voice(Source.BROKER_SAID, Whom.BROKER, who, party.name, party.id)
    return Voice(Source.IMPORTER_SAID, Whom.CUSTOMER, who, party.name)


def _where(ask: Ask, of: Meant, text: str) -> Stop:
    """Whose word it is must be known: the broker's outweighs the importer's."""
    split = _SPLIT.search(text)
    who = cut(text[: split.start()] if split else text, 30)
    lines = []
    for party in (of.pair.broker, of.pair.importer):
        if party is not None:
            pairs = (*typed_again(ask), ("by", f"{who}, {party.name}"))
            label = _("{who} of {company}").format(who=who, company=cut(party.name, 30))
            lines.append((label, replace(ask.command, pairs=pairs).line()))
    form = _("Where does “{who}” work? A broker's word outweighs an importer's. Nothing was recorded.")
    hint = _('Type the company too, as in by="Maria, PCB"; or by=us')
    return question(form.format(who=cut(text, 40)), lines, hint, *number_left(ask))


def how(ask: Ask, *, pictured: bool) -> str:
    """How it was said, as kept; refused where nobody knows the word."""
    text = (ask.command.value("via") or "").strip().casefold()
    if not text:
        return "portal" if pictured else ""
    found = _VIAS.get(text)
    if found is None:
        form = _("“{text}” is no way that is known here: phone, email, chat, portal or file. Nothing was recorded.")
        raise no(form.format(text=cut(text, 30)))
    return found


def said_at(ask: Ask) -> datetime:
    """When it was said: now, or a moment of the past; a day alone is meant at noon."""
    text = (ask.command.value("at") or "").strip()
    if not text:
        return ask.now
    if not _DAY.fullmatch(text):
        return when(text, ask.now, ask.home, past_ok=True, future_ok=False)
    moment = _noon(ask, text)
    if day_of(moment, ask.world.carm) > day_of(ask.now, ask.world.carm):
        form = _("“{text}” is still to come: evidence is what somebody said already. Nothing was recorded.")
        raise no(form.format(text=cut(text, 30)))
    return min(moment, ask.now)


def _noon(ask: Ask, text: str) -> datetime:
    try:
        return when(f"{text} 12:00", ask.now, ask.home, past_ok=True, future_ok=True)
    except TimeError:
        year = ask.now.astimezone(ask.home).year
        return when(f"{text} {year} 12:00", ask.now, ask.home, past_ok=True, future_ok=True)


def until(ask: Ask) -> date | None:
    """The last day of a bond or an answer; refused where it is over already."""
    text = (ask.command.value("until") or "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        form = _("“{text}” is no day: type until=2027-03-31. Nothing was recorded.")
        raise no(form.format(text=cut(text, 30))) from None
    if day < day_of(ask.now, ask.world.carm):
        form = _("{day} is over, so it does not hold: security=lapsed says that. Nothing was recorded.")
        raise no(form.format(day=day.isoformat()))
    return day
