"""What judging one load shares: the moment, the distance, and what was found so far."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.assessment import Condition, Hold, evidence
from bot.domain.clock import Steps, Tick, by_distance
from bot.domain.coverage import Hearing, Liveness
from bot.domain.eta import Eta
from bot.domain.facts import Facts
from bot.domain.kinds import KINDS, Cause, Kind, Level, Start
from bot.domain.load import Load, Shipment
from bot.domain.policy import Policy
from bot.domain.report import Report
from bot.domain.status import OUR_REASONS, Authority


@dataclass(slots=True)
class Bench:
    """One load on the bench."""

    load: Load
    facts: Facts
    policy: Policy
    tick: Tick
    eta: Eta
    at_border: bool
    holds: list[Hold] = field(default_factory=list)
    buts: list[Condition] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    hidden: int = 0

    @property
    def grace(self) -> datetime:
        """Before this moment nothing is raised on absence: reports that wait are still being read (T6)."""
        return self.load.known_at + self.policy.late_entry_grace

    def level(self, steps: Steps) -> Level | None:
        """The level reached; at the border all is critical (T7), an assumed ETA makes at most `warn` (T6)."""
        if self.at_border:
            return Level.CRITICAL
        reached = self.tick.reached(steps)
        if reached is not None and self.eta.assumed:
            return min(reached, Level.WARN)
        return reached

    def fact_hold(
        self, kind: Kind, shipment: str, report: Report | None, since: datetime, also: Steps = (), **more: object
    ) -> None:
        """Adds a hold that rests on an arrived fact and goes by distance, or stays `warn`; `also` may raise it."""
        row = KINDS[kind]
        came = min(since, self.tick.now)  # what has arrived stands, though the clock was set back since
        steps: Steps = (
            ((Level.WARN, came),) if row.starts is Start.WARN else by_distance(self.eta.at, self.policy, came)
        )
        steps += also
        self.holds.append(
            Hold(
                kind,
                shipment,
                row.cause,
                self.level(steps),
                fact=True,
                stops=row.stops,
                since=since,
                evidence=evidence(report),
                **more,  # type: ignore[arg-type]
            )
        )


def checking(bench: Bench, shipment: Shipment, report: Report, since: datetime, detail: dict[str, str]) -> None:
    """An answer that is *unknown* for a while, told like all that is not go from ETA - 2 h (A4)."""
    near = max(since, bench.eta.at - bench.policy.say_before)
    steps = ((Level.WARN, near), (Level.CRITICAL, max(near, bench.eta.at - bench.policy.critical_before)))
    bench.holds.append(
        Hold(
            Kind.CHECKING,
            shipment.id,
            Cause.UNKNOWN,
            bench.level(steps),
            fact=True,
            stops=False,
            since=since,
            evidence=evidence(report),
            detail=detail,
        )
    )


def said_by(report: Report) -> dict[str, str]:
    """What the words need of a fact: the sender's own code, and who spoke where it was not customs (F3)."""
    found = {"code": report.raw if report.reason in OUR_REASONS or not report.reason else report.reason}
    return found if report.authority is Authority.CUSTOMS else found | {"of": report.by or report.feed}


def heard(hearing: Hearing) -> dict[str, str]:
    """What the words need to know of who listens: nobody, dead since, or a plain folder's last word (C3)."""
    ear = hearing.ear
    if ear is None:
        return {"ear": "none"}
    found = {"ear": ear.feed, "life": ear.liveness.value}
    if ear.liveness is not Liveness.ALIVE and ear.last_word is not None:
        found["last_word"] = ear.last_word.isoformat()
    if ear.liveness is Liveness.DEAD and ear.since is not None:
        found["dead_since"] = ear.since.isoformat()
    return found
