"""Of a verdict the reason that is told first, as the words need it."""

from bot.domain.carm.evidence import Evidence
from bot.domain.carm.fixes import fix_of
from bot.domain.carm.reasons import Reason, Verdict, Why
from bot.domain.carm.verdict import Readiness


def telling(of: Readiness) -> Reason:
    """The reason that is told first: of an importer at risk the delegation that is still pending."""
    pending = (reason for reason in of.reasons if reason.why is Why.PENDING)
    return next(pending, of.reasons[0]) if of.verdict is Verdict.AT_RISK else of.reasons[0]


def said_of_importer(of: Readiness, reason: Reason) -> dict[str, str]:
    """What the words need: the verdict, the item that fails with its state, why, since when, and who said so; who mends
    it, and which sentence asks for that (`bot.domain.carm.fixes`)."""
    fix = fix_of(reason)
    found = {
        "carm": of.verdict.value,
        "carm_item": reason.item.value,
        "carm_why": reason.why.value,
        "carm_fixer": fix.fixer.value,
        "carm_say": fix.say.value,
    }
    if reason.state:
        found["carm_state"] = reason.state
    if reason.since is not None:
        found["carm_since"] = reason.since.isoformat()
    return found | (_by(reason.evidence) if reason.evidence is not None else {})


def _by(record: Evidence) -> dict[str, str]:
    said = {"carm_source": record.source.value, "carm_at": record.said.isoformat()}
    return said | ({"carm_who": record.who} if record.who else {})
