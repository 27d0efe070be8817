"""How often a number is asked about: denser as the load comes nearer to the border."""

from datetime import datetime, timedelta

from bot.domain.policy import Policy

#: A load that has not crossed this long past its ETA is asked about as seldom as one that is far.
_PAST = timedelta(hours=2)


def every(policy: Policy, eta: datetime | None, now: datetime) -> timedelta | None:
    """How long an answer about a number of such a load is good enough; None: it is not asked about yet, or any more."""
    if eta is None:
        return policy.poll_every
    left = eta - now
    if left > policy.poll_before or -left > policy.ask_after:
        return None
    if -left > _PAST:
        return policy.poll_every
    if left <= policy.poll_close_before:
        return policy.poll_close_every
    return policy.poll_near_every if left <= policy.poll_near_before else policy.poll_every
