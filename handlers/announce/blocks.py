"""Parts of a card and of a status: the facts as pairs, each shipment, the manifest, whom to call and what to say."""

from collections.abc import Collection, Iterable

from bot.domain.alert import ENDED
from bot.domain.assessment import WORSE, Answer, But, Hold, Judged
from bot.domain.brief import Contact, Paper
from bot.domain.kinds import Kind
from bot.domain.load import Direction, LoadKind
from handlers.announce.causes import calls
from handlers.announce.facts import ANSWERS, hearing, level_word, numbers, question, told
from handlers.announce.holdwords import callee, cause, despite, detail, say, title, wait
from handlers.announce.scene import Scene, cut
from handlers.announce.sentence import NAMED, condition
from handlers.announce.waits import quicker, there
from handlers.reply import Fields, Para, Part, Span, Style
from handlers.reply import say as line
from handlers.words import _, mark, ngettext

_KINDS = {
    LoadKind.EMPTY.value: mark("empty"),
    LoadKind.RACKS.value: mark("racks"),
    LoadKind.BOBTAIL.value: mark("bobtail"),
}


def quiet(text: str) -> Para:
    return Para((Span(text),), quiet=True)


def strong(head: str, rest: str = "") -> Para:
    return Para((Span(head, Style.BOLD), Span(rest)) if rest else (Span(head, Style.BOLD),))


def fields(scene: Scene) -> Fields:
    """Everything a desk wants at hand, and nothing that is not known."""
    brief, found = scene.brief, scene.brief.found
    into = _("into Canada") if brief.direction == Direction.CA.value else _("into the US")
    kind = _KINDS.get(brief.kind)
    over = bool(found.ended) or brief.state in ENDED
    pairs = [
        (_("Load"), f"{scene.number} {scene.key}" + (f", {_(kind)}" if kind else "")),
        (_("Level"), level_word(found.level) if found.level and not over else ""),
        (_("Crossing"), f"{scene.port}, {into}"),
        (_("ETA"), f"{scene.eta} {scene.zone_now}"),
        (_("Wait there"), there(scene)),
        (_("Trip"), ", ".join(cut(t, 30) for t in brief.trips[:5])),
        (_("Manifest"), manifest(scene)),
        (_("Truck / trailer"), " / ".join(filter(None, (cut(brief.truck, 30), cut(brief.trailer, 30))))),
        (_("Driver"), ", ".join(filter(None, (cut(brief.driver.name, 40), _phones(brief.driver))))),
        (_("Carried by"), cut(brief.carried_by, 40)),
        *_brokers(scene),
        (_("Owner"), owner(scene)),
    ]
    return Fields(tuple((name, value) for name, value in pairs if value))


def _phones(who: Contact) -> str:
    return ", ".join(filter(None, (cut(who.day, 30), cut(who.night, 30))))


def _brokers(scene: Scene) -> list[tuple[str, str]]:
    """Each broker once, with the day and the night number."""
    found: dict[str, str] = {}
    for paper in scene.brief.papers:
        if paper.broker.name:
            found.setdefault(cut(paper.broker.name, 40), numbers(paper.broker))
    return [(_("Broker {name}").format(name=name), told_) for name, told_ in list(found.items())[:5]]


def owner(scene: Scene) -> str:
    """Who has it and until when; '' when there is nothing to own."""
    brief = scene.brief
    if brief.owner:
        until = brief.owned_until
        name = cut(brief.owner, 40)
        return _("{name} until {time}").format(name=name, time=scene.aged(until)) if until else name
    return _("nobody yet") if brief.state and brief.state not in ENDED else ""


def manifest(scene: Scene) -> str:
    """What is known of the trip's manifest."""
    fact = scene.brief.found.manifest
    return told(fact, scene) if fact else _("nothing heard")


def ranked(scene: Scene) -> list[Judged]:
    """Shipments, the worst answer first, then as their holds stand."""
    found = scene.brief.found
    place: dict[str, int] = {}
    for at, hold in enumerate(found.holds):
        place.setdefault(hold.shipment, at)
    return sorted(found.shipments, key=lambda j: (-WORSE[j.answer], place.get(j.shipment, len(found.holds))))


def shipments(scene: Scene, most: int, *, headed: bool = False) -> list[Part]:
    """The worst shipments whole; the rest is counted, with what to type for it.

    `headed`: the title has named what stands, so that a lone shipment does not say it again.
    """
    order = ranked(scene)
    found = scene.brief.found
    brief = headed and len(order) == 1 and len(found.holds) <= NAMED and not found.buts
    parts: list[Part] = [p for judged in order[:most] for p in shipment(judged, scene, brief=brief)]
    more = len(order) - most
    if more > 0:
        form = ngettext("… and {n} more: {line}", "… and {n} more: {line}", more)
        parts.append(line(form.format(n=more, line=f"/load {scene.key} status")))
    return parts


def shipment(judged: Judged, scene: Scene, *, brief: bool = False) -> list[Part]:
    """One shipment: its answer, what stands against it or what it waits for, its facts with their ages."""
    own = [h for h in scene.brief.found.holds if h.shipment == judged.shipment]
    if brief:
        level = max((h.level for h in own if h.level is not None), default=None)
        head = strong(
            f"{scene.what(judged.shipment)} · {answer_of(judged)}", f" [{level_word(level)}]" if level else ""
        )
        return [head, *(quiet(t) for t in _facts(judged, own, scene))]
    stands = [f"{title(h, scene)} [{level_word(h.level)}]" for h in own if h.level is not None]
    waits = [_("waits for {what}").format(what=wait(h, scene)) for h in own if h.level is None]
    told_ = {But.STALE} if any(h.kind is Kind.STALE for h in own) else set()
    open_ = (b for b in scene.brief.found.buts if b.shipment == judged.shipment and b.kind not in told_)
    buts = [condition(b, scene) for b in open_]
    said = "; ".join([*stands, *waits, *buts])
    parts: list[Part] = [strong(f"{scene.what(judged.shipment)} · {answer_of(judged)}", f": {said}" if said else "")]
    return [*parts, *(quiet(t) for t in _facts(judged, own, scene))]


def answer_of(judged: Judged) -> str:
    """A good shipment of a load that may not move is *good*, not more: the answer is the load's (A2)."""
    if judged.answer is Answer.GO:
        return _("GOOD")
    if judged.answer is Answer.GO_BUT:
        return _("GOOD, BUT")
    return _(ANSWERS[judged.answer])


def _facts(judged: Judged, own: list[Hold], scene: Scene) -> list[str]:
    paper = scene.paper(judged.shipment)
    found = []
    if judged.rests_on is not None:
        said = told(judged.rests_on, scene)
        until = judged.until
        found.append(_("{fact}; good until {time}").format(fact=said, time=scene.aged(until)) if until else said)
    if judged.last is not None and judged.last != judged.rests_on:
        found.append(_("Last word: {fact}").format(fact=told(judged.last, scene)))
    if judged.asked is not None:
        found.append(question(judged.asked, scene))
    found += _of_holds(judged, own, scene)
    if judged.rests_on is None and (paper is None or paper.type in ("pars", "paps", "inbond", "csa")):
        more = next((detail(h) for h in own if detail(h).get("ear")), {})
        if more or judged.last is None:
            found.append(hearing(more, judged.heard_by, scene, silent=judged.last is None))
    if paper is not None:
        found.append(papers(paper, judged, scene))
    return found


def _of_holds(judged: Judged, own: list[Hold], scene: Scene) -> Iterable[str]:
    for hold in own:
        fact, note = hold.evidence, detail(hold).get("note", "")
        if other := despite(hold, scene):
            yield other
        elif fact is not None and fact not in (judged.last, judged.rests_on):
            yield told(fact, scene)
        if note and (fact is None or fact.note != note):
            yield _("note: {note}").format(note=cut(note))


def papers(paper: Paper, judged: Judged, scene: Scene) -> str:
    """Papers, promise, importer and broker in one line."""
    parts = []
    if paper.papers_sent is not None:
        parts.append(_("papers sent {time}").format(time=scene.aged(paper.papers_sent)))
    else:
        parts.append(_("papers time not known"))
    if judged.due is not None and judged.rests_on is None:
        form = _("due {time} (guess)") if judged.guess else _("due {time}")
        parts.append(form.format(time=scene.aged(judged.due)))
    if paper.broker.name:
        parts.append(_("broker {name}").format(name=cut(paper.broker.name, 40)))
    if paper.importer.name:
        parts.append(_("importer {name}").format(name=cut(paper.importer.name, 40)))
    return ", ".join(parts)


def trip(scene: Scene) -> list[Part]:
    """What stands against the trip itself, or is waited for."""
    parts: list[Part] = []
    for hold in scene.brief.found.holds:
        if hold.shipment:
            continue
        if hold.level is None:
            parts.append(line(_("Waits for {what}.").format(what=wait(hold, scene))))
            continue
        parts.append(strong(scene.trip, f": {title(hold, scene)} [{level_word(hold.level)}]"))
        if detail(hold).get("ear"):
            parts.append(quiet(hearing(detail(hold), "", scene, silent=hold.evidence is None)))
    return parts


def advice(scene: Scene, about: Collection[str] = ()) -> list[Part]:
    """The worst hold, or the worst of those meant: its cause, whom to call with what number now, what to say."""
    standing = scene.brief.found.standing
    meant = [h for h in standing if h.fingerprint in about] or standing
    if not meant:
        return []
    # Which number is on the sticker comes before the silence that it explains.
    worst = next((h for h in meant if h.kind is Kind.NUMBER_MISMATCH and h.shipment == meant[0].shipment), meant[0])
    parts: list[Part] = [line(cause(worst, scene))]
    people = filter(None, (callee(call, worst, scene) for call in calls(worst)))
    parts += [strong(_("Then: ") if at else _("Call first: "), who) for at, who in enumerate(people)]
    words = say(worst, scene)
    if words:
        parts.append(strong(_("Say: "), f"“{words}”"))
    return parts


def asides(scene: Scene) -> list[Part]:
    """What an outage hides, questions that stand, and a bridge with a shorter queue."""
    found = scene.brief.found
    parts: list[Part] = []
    if found.hidden:
        form = ngettext(
            "An outage hides {n} reason that rests on silence; facts that arrive are told as ever.",
            "An outage hides {n} reasons that rest on silence; facts that arrive are told as ever.",
            found.hidden,
        )
        parts.append(line(form.format(n=found.hidden)))
    parts += [line(text) for text in questions(scene)]
    return [*parts, *quicker(scene)]


def questions(scene: Scene) -> list[str]:
    """What only people know, and what to type."""
    key, said = scene.key, []
    for ask in scene.brief.found.asks:
        what, _colon, own = ask.partition(":")
        one = f"/load {key}"
        if own and len(scene.brief.papers) > 1 and scene.suffix(own):
            one += f" …{scene.suffix(own)}"
        if what == "papers":
            form = _("When were the papers for {what} sent? {line} papers sent 09:40")
            said.append(form.format(what=scene.what(own), line=one))
        elif what == "word":
            form = _("The word by phone about {what} ends soon, is it still so? {line} accepted by=NAME")
            said.append(form.format(what=scene.what(own), line=one))
        elif what == "eta":
            said.append(_("When is it at the border? {line} eta 14:30").format(line=one))
        elif what == "crossed":
            said.append(_("Did it cross? {line} crossed 14:10").format(line=one))
    return list(dict.fromkeys(said))[:4]
