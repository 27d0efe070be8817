"""One load of a season: who says what of it when, and whether its truck is stopped. SAMPLE data."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from tests.season import wire

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
#: Usual minutes from papers to acceptance, and hours in which somebody works (UTC), by broker.
BROKERS = {
    "SAMPLE Pine": (75, None), "SAMPLE Oak": (110, None), "SAMPLE Elm": (95, None), "SAMPLE Ash": (140, None),
    "SAMPLE Larch": (60, None), "SAMPLE Cedar": (120, (12, 2)), "SAMPLE Maple": (85, None), "SAMPLE Birch": (130, None),
}  # fmt: skip
#: Heads of the numbers that each files under: of transactions into Canada, of entries into the US.
FILERS = {broker: (f"9910{n}", f"9A{n}") for n, broker in enumerate(BROKERS, 1)}
#: Crossings, and what each customs calls them.
CROSSINGS = {
    "CA": (("Ambassador Bridge", "0453"), ("Blue Water Bridge", "0440"), ("Peace Bridge", "0410")),
    "US": (("Ambassador Bridge", "3801"), ("Blue Water Bridge", "3802"), ("Peace Bridge", "0901")),
}


@dataclass
class Trip:
    """One load: its rows, who says what when, and the truth."""

    r: Random
    n: int
    direction: str
    eta: datetime
    known_at: datetime
    papers: datetime
    broker: str
    crossing: str
    office: str
    rows: list[dict[str, str]] = field(default_factory=list)
    said: list[tuple[datetime, str, bytes]] = field(default_factory=list)
    lines: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    replies: list[tuple[int, timedelta, str]] = field(default_factory=list)
    tale: str = ""
    stop: bool = False
    trouble: bool = False
    known_from: datetime | None = None
    silence: bool = False
    arrives: datetime | None = None

    @property
    def number(self) -> str:
        return f"L{self.n}"

    @property
    def trip(self) -> str:
        return f"SMPLT{self.n:07}"

    @property
    def pars(self) -> str:
        return f"SMPLPARS{self.n:06}"

    @property
    def filing(self) -> int:
        return self.n * 10

    def row(self, **more: str) -> None:
        """A row of the list; papers times are not always known."""
        sent = self.papers.isoformat() if self.r.random() < 0.85 else ""
        cells = {
            "number": self.number, "direction": self.direction, "known_at": self.known_at.isoformat(),
            "eta": self.eta.isoformat(), "trip": self.trip, "crossing": self.crossing, "broker": self.broker,
            "driver": f"SAMPLE Driver {self.n % 70}", "papers_sent": sent,
            ("pars" if self.direction == "CA" else "paps"): self.pars,
        }  # fmt: skip
        self.rows.append(cells | more)

    def rns(
        self, at: datetime, code: str, number: str = "", *, filing: int = 0, error: str = "", office: str = "",
        broker: str = "",
    ) -> None:  # fmt: skip
        """Canadian customs says something of a number, filed by its broker or by another one."""
        filer, _ = FILERS[broker or self.broker]
        body = wire.rns(code, number or self.pars, office or self.office, at, filer, filing or self.filing, error)
        self.said.append((at, "rns", body))

    def notice(self, at: datetime, says: str, number: str = "") -> None:
        """A completeness notice."""
        filer, _ = FILERS[self.broker]
        body = wire.notice(says, number or self.pars, self.office, at, filer, self.filing)
        self.said.append((at, "notices", body))

    def ace(self, at: datetime, *codes: str, office: str = "", broker: str = "") -> None:
        """US customs posts dispositions of the shipment."""
        _, filer = FILERS[broker or self.broker]
        body = wire.ace(self.pars, office or self.office, f"{filer}{self.n:08}", at, *codes)
        self.said.append((at, "ace", body))

    def accepts(self, at: datetime, *, filing: int = 0, office: str = "", broker: str = "") -> None:
        """Customs has the release or the entry on file."""
        if self.direction == "CA":
            self.rns(at, "9", filing=filing, office=office, broker=broker)
        else:
            self.ace(at, "02", office=office, broker=broker)

    def cargo(self, at: datetime, *, good: bool = True) -> None:
        """The gateway's answer about the manifest of the shipment into Canada."""
        self.said.append((at, "gateway", wire.cargo(self.pars, at, good=good)))

    def types(self, at: datetime, words: str) -> None:
        """The dispatcher's line about the load, on a minute, once the load is known."""
        when = max(at, self.known_at).replace(second=0, microsecond=0) + MINUTE
        self.lines.append((when, "SAMPLE Robin", "dispatcher", f"/load {self.number} {words}"))

    def manifest(self, at: datetime, *, good: bool = True) -> None:
        """The gateway's answer about the trip's manifest."""
        self.said.append((at, "gateway", wire.manifest(self.trip, self.direction, at, good=good)))

    def replied(self, wait: timedelta, words: str) -> None:
        """The dispatcher's line so long after the last message was heard."""
        self.replies.append((len(self.said) - 1, wait, words))

    def accepted(self) -> datetime:
        """When the broker is through, on a usual day."""
        usual, open_ = BROKERS[self.broker]
        at = self.papers + timedelta(minutes=max(12, self.r.gauss(usual, usual / 4)))
        if open_ is not None:
            while open_[1] <= at.hour < open_[0]:
                at += HOUR
        return min(at, self.eta - 130 * MINUTE - self.r.randint(0, 60) * MINUTE)

    def well(self) -> datetime:
        """The usual course: filed, accepted, manifest on file, arrived and released. The acceptance."""
        at = self.accepted()
        filed = max(self.papers + 5 * MINUTE, at - 25 * MINUTE)
        if self.direction == "CA":
            self.rns(filed, "34")
            self.rns(at, "9")
        else:
            self.ace(at, "02")
        self.manifest(self.eta - self.r.randint(150, 300) * MINUTE)
        return at

    def over(self, after: timedelta = 12 * MINUTE) -> None:
        """Released at the border."""
        at = self.eta + after + self.r.randint(0, 20) * MINUTE
        if self.direction == "CA":
            self.rns(at, "4")
        else:
            self.ace(at, "1C")

    def stops(self, known: datetime, *, ends: timedelta = timedelta(hours=5)) -> None:
        """The truck is stopped, for so long; `known` is from when the messages could tell."""
        self.stop = self.trouble = True
        self.known_from = known
        self.over(ends)

    def silent_from(self) -> datetime:
        """From when silence says something: at the latest two hours before the border."""
        self.silence = True
        return self.eta - 2 * HOUR
