"""An importer's account with a broker as it is told at one moment: names, days, and who said what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.brief import Contact
from bot.domain.carm.evidence import UNKNOWN, Evidence, Source
from bot.domain.carm.plan import NO_PLAN, Plan
from bot.domain.carm.reasons import Verdict
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.verdict import Readiness
from handlers.announce.scene import Times, cut
from handlers.words import _, mark

VERDICTS = {
    Verdict.OK: mark("CARM OK"),
    Verdict.AT_RISK: mark("CARM AT RISK"),
    Verdict.NOT_OK: mark("CARM NOT OK"),
    Verdict.NOT_KNOWN: mark("CARM NOT KNOWN"),
}
_SHORT = {
    Verdict.OK: mark("OK"),
    Verdict.AT_RISK: mark("AT RISK"),
    Verdict.NOT_OK: mark("NOT OK"),
    Verdict.NOT_KNOWN: mark("NOT KNOWN"),
}
_HOW = {
    "phone": mark("by phone"),
    "email": mark("by e-mail"),
    "chat": mark("in chat"),
    "portal": mark("in the portal"),
    "file": mark("in a file"),
}
_LATELY = timedelta(hours=20)
_NOBODY = Contact()


@dataclass(frozen=True, slots=True)
class Haul:
    """The load for which an account is asked about: its number, where and when it crosses, its terms of sale."""

    number: str
    crossing: str = ""
    eta: datetime | None = None
    pickup: datetime | None = None
    terms: str = ""


@dataclass(frozen=True)
class Account(Times):
    """One importer's account with one broker. `line` is what its buttons begin with, `also` what they end with;
    `bonded` whether our own bond is known; `places` are the names of parties by their id,
    `clause` what the importer is to whoever was named."""

    of: Readiness
    importer: str
    rules: CarmRules
    number: str = ""
    broker: Contact = _NOBODY
    phones: Contact = _NOBODY
    evidence: Sequence[Evidence] = ()
    plan: Plan = NO_PLAN
    bonded: bool | None = None
    haul: Haul | None = None
    line: str = ""
    also: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    outage: bool = False
    clause: str = ""

    @property
    def named(self) -> str:
        """The importer, short enough for a sentence."""
        return cut(self.importer, 40) or _("the importer")

    @property
    def agent(self) -> str:
        """The broker by its name."""
        return cut(self.broker.name, 40) or _("the broker")

    @property
    def rm(self) -> str:
        """The account as it is said on the phone: `RM0001`."""
        return f"RM{self.of.subject.rm}" if self.of.subject.rm else _("the import account")

    @property
    def whole(self) -> str:
        """`ACME (…782 RM0001) with PCB`."""
        number = self.number or (f"RM{self.of.subject.rm}" if self.of.subject.rm else "")
        of = f"{self.named} ({number})" if number else self.named
        if not self.broker.name:
            return _("{account}, broker not known").format(account=of)
        return _("{account} with {broker}").format(account=of, broker=self.agent)

    def day(self, moment: datetime) -> str:
        """`02:05 (5 min ago)` of the last hours, else `12 Aug`, with its year where that is another."""
        if abs(self.now - moment) < _LATELY:
            return f"{self.at(moment)}, {self.span(moment)}"
        return self.date(moment.astimezone(ZoneInfo(self.zone)).date())

    def date(self, day: date) -> str:
        """`12 Aug`, with its year where that is another."""
        this = self.now.astimezone(ZoneInfo(self.zone)).year
        return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != this else "")

    def said(self, record: Evidence) -> str:
        """Who said a record, how and when: `Maria, PCB, by phone 3 Nov`."""
        return f"{self.whom(record)} {self.day(record.said)}"

    def whom(self, record: Evidence) -> str:
        """Who said a record, and how."""
        if record.source is Source.RNS_EVENT:
            return _("customs' own message")
        if record.source is Source.PORTAL_SCREENSHOT:
            return _("a picture of the portal, from {who}").format(who=cut(record.recorded_by, 40) or _("somebody"))
        if record.state == UNKNOWN and not record.role:
            return cut(record.recorded_by, 40) or _("our office")
        who = [cut(p, 40) for p in (record.who, record.org or self._org(record)) if p.strip()]
        if record.source is Source.OWN_STAFF and not who:
            who = [cut(record.recorded_by, 40) or _("our office")]
        if record.source is Source.IMPORT_FILE and not who:
            who = [_("a file")]
        how = _HOW.get(record.how)
        return ", ".join([*(who or [_("somebody")]), *([_(how)] if how else [])])

    def _org(self, record: Evidence) -> str:
        if record.source is Source.BROKER_SAID:
            return self.places.get(record.broker, "") or self.broker.name
        return self.importer if record.source is Source.IMPORTER_SAID else ""


def verdict_word(verdict: Verdict) -> str:
    """As printed: CARM OK, never more."""
    return _(VERDICTS[verdict])


def short_word(verdict: Verdict) -> str:
    """The same where CARM was said before."""
    return _(_SHORT[verdict])
