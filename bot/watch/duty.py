"""Who is called when nobody has an urgent load: whoever is on, then whoever is on call (RULES N4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.alert import ON_CALL, Event, Said
from bot.domain.route import Account, Place
from storage.people import PersonRecord
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Called:
    """People that an escalation calls, with the accounts by which doors know them."""

    people: Sequence[PersonRecord] = ()
    accounts: Mapping[str, Sequence[Account]] = field(default_factory=dict)

    @property
    def names(self) -> str:
        """Their names, as in a sentence."""
        return ", ".join(p.name for p in self.people)

    def at(self, place: Place) -> str:
        """How the door of a place knows them: what a message there calls."""
        return " ".join(a.external for p in self.people for a in self.accounts.get(p.id, ()) if _reaches(a, place))

    def elsewhere(self, places: Sequence[Place]) -> list[tuple[PersonRecord, Place]]:
        """Those whom no message in these places calls, and the chat with each alone."""
        return [
            (person, Place(own[0].door, own[0].workspace, own[0].external, own[0].name))
            for person in self.people
            if (own := self.accounts.get(person.id, ()))
            and not any(_reaches(account, place) for account in own for place in places)
        ]


NOBODY = Called()


def _reaches(account: Account, place: Place) -> bool:
    return (account.door, account.workspace) == (place.door, place.workspace)


async def on_duty(work: Work, said: Iterable[Said]) -> Mapping[str, Called]:
    """By what an escalation says, whom it calls: with nobody on, those on call are called at once."""
    steps = {s.why for s in said if s.event is Event.ESCALATED}
    if not steps:
        return {}
    people = await work.people.on_duty()
    on = [p for p in people if p.on_until is not None and p.on_until > work.now]
    on_call = [p for p in people if p.on_call_since is not None]
    whom = {step: on_call if step == ON_CALL else on or on_call for step in steps}
    accounts = await work.people.accounts({p.id for called in whom.values() for p in called})
    reached = {person: [a.account for a in own] for person, own in accounts.items()}
    return {step: Called(called, reached) for step, called in whom.items()}


def heard(said: Sequence[Said], called: Mapping[str, Called]) -> tuple[Said, ...]:
    """Without the second step where nobody is on call: it would call nobody."""
    return tuple(
        s for s in said if s.event is not Event.ESCALATED or s.why != ON_CALL or called.get(ON_CALL, NOBODY).people
    )
