"""The SAMPLE day without waiting: civil and machine time move minute by minute, and everything due is done between."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.app import App
from bot.clock import Clock
from bot.domain.delivery import Outcome, Sent
from bot.domain.route import Place
from bot.feeds.folder import Folder
from bot.sample.stage import Stage
from bot.watch.jobs import sweep
from handlers.reply import Reply

#: Civil time between two looks: two seconds of the machine's.
PULSE = timedelta(seconds=460)


@dataclass(slots=True)
class Hands:
    """A clock that only the test moves: `civil` for the story, `machine` for pulses, leases and settling."""

    now: datetime
    origin: datetime
    start: datetime
    speed: float

    def machine(self) -> datetime:
        return self.origin + (self.now - self.start) / self.speed

    def seconds(self) -> float:
        return (self.machine() - self.origin).total_seconds()


@dataclass(frozen=True, slots=True)
class StepClock(Clock):
    """A `Clock` that shows what the hands say."""

    hands: Hands | None = None

    def civil(self) -> datetime:
        assert self.hands is not None
        return self.hands.now


def stepped(clock: Clock) -> StepClock:
    assert clock.civil_start is not None
    assert clock.machine_start is not None
    hands = Hands(clock.civil_start, clock.machine_start, clock.civil_start, clock.speed)
    return StepClock(clock.civil_start, clock.machine_start, clock.speed, hands)


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that stood on the terminal."""

    at: datetime
    place: Place
    ref: str
    reply: Reply
    thread: str = ""
    edited: bool = False


@dataclass(slots=True)
class Recorder:
    """A door that keeps what it was told to show."""

    clock: Clock
    shown: list[Shown] = field(default_factory=list)

    async def post(self, place: Place, reply: Reply, *, thread: str = "", broadcast: bool = False) -> Outcome:
        ref = str(len(self.shown))
        self.shown.append(Shown(self.clock.civil(), place, ref, reply, thread))
        return Sent(ref)

    def pace(self, place: Place) -> timedelta:
        return timedelta()

    async def edit(self, place: Place, ref: str, reply: Reply) -> Outcome:
        self.shown.append(Shown(self.clock.civil(), place, ref, reply, edited=True))
        return Sent(ref)


@dataclass(slots=True)
class Stepper:
    """Moves the hands, and has the app do what its loops would."""

    app: App
    stage: Stage
    hands: Hands
    folders: list[Folder]

    async def to(self, moment: datetime) -> None:
        """Lets civil time pass; pulses are felt now and then."""
        while self.hands.now < moment:
            self.hands.now = min(self.hands.now + PULSE, moment)
            self.stage.beat()
            await self.app.life.look()
            await self.settle()

    async def settle(self) -> None:
        """Everything that is due now."""
        for folder in self.folders if self.stage.waiting() else ():
            await folder.look()
        for _round in range(20):
            if not await sweep(self.app.database, self.app.world, self.hands.now):
                break
        else:
            raise AssertionError("loads stay due at one moment: the sweep would never rest")
        await self.app.deliver.drain()
