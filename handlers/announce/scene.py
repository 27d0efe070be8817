"""A load as it is told at one moment: local times with ages, and how its shipments are called."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.domain.brief import Brief, Paper
from bot.domain.numbers import key_of
from bot.domain.times import age, clock
from handlers.words import _, mark

#: Most characters of one value; a name or a number that is longer is cut here and nowhere else.
LONGEST = 60
#: A load number stands in every title: it is cut earlier.
NUMBER = 40
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")

_TYPES = {
    "pars": "PARS",
    "paps": "PAPS",
    "inbond": mark("in-bond"),
    "csa": "CSA",
    "a49": "A49",
    "carnet": mark("carnet"),
    "astray": mark("astray freight"),
    "paper": mark("paper release"),
}


def cut(text: str, most: int = LONGEST) -> str:
    """One line of visible text, at most that long."""
    if len(text) <= most and text.isascii() and text.isprintable():  # nearly always
        return " ".join(text.split())
    plain = "".join(" " if unicodedata.category(c) in _INVISIBLE else c for c in text[: 4 * most])
    plain = " ".join(plain.split())
    return plain if len(plain) <= most and len(text) <= 4 * most else plain[: most - 1].rstrip() + "…"


def marked(title: str, sample: bool) -> str:
    """A title; sample data says so first."""
    return _("SAMPLE · {title}").format(title=title) if sample else title


@dataclass(frozen=True)
class Times:
    """Moments on the clock of one zone, as said now."""

    zone: str
    now: datetime

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def zone_now(self) -> str:
        """The short name of the zone, as its clocks stand now."""
        return self.now.astimezone(self._zone).tzname() or self.zone

    def at(self, moment: datetime) -> str:
        """`16:15`; with the zone's name where its clocks change between now and then."""
        local = moment.astimezone(self._zone)
        said = clock(moment, self._zone, self.now)
        changed = local.utcoffset() != self.now.astimezone(self._zone).utcoffset()
        return f"{said} {local.tzname()}" if changed else said

    def span(self, moment: datetime) -> str:
        """How far a moment is: `25 min ago`, `in 1 h 50`, `now`."""
        seconds = (moment - self.now).total_seconds()
        if abs(seconds) < 60:
            return _("now")
        if seconds < 0:
            return _("{age} ago").format(age=age(self.now - moment))
        return _("in {age}").format(age=age(moment - self.now))

    def aged(self, moment: datetime) -> str:
        """`10:02 (25 min ago)`."""
        return f"{self.at(moment)} ({self.span(moment)})"


@dataclass(frozen=True)
class Scene(Times):
    """One load at one moment; make it with `scene_of`."""

    brief: Brief

    @property
    def number(self) -> str:
        return cut(self.brief.number, NUMBER) or self.key

    @property
    def key(self) -> str:
        return "~" + self.brief.key.removeprefix("~")

    @property
    def port(self) -> str:
        return cut(self.brief.crossing, NUMBER) or _("the border")

    @cached_property
    def _papers(self) -> dict[str, Paper]:
        return {p.id: p for p in self.brief.papers}

    def paper(self, shipment: str) -> Paper | None:
        return self._papers.get(shipment)

    def what(self, shipment: str) -> str:
        """A shipment as people call it: `PARS SMPLPARS100123`."""
        paper = self.paper(shipment)
        if paper is None:
            return _("the trip")
        return " ".join((type_name(paper.type), label(paper) or _("without a number")))

    @property
    def trip(self) -> str:
        """The trip as people call it."""
        named = [cut(t, 30) for t in self.brief.trips if t.strip()]
        return _("trip {number}").format(number=", ".join(named[:3])) if named else _("the trip")

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {p.id: key_of(p.label) for p in self.brief.papers}

    def suffix(self, shipment: str) -> str:
        """The last characters that tell it from the others, three or more; '' where its number can't be typed so."""
        own = self._keys.get(shipment, "")
        others = [key for id_, key in self._keys.items() if id_ != shipment]
        ends = (own[-n:] for n in range(3, min(len(own), 25) + 1))
        end = next((e for e in ends if not any(key.endswith(e) for key in others)), "")
        return end if end.isascii() and end.replace("-", "").isalnum() else ""

    def short(self, shipment: str) -> str:
        """A shipment where there are several: `…124`."""
        end = self.suffix(shipment)
        return f"…{end}" if end else self.what(shipment)

    @property
    def eta(self) -> str:
        """`12:10 (in 1 h 50)`, and whether nobody said so."""
        found = self.brief.found
        said = self.aged(found.eta)
        return _("{time}, assumed").format(time=said) if found.eta_assumed else said


def scene_of(brief: Brief, now: datetime) -> Scene:
    """The load as told now."""
    return Scene(brief.zone, now, brief)


def label(paper: Paper) -> str:
    """The number exactly as filed, if it is of a length that numbers have."""
    return cut(paper.label, NUMBER)


def type_name(type_: str) -> str:
    """The customs document by its name."""
    known = _TYPES.get(type_)
    return _(known) if known else _("shipment")
