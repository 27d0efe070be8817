"""The answer to `/load N why`: rules that fired, facts, ages, thresholds, what would change it, when it looks again."""

from datetime import datetime

from bot.domain.assessment import Answer, But, Hold
from bot.domain.brief import Brief
from bot.domain.kinds import KINDS, Kind
from bot.domain.policy import Policy
from bot.domain.status import SEVERITY
from bot.domain.times import age
from handlers.announce.blocks import asides, quiet, strong
from handlers.announce.cards import marked, tone
from handlers.announce.facts import ANSWERS, hearing, level_word, question, status_word, told
from handlers.announce.holdwords import cause, despite, detail, due, guessed, title, wait
from handlers.announce.scene import Scene, cut, scene_of
from handlers.announce.sentence import answer_line, condition
from handlers.reply import Part, Reply, say
from handlers.words import _, mark

_CLOCK, _NEAR = ("T1", "T2"), ("T4", "F2")
#: Rules behind each kind, besides its row of K.
RULES: dict[Kind, tuple[str, ...]] = {
    Kind.NOT_MATCHED: (*_CLOCK, "C3"),
    Kind.NO_RELEASE: (*_CLOCK, "F2"),
    Kind.NO_CARGO: _NEAR,
    Kind.LINK_BROKEN: ("F6", "F7", "T4"),
    Kind.REJECTED: _NEAR,
    Kind.DOCS_REQUIRED: _NEAR,
    Kind.OTHER_FILER: ("T4", "F5"),
    Kind.EXAM: _NEAR,
    Kind.AGENCY_HOLD: _NEAR,
    Kind.AGENCY_PENDING: ("T2",),
    Kind.OUR_MANIFEST: ("A2", "A3"),
    Kind.DO_NOT_LOAD: _NEAR,
    Kind.ENTRY_MISSING: (*_CLOCK, "C3"),
    Kind.ENTRY_WITHDRAWN: ("F6", "T4"),
    Kind.INBOND_MISSING: _CLOCK,
    Kind.CSA_PLAN: _CLOCK,
    Kind.NUMBER_MISSING: ("A2", "T2"),
    Kind.NUMBER_MISMATCH: (),
    Kind.NUMBER_REUSED: ("T4",),
    Kind.PORT_MISMATCH: (),
    Kind.UNWATCHED: ("C1", "C3", "T2"),
    Kind.CARM: (),
    Kind.STALE: (),
    Kind.TIGHT: ("T3",),
    Kind.OVERDUE: ("T7",),
    Kind.UNREAD: ("F8", "T4"),
    Kind.CHECKING: ("F7",),
}
_OF_BUTS = {
    But.NOT_BEFORE: "A3",
    But.MANIFEST_UNSEEN: "A3",
    But.CFIA: "A3",
    But.PAY_AT_PORT: "A3",
    But.INBOND: "A3",
    But.BY_PAPER: "C1",
    But.DISPUTED: "F3",
    But.TOO_EARLY: "A3",
    But.STALE: "K",
}
_ENDS_NAMES = mark("an amended manifest, or the right word here (/load {key} truck 88, trailer 5310, driver Singh)")
#: What ends a kind that no word of customs alone ends.
_ENDS = {
    Kind.OTHER_FILER: mark("a person's yes (/load {key} filer yes), or another acceptance"),
    Kind.AGENCY_PENDING: mark("a confirmation by a feed or a person (/load {key} agency ok), or a release"),
    Kind.NUMBER_MISSING: mark("its number (/load {key} pars NUMBER, or paps)"),
    Kind.NUMBER_MISMATCH: mark("a match or an acceptance newer than the answer (/load {key} sticker ours, or theirs)"),
    Kind.NUMBER_REUSED: mark("a new number (/load {key} pars OLD=>NEW)"),
    Kind.PORT_MISMATCH: mark("an amended filing, or the right crossing (/load {key} port NAME)"),
    Kind.CARM: mark("evidence that the importer is CARM OK, or an acceptance of this shipment"),
    Kind.STALE: mark("{whom} saying again that it is accepted, or a release"),
    Kind.TIGHT: mark("the acceptance, or a later ETA (/load {key} eta 14:30)"),
    Kind.OVERDUE: mark("a booth report, or a word (/load {key} crossed 14:10, /load {key} eta 14:30)"),
    Kind.UNREAD: mark("a later word of {whom} that we can read"),
    Kind.CHECKING: mark("a new match or acceptance, or the time given"),
}
_ENDS_UNREAD = {
    "": mark("a later word of {whom} on the trip that we can read, or yours (/load {key} manifest accepted 15:25)"),
    "which": mark("a later acceptance of each shipment, or a match of the trip"),
}
_SAID_BY_PHONE = frozenset({Kind.NOT_MATCHED, Kind.NO_RELEASE, Kind.ENTRY_MISSING, Kind.UNWATCHED, Kind.INBOND_MISSING})
_MOST = 12


def why(brief: Brief, now: datetime, policy: Policy | None = None) -> Reply:
    """Which rules made the answer, on which facts, and what would change it; `policy` adds its hours."""
    scene = scene_of(brief, now)
    found = brief.found
    body: list[Part] = [say(_answer(scene))]
    for hold in found.holds[:_MOST]:
        body += _hold(hold, scene)
    more = len(found.holds) - _MOST
    if more > 0:
        body.append(say(_("… and {n} more: /load {key} log").format(n=more, key=scene.key)))
    body += [say(f"{condition(b, scene)} ({_OF_BUTS[b.kind]} {b.kind.value})") for b in found.buts[:_MOST]]
    body += _good(scene)
    body.append(quiet(_eta(scene, policy)))
    body += asides(scene)
    again = found.look_again_at
    if found.ended:
        body.append(quiet(_("It is over: it is not looked at any more.")))
    elif again is not None:
        body.append(quiet(_("Looked at again {time}, or at once when news comes (T8).").format(time=scene.aged(again))))
    else:
        body.append(quiet(_("With no news nothing changes; looked at again when news comes (T8).")))
    return Reply(marked(scene, answer_line(scene)), tuple(body), tone=tone(scene))


def _answer(scene: Scene) -> str:
    answer = _(ANSWERS[scene.brief.found.answer])
    if scene.brief.found.answer in (Answer.GO, Answer.GO_BUT):
        form = _(
            "{answer}, since every shipment is good, nothing stands against it, and the trip's part is done (A1, A2)."
        )
        return form.format(answer=answer)
    return _("{answer}, the worst answer among its shipments and its trip (A1).").format(answer=answer)


def _hold(hold: Hold, scene: Scene) -> list[Part]:
    rules = ", ".join((f"K {hold.kind.value}", *RULES[hold.kind], *(("F4",) if _phone(hold) else ())))
    if hold.level is None:
        head = _("waits for {what}").format(what=wait(hold, scene))
    else:
        head = f"{title(hold, scene)} [{level_word(hold.level)}]"
    parts: list[Part] = [strong(head, f" ({rules})")]
    facts = (cause(hold, scene), despite(hold, scene), *_facts(hold, scene))
    said = [*filter(None, facts), _("Ends with: {what}.").format(what=ends(hold, scene))]
    return [*parts, *(quiet(text) for text in said)]


def _phone(hold: Hold) -> bool:
    return hold.evidence is not None and hold.evidence.phone


def _facts(hold: Hold, scene: Scene) -> list[str]:
    found = []
    paper, end = scene.paper(hold.shipment), due(hold)
    if hold.evidence is not None:
        found.append(_("Fact: {fact}.").format(fact=told(hold.evidence, scene)))
    if end is not None and guessed(hold):
        found.append(_("Due {time}, a guess since the papers time is not known (T1).").format(time=scene.aged(end)))
    elif end is not None and paper is not None and paper.papers_sent is not None:
        form = _("Papers {papers} + {promise} = due {time} (T1).")
        promise = age(end - paper.papers_sent)
        found.append(form.format(papers=scene.aged(paper.papers_sent), promise=promise, time=scene.aged(end)))
    if hold.since is not None:
        found.append(_("Stands since {time}.").format(time=scene.aged(hold.since)))
    if detail(hold).get("ear"):
        found.append(hearing(detail(hold), "", scene, silent=hold.evidence is None) + " (C2)")
    if detail(hold).get("outage"):
        found.append(_("A declared outage hides it while it lasts (C4)."))
    if hold.replaces is not None:
        found.append(_("Runs the clock of {kind} (C3).").format(kind=hold.replaces.value))
    found.append(_("Rests on an arrived fact.") if hold.fact else _("Rests on the absence of news."))
    return found


def ends(hold: Hold, scene: Scene) -> str:
    """What would end it."""
    own = _ENDS_NAMES if detail(hold).get("names") else _ENDS.get(hold.kind)
    if hold.kind is Kind.UNREAD and not hold.shipment:
        own = _ENDS_UNREAD[hold.key]
    if own is not None:
        return _(own).format(key=scene.key, whom=cut(detail(hold).get("of", ""), 40) or _("customs"))
    if hold.kind is Kind.UNWATCHED and hold.replaces is Kind.OUR_MANIFEST:
        return _("a word by phone (/load {key} manifest accepted 15:25), or news from a feed").format(key=scene.key)
    kind, key = hold.kind, scene.key
    words = [status_word(s.value) for s in sorted(KINDS[kind].ended_by, key=lambda s: -SEVERITY[s])]
    if kind in _SAID_BY_PHONE:
        words.append(_("a word by phone (/load {key} accepted by=NAME)").format(key=key))
    if kind is Kind.OUR_MANIFEST and (not hold.fact or _phone(hold)):
        words.append(_("a word by phone (/load {key} manifest accepted 15:25)").format(key=key))
    return ", ".join(words)


def _good(scene: Scene) -> list[Part]:
    parts: list[Part] = []
    for judged in scene.brief.found.shipments[:_MOST]:
        if judged.asked is not None:
            parts.append(say(f"{scene.what(judged.shipment)}: {question(judged.asked, scene)} (K stale)"))
        if judged.rests_on is None:
            continue
        rules = "F4, F6" if judged.rests_on.phone else "F6"
        text = f"{scene.what(judged.shipment)} {told(judged.rests_on, scene)}"
        if judged.until is not None:
            text += ", " + _("good until {time}").format(time=scene.aged(judged.until))
        parts.append(say(f"{text} ({rules})"))
    fact = scene.brief.found.manifest
    if fact is not None:
        parts.append(say(_("Manifest {fact} (A3)").format(fact=told(fact, scene))))
    return parts


def _eta(scene: Scene, policy: Policy | None) -> str:
    """The ETA that the clock runs against, and with a policy the hours before it at which levels change."""
    found = scene.brief.found
    rule = "T6" if found.eta_assumed else "T7" if found.overdue or found.at_border else "T2"
    said = _("ETA {port} {eta} ({rule}).").format(rule=rule, port=cut(scene.port), eta=scene.eta)
    if policy is None:
        return said
    near = (policy.warn_before, policy.urgent_before, policy.critical_before)
    warn, urgent, critical = (scene.at(found.eta - before) for before in near)
    form = _("By distance: warn from {warn}, urgent from {urgent} (nothing stays silent), critical from {critical}.")
    return f"{said} {form.format(warn=warn, urgent=urgent, critical=critical)}"
