"""Errors whose text is a sentence for people: what happened, whether anything was lost, what to do."""


class HoldwatchError(Exception):
    """Base of every error that may be shown as it stands."""


class ImpossibleTime(HoldwatchError):
    """A local time that no clock showed: it lies in the gap of a spring change."""


class DoubleTime(HoldwatchError):
    """A local time that clocks showed twice, in an autumn change."""
