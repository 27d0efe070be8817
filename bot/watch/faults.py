"""What is kept of a message that nobody can read: enough to mend it, and how much more there is (house rule 2)."""

from collections.abc import Sequence

from bot.feeds.protocol import Problem

#: Problems of one message that are listed one by one, and unknown codes beside those.
MOST = 100


def listed(problems: Sequence[Problem]) -> Sequence[Problem]:
    """The first problems of a message, each unknown code of the rest once, and the number of those left out.

    A megabyte of noise is one fault, not sixty thousand rows that hide every other feed's.
    """
    if len(problems) <= MOST:
        return problems
    first, rest = problems[:MOST], problems[MOST:]
    seen = {p.code for p in first} | {""}
    strange = list({p.code: p for p in reversed(rest) if p.code not in seen}.values())[::-1][:MOST]
    left = len(rest) - len(strange)
    if not left:
        return [*first, *strange]
    why = (
        f"and {left} more places of this message, counted and not listed; it is kept whole and is read again by replay"
    )
    return [*first, *strange, Problem(f"to {problems[-1].where}", why)]
