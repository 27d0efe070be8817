"""Words for facts: reports with their age, who listens, whom one can call now."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.assessment import Answer, Asked, Evidence
from bot.domain.brief import Contact
from bot.domain.coverage import Liveness
from bot.domain.kinds import Level
from bot.domain.status import INBOND, WITHDRAWN, Status
from handlers.announce.scene import Times, cut
from handlers.reply import Tone
from handlers.words import _, mark

ANSWERS = {
    Answer.GO: mark("GO"),
    Answer.GO_BUT: mark("GO, BUT"),
    Answer.UNKNOWN: mark("UNKNOWN"),
    Answer.HOLD: mark("HOLD"),
}
LEVELS = {
    Level.LATE: mark("LATE (listed)"),
    Level.WARN: mark("WARN"),
    Level.URGENT: mark("URGENT"),
    Level.CRITICAL: mark("CRITICAL"),
}
TONES = {
    Level.LATE: Tone.INFO,
    Level.WARN: Tone.WARN,
    Level.URGENT: Tone.URGENT,
    Level.CRITICAL: Tone.CRITICAL,
}
STATUSES = {
    Status.UNKNOWN: mark("a word we cannot read"),
    Status.SENT: mark("sent, no answer yet"),
    Status.NO_RELEASE: mark("no release request"),
    Status.NO_CARGO: mark("release request without our cargo"),
    Status.NOT_MATCHED: mark("not matched"),
    Status.ON_FILE: mark("on file"),
    Status.MATCHED: mark("matched"),
    Status.AWAITING_PROCESSING: mark("waiting for customs' decision"),
    Status.READY: mark("accepted"),
    Status.ARRIVED: mark("reported at the border"),
    Status.EXAM: mark("referred for examination"),
    Status.HELD: mark("held"),
    Status.DO_NOT_LOAD: mark("do not load"),
    Status.RELEASED: mark("released"),
    Status.RELEASED_CONDITIONAL: mark("released with conditions"),
    Status.REJECTED: mark("refused"),
    Status.CANCELLED: mark("cancelled"),
    Status.ACQUITTED: mark("acquitted"),
    Status.WARNING: mark("a remark"),
    Status.HOLD_REMOVED: mark("hold removed"),
}
#: Of a person: what was said, in his words.
_BY_PHONE = {
    Status.NO_RELEASE: mark("not filed"),
    Status.ON_FILE: mark("manifest accepted"),
    Status.REJECTED: mark("manifest refused"),
}
#: What *on file* means of an entry into the US or an in-bond movement (border-formats 4.4).
_ON_FILE = {WITHDRAWN: mark("entry taken back"), INBOND: mark("in-bond authorized")}
#: News that took longer to reach us than this says when it did.
_SLOW = timedelta(minutes=15)


def status_word(status: str, *, phone: bool = False) -> str:
    """The printed word for a canonical state: READY is *accepted*."""
    known = Status(status)
    return _(_BY_PHONE[known] if phone and known in _BY_PHONE else STATUSES[known])


def level_word(level: int) -> str:
    return _(LEVELS[Level(level)])


def told(evidence: Evidence, times: Times, *, brief: bool = False) -> str:
    """`accepted by CBSA 10:02 (25 min ago), office 0453, transaction 14234…`; a person's word is *by phone*."""
    own = _ON_FILE.get(evidence.reason) if evidence.status == Status.ON_FILE else None
    what = _(own) if own else status_word(evidence.status, phone=evidence.phone)
    form = _("{what} by phone, {by}, {time}") if evidence.phone else _("{what} by {by} {time}")
    parts = [form.format(what=what, by=cut(evidence.by, 40) or _("somebody"), time=times.aged(evidence.at))]
    if evidence.status == Status.UNKNOWN:
        parts.append(_("code {code}").format(code=cut(evidence.raw, 30)))
    if brief:
        return ", ".join(parts)
    if evidence.office:
        parts.append(_("office {office}").format(office=cut(evidence.office, 20)))
    if evidence.transaction:
        parts.append(_("transaction {number}").format(number=cut(evidence.transaction, 30)))
    if evidence.received - evidence.at > _SLOW:
        parts.append(_("reached us {time}").format(time=times.at(evidence.received)))
    if evidence.note:
        parts.append(_("note: {note}").format(note=cut(evidence.note)))
    return ", ".join(parts)


def question(asked: Asked, times: Times) -> str:
    """`asked customs 14:05 (2 min ago), answer by 14:20`; later that none came, or when it did."""
    whom = cut(asked.of, 40) or _("customs")
    if asked.answered is not None:
        form = _("asked {whom} {time}, answered {until}")
        return form.format(whom=whom, time=times.at(asked.at), until=times.aged(asked.answered))
    if asked.silent:
        return _("asked {whom} {time}, no answer").format(whom=whom, time=times.aged(asked.at))
    form = _("asked {whom} {time}, answer by {until}")
    return form.format(whom=whom, time=times.aged(asked.at), until=times.at(asked.until))


def hearing(detail: Mapping[str, str], heard_by: str, times: Times, *, silent: bool) -> str:
    """Who would have told us, and how it is with him; '' when nothing needs to be said."""
    ear = cut(detail.get("ear", "") or heard_by, 40)
    if detail.get("ear") == "none" or not ear:
        return _("No feed tells us about it: only a person can.")
    last = _moment(detail.get("last_word"))
    word = _("last word from {feed} {time}").format(feed=ear, time=times.span(last)) if last else ""
    life = detail.get("life", "")
    if life == Liveness.DEAD.value:
        since = _moment(detail.get("dead_since"))
        dead = _("{feed} is dead since {time}").format(feed=ear, time=times.aged(since)) if since else ""
        parts = [dead or _("{feed} is dead").format(feed=ear), word or _("it never said a word")]
        return ", ".join(parts) + "."
    if life == Liveness.CANT_TELL.value:
        heard = _("Nothing heard") if silent else _("Nothing newer heard")
        return f"{heard}; " + (word or _("{feed} never said a word").format(feed=ear)) + "."
    if life != Liveness.ALIVE.value:
        return _("{feed} would tell us.").format(feed=ear)
    form = _("{feed} is alive and has said nothing about it.") if silent else _("{feed} is alive.")
    return form.format(feed=ear)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def numbers(who: Contact) -> str:
    """Day and night numbers, both."""
    parts = []
    if who.day:
        parts.append(_("day {number}").format(number=cut(who.day, 30)))
    if who.night:
        parts.append(_("night {number}").format(number=cut(who.night, 30)))
    return ", ".join(parts) or _("no number stored")


def answers_now(who: Contact, times: Times) -> str:
    """The number that answers at this hour; closed and unknown hours are said."""
    day, night = cut(who.day, 30), cut(who.night, 30)
    if not day and not night:
        return _("no number stored")
    # Only who is closed has an hour of opening; it says so where the word closed itself was not kept.
    if who.open_now is None and who.opens is None:
        return _("{numbers} (hours not known)").format(numbers=numbers(who)) if night else day
    if who.open_now:
        return _("{number} (open now)").format(number=day or night)
    opens = _("opens {time}").format(time=times.at(who.opens)) if who.opens else _("closed now")
    if night:
        return _("night {number} (the office is closed, {opens})").format(number=night, opens=opens)
    return _("{number} (closed, {opens}; no night number)").format(number=day, opens=opens)
