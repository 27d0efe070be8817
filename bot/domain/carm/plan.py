"""How one load is to be released, and what each way other than the importer's own security needs."""

from dataclasses import dataclass
from enum import StrEnum


class Need(StrEnum):
    """What a plan lacks: `attendee` a named person who pays at the port, `bonded` our own bond, the CSA approvals of
    `csa_carrier`, `csa_importer` and `csa_driver`, `contingency` the broker's word that CBSA's contingency account is
    open for these goods, `casual` the word that the goods are somebody's own and not commercial."""

    ATTENDEE = "attendee"
    BONDED = "bonded"
    CSA_CARRIER = "csa_carrier"
    CSA_IMPORTER = "csa_importer"
    CSA_DRIVER = "csa_driver"
    CONTINGENCY = "contingency"
    CASUAL = "casual"


#: Plans under which goods may be released although the importer's own account cannot (carm.md 6, rule 1).
NEEDS: dict[str, tuple[Need, ...]] = {
    "c_type": (Need.ATTENDEE,),
    "in_bond": (Need.BONDED,),
    "csa": (Need.CSA_CARRIER, Need.CSA_IMPORTER, Need.CSA_DRIVER),
    "contingency": (Need.CONTINGENCY,),
    "casual": (Need.CASUAL,),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of one load. `state` is a state of the item release_plan ("" = as the evidence for the load says);
    only what is confirmed is true; `broker_covered` says whether the broker answers at the ETA, None where its hours
    are not known."""

    state: str = ""
    attendee: str = ""
    bonded: bool = False
    csa_carrier: bool = False
    csa_importer: bool = False
    csa_driver: bool = False
    contingency: bool = False
    casual: bool = False
    broker_covered: bool | None = None

    def unmet(self, state: str) -> tuple[Need, ...]:
        """What the plan `state` still needs; nothing for a plan that rests on the importer's own account."""
        return tuple(need for need in NEEDS.get(state, ()) if not self._met(need))

    def _met(self, need: Need) -> bool:
        if need is Need.ATTENDEE:
            return bool(self.attendee.strip())
        met: bool = getattr(self, need.value)
        return met


NO_PLAN = Plan()
