"""Machine time as civil time, where the civil clock of an installation is virtual (house rule 7)."""

import json
from collections.abc import Callable
from datetime import datetime

from storage.work import Work


async def civil_time(work: Work) -> Callable[[datetime], datetime]:
    """What the civil clock showed at a moment of the machine: the same, but for the sample day."""
    said = await work.settings.find("clock")
    clock = json.loads(said) if said else {}
    if not clock:
        return lambda at: at
    machine, civil = (datetime.fromisoformat(clock[key]) for key in ("machine_start", "civil_start"))
    speed = float(clock["speed"])
    return lambda at: civil + (at - machine) * speed
