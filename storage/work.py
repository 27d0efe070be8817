"""One door of the memory: a unit of work of one carrier, with every repository scoped to it."""

from collections.abc import Callable
from datetime import datetime

from storage.alerts import Alerts
from storage.attachments import Attachments
from storage.carm import CarmReads
from storage.claims import Claims
from storage.evidence import EvidenceRepository
from storage.feeds import Feeds
from storage.finder import Finder
from storage.invites import Invites
from storage.journal import Journal
from storage.lines import Lines
from storage.loads import Loads
from storage.members import Members
from storage.merges import Merges
from storage.numbers import Numbers
from storage.outages import Outages
from storage.outbox import Outbox
from storage.parties import Parties
from storage.people import People
from storage.posts import Posts
from storage.problems import Problems
from storage.programs import Programs
from storage.promises import Promises
from storage.questions import Questions
from storage.raws import OwnRaws
from storage.reminders import Reminders
from storage.reports import Reports
from storage.routes import Routes
from storage.said import Saids
from storage.settings import Settings
from storage.shipments import Shipments
from storage.threads import Threads
from storage.unit import Unit


class Work:
    """What one carrier has, inside one transaction.

    `feeds`, `problems` and `settings` belong to the installation and hold nothing of a carrier's.
    """

    def __init__(self, unit: Unit, carrier: str) -> None:
        self.unit = unit
        self.carrier = carrier
        self.numbers = Numbers(unit, carrier)
        self.reports = Reports(unit, carrier)
        self.claims = Claims(unit, carrier)
        self.loads = Loads(unit, carrier)
        self.finder = Finder(unit, carrier)
        self.shipments = Shipments(unit, carrier)
        self.said = Saids(unit, carrier)
        self.parties = Parties(unit, carrier)
        self.merges = Merges(unit, carrier)
        self.programs = Programs(unit, carrier)
        self.evidence = EvidenceRepository(unit, carrier)
        self.attachments = Attachments(unit, carrier)
        self.carm = CarmReads(unit, carrier)
        self.reminders = Reminders(unit, carrier)
        self.threads = Threads(unit, carrier)
        self.people = People(unit, carrier)
        self.invites = Invites(unit, carrier)
        self.members = Members(unit, carrier)
        self.routes = Routes(unit, carrier)
        self.alerts = Alerts(unit, carrier)
        self.posts = Posts(unit, carrier)
        self.outbox = Outbox(unit, carrier)
        self.lines = Lines(unit, carrier)
        self.log = Journal(unit, carrier)
        self.outages = Outages(unit, carrier)
        self.promises = Promises(unit, carrier)
        self.questions = Questions(unit, carrier)
        self.raws = OwnRaws(unit, carrier)
        self.feeds = Feeds(unit)
        self.problems = Problems(unit)
        self.settings = Settings(unit)

    @property
    def now(self) -> datetime:
        """The moment this unit was opened for."""
        return self.unit.now

    def after_commit(self, hook: Callable[[], None]) -> None:
        """Has `hook` called once the unit is committed; never when it is not."""
        self.unit.hooks.append(hook)
