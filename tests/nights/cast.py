"""Who is in every night: a load that Maria types, the manifest, customs' yes (SAMPLE data)."""

from tests.nights.messages import PAPS, PARS, ace_manifest, manifest, rns
from tests.nights.night import Night

_LOAD = {
    "to": "CA", "port": '"Ambassador Bridge"', "eta": "06:00", "pars": PARS, "trip": "SMPLTRIP0001", "broker": "PCB",
    "papers": "23:30", "driver": "Singh",
}  # fmt: skip
#: The same into the US.
SOUTH = {"to": "US", "pars": "", "paps": PAPS, "papers": "00:00"}


async def added(night: Night, number: str = "1234", *, accepted: bool = True, **more: str) -> None:
    """A load that Maria types, ETA 06:00, and its manifest, which customs took at 00:30."""
    keys = " ".join(f"{k}={v}" for k, v in (_LOAD | more).items() if v)
    answer = await night.types(f"/load {number} add {keys}")
    assert "is watched now" in answer, answer
    if accepted:
        await night.at("00:30")
        south = more.get("to") == "US"
        await night.hears("bc", ace_manifest(night) if south else manifest(night))


async def accepted(night: Night, number: str = "1234", **more: str) -> None:
    """Customs accepts it: from here on it may go."""
    night.may_go(number)
    await night.hears("rns", rns(night, "9", **more))
