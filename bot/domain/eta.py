"""When the truck reaches the border: said, or assumed (RULES T6)."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.load import Load
from bot.domain.policy import Policy
from bot.domain.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Eta:
    """The time of arrival that the clock runs against; an assumed one is asked for and never above `warn`."""

    at: datetime
    assumed: bool


def eta_of(load: Load, policy: Policy) -> Eta:
    """The ETA said, else pickup plus policy, else first seen plus policy."""
    if load.eta is not None:
        return Eta(load.eta, False)
    if load.pickup is not None:
        return Eta(load.pickup + policy.pickup_to_border, assumed=True)
    return Eta(load.known_at + policy.assumed_eta, assumed=True)
