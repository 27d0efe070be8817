"""The tables of `holdwatch.toml` that speak of a feed, and a feed ready for use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from bot.domain.carrier import FeedCover
from bot.domain.load import Direction
from bot.domain.policy import duration
from bot.domain.status import Status, Track
from bot.feeds.protocol import Envelope, Places, Reader

Length = Annotated[timedelta, BeforeValidator(lambda v: duration(v) if isinstance(v, str) else v)]


class Arrival(StrEnum):
    """How a feed's bytes reach us."""

    FOLDER = "folder"
    WEBHOOK = "webhook"
    POLL = "poll"
    SOCKET = "socket"


#: Sources that are queues which their vendor empties as they are read, and where they are.
QUEUES = {"borderconnect": "https://borderconnect.com/api/receive/… or wss://borderconnect.com/api/sockets/…"}


class Table(BaseModel):
    """A table of the file: unknown keys are refused, values are never repeated in a complaint."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class CoversTable(Table):
    """[feeds.<feed>.covers]"""

    tracks: list[Track] = Field([], description="what it would tell about; none: all that its source can")
    directions: list[Direction] = Field([], description="loads into CA, US; none: all that its source can")
    codes: list[str] = Field([], description="carrier codes it would tell about; none: any")
    brokers: list[str] = Field([], description="brokers it would tell about; none: any")


class AnswerTable(Table):
    """[feeds.<feed>.answer]"""

    items: str = Field("", description="where the list of shipments is, as data.shipments[*]; empty: the whole answer")
    number: str = Field("", description="where the number is in each; empty: it is the number that was asked about")
    status: str = Field("", description="where the status is, a word of [words]")
    time: str = Field("", description="where the time of the status is")
    transaction: str = Field("", description="where the transaction or entry number is")
    office: str = Field("", description="where the release office or port is")
    note: str = Field("", description="where words for people are")
    absent: Status | None = Field(None, description="what an answer without a shipment says; none: nothing")
    dated: dict[str, Status] = Field({}, description="what it says that a time stands there, as released_at = RELEASED")
    only_if: dict[str, list[str]] = Field({}, description="good only while this reads so, as fda = [May Proceed]")


class MailTable(Table):
    """[feeds.<feed>.mail]"""

    ours: list[str] = Field([], description="our addresses: a mail to a broker with one of them says papers sent")
    brokers: list[str] = Field([], description="addresses of brokers, or their domains as @broker.example")
    numbers: list[str] = Field([], description="regular expressions of numbers that begin with no carrier code")


class EnvelopeTable(Table):
    """[feeds.<feed>.envelope]"""

    sender: str = Field("", description="who asks, as the gateway knows us: SMPL, or SMPL:ZZ with its qualifier")
    recipient: str = Field("", description="whom a question goes to, as the gateway says: its id, or id:qualifier")
    test: bool = Field(False, description="true: questions are marked as a test")


class FeedTable(Table):
    """[feeds.<feed>]"""

    source: str = Field(
        description="whose messages these are: cbsa_rns, cbsa_notices, broker_json, borderconnect, candata, json_poll, "
        "email_drop, ace_truck_350, x12_acks, ace_truck_cusres, cbsa_350, load_csv"
    )
    arrival: Arrival = Field(
        Arrival.FOLDER,
        description="folder (files dropped), webhook (POST /hooks/<feed>), poll (url is asked) or socket (url is "
        "connected to)",
    )
    carriers: list[str] = Field([], description="carriers it may speak for; needed when there are several")
    covers: CoversTable = Field(default_factory=CoversTable, description="what silence of this feed means")
    zone: str = Field("America/Toronto", description="zone of times that carry none; CBSA does not say its own")
    folder: Path | None = Field(None, description="the drop folder, else var/feeds/<feed>")
    secret: SecretStr | None = Field(None, description="what the sender signs with, at least 16 characters; or our key")
    secret_file: Path | None = Field(None, description="a file that holds the secret")
    bearer: bool = Field(False, description="also take the secret as Authorization: Bearer")
    company_key: str = Field("", description="whose messages of a queue are ours, where it has those of others too")
    url: str = Field("", description="what is asked; with {number} it is asked once for each number that is due")
    headers: dict[str, str] = Field({}, description="headers of a request; {secret} stands for the secret")
    every: Length = Field(timedelta(minutes=1), description="how often a url without {number} is asked")
    per_minute: float = Field(60, gt=0, le=6000, description="the vendor's limit: never more requests a minute")
    timeout: Length = Field(timedelta(seconds=20), description="an answer that takes longer is given up")
    nothing: list[int] = Field([204], description="HTTP answers that mean: nothing about this number, as 404")
    heartbeat_file: Path | None = Field(None, description="a file that the gateway touches while it lives")
    heartbeat_max_age: Length = Field(timedelta(minutes=10), description="older than this, the feed is dead")
    settle: Length = Field(timedelta(seconds=2), description="a file is read when it was left alone this long")
    max_megabytes: float = Field(
        5, gt=0, le=100, description="larger messages are refused; an X12 or EDIFACT file may have 100 times as much"
    )
    acknowledge: bool = Field(False, description="answer X12 by a 997 in the folder var/feeds/<feed>/out")
    ask: Literal["folder"] | None = Field(
        None, description="folder: questions to customs (CUSREP) as files in var/feeds/<feed>/out, for the gateway"
    )
    envelope: EnvelopeTable = Field(
        default_factory=EnvelopeTable, description="who stands in the envelope of questions"
    )
    overrides: dict[str, Status] = Field({}, description='meanings of codes that differ, as "GIS:24" = "MATCHED"')
    words: dict[str, Status] = Field({}, description='what its words mean, as "Cleared" = "READY"')
    fields: dict[str, str] = Field({}, description='where a message has what no document proves, as trip = "M10-06"')
    answer: AnswerTable = Field(default_factory=AnswerTable, description="where things are in its answers (json_poll)")
    mail: MailTable = Field(default_factory=MailTable, description="whose mails these are (email_drop)")


@dataclass(frozen=True, slots=True)
class Feed:
    """A configured source, ready for use. `headers` are those of a request, secrets in place."""

    name: str
    source: str
    arrival: Arrival
    carriers: tuple[str, ...]
    cover: FeedCover
    zone: ZoneInfo
    folder: Path
    secret: str = field(default="", repr=False)
    bearer: bool = False
    heartbeat_file: Path | None = None
    heartbeat_max_age: timedelta = timedelta(minutes=10)
    settle: timedelta = timedelta(seconds=2)
    max_bytes: int = 5_000_000
    overrides: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    every: timedelta = timedelta(minutes=1)
    per_minute: float = 60.0
    timeout: timedelta = timedelta(seconds=20)
    nothing: frozenset[int] = frozenset({204})
    fields: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    acknowledge: bool = False
    envelope: Envelope = field(default_factory=Envelope)

    @property
    def queue(self) -> bool:
        """Whether it is a queue that is emptied by reading."""
        return self.source in QUEUES and self.arrival in (Arrival.POLL, Arrival.SOCKET)

    @property
    def asks(self) -> bool:
        """Whether numbers are asked about, one by one."""
        return "{number}" in self.url

    @property
    def reader(self) -> Reader:
        """What its source needs to know of it."""
        return Reader(self.zone, self.overrides, self.fields, self.words, self.places)
