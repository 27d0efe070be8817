"""Errors for people: what happened, whether anything was lost, what to do."""

from bot.domain.remarks import Remark


class HoldwatchError(Exception):
    """Base of every error that may be shown as it stands."""


class Remarked(HoldwatchError):
    """One that says why in remarks, which whoever shows it puts into words."""

    def __init__(self, *remarks: Remark) -> None:
        super().__init__("; ".join(map(str, remarks)))
        self.remarks = remarks


class ImpossibleTime(Remarked):
    """A local time that no clock showed: it lies in the gap of a spring change."""


class DoubleTime(Remarked):
    """A local time that clocks showed twice, in an autumn change."""
