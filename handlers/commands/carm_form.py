"""The form for several answers at once, with the name of who gave them."""

from dataclasses import replace

from bot.domain.carm.questions import Ask as Whom
from bot.domain.carm.questions import Question
from handlers.announce.carmask import asking, whom
from handlers.announce.carmtaps import LABELS, TYPED
from handlers.announce.carmwords import ITEMS
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, code
from handlers.commands.carm_items import number_in, number_left, typed_again
from handlers.commands.carm_meant import Meant
from handlers.commands.carm_states import OF_KEY
from handlers.commands.carm_view import view
from handlers.reply import Form, Input, Reply, Result, say
from handlers.words import _

_KEYS = {item: key for key, item in reversed(OF_KEY.items())}
_MOST = 8
_TITLE = 24


def form_of(ask: Ask, of: Meant, asked: list[Question], title: str) -> Reply:
    """A modal where there are modals; else what to type."""
    account = view(ask, of)
    who = next((q.ask for q in asked), Whom.BROKER)
    own = [q for q in asked if q.ask is who][:_MOST]
    inputs = [
        Input("by", _("Who said so?"), _("name and company, as in Maria/PCB"), optional=False, initial=_by(ask)),
        Input("via", _("How?"), options=tuple((v, v) for v in ("phone", "email", "chat", "portal")), initial="phone"),
        *(_input(q, asking(q, account)) for q in own),
    ]
    for key in ("broker", "rm"):
        given = ask.command.value(key) or dict(of.keys).get(key, "")
        if given:
            inputs.append(Input(key, {"broker": _("Broker"), "rm": _("Account (RM)")}[key], initial=given))
    subject, noun = ask.command.subject, ask.command.noun
    if noun == "load" and of.line and not ask.command.shipment:
        subject = of.line.split()[1]
    form = Form(cut(_("What was said"), _TITLE), _("Save"), noun, "carm set", tuple(inputs), subject)
    if noun == "load" and ask.command.shipment:
        form = replace(form, noun="shipper", subject=of.pair.subject.importer)
    body = [say(f"{asking(q, account)}") for q in own]
    example = f'{of.line or "/shipper ACME carm"} rpp=active by="Maria, PCB" via=phone{of.also}'
    head = _("Ask {whom}, then type what was said: ").format(whom=whom(who, account)) if own else _("Type: ")
    return Reply(title, (*body, say(head), code(example)), private=True, result=Result.UNKNOWN, form=form)


def by_whom(ask: Ask, of: Meant) -> Reply:
    """Who said it must be known: whose word it is decides how much it weighs."""
    again = typed_again(ask)
    said = tuple((k, v) for k, v in again if k in OF_KEY)
    inputs = (
        Input("by", _("Who said so?"), _("name and company, as in Maria/PCB"), optional=False),
        Input("via", _("How?"), options=tuple((v, v) for v in ("phone", "email", "chat", "portal")), initial="phone"),
        *(Input(k, _(ITEMS[OF_KEY[k]]) if k in OF_KEY else k, initial=v) for k, v in again if k not in ("via", "file")),
        *([Input("bn", _("Account number"), _("once more: it is not shown"))] if number_in(ask) else []),
    )
    noun, subject = ask.command.noun, ask.command.subject
    if noun == "load" and (ask.command.shipment or not subject):
        noun, subject = "shipper", of.pair.subject.importer
    form = Form(cut(_("Who said so?"), _TITLE), _("Save"), noun, "carm set", inputs, subject)
    words = ", ".join(f"{k}={cut(v, 20)}" for k, v in said)
    title = _("Who said {words}? A broker's word outweighs an importer's. Nothing was recorded yet.").format(
        words=words
    )
    lines = [
        replace(ask.command, pairs=(*again, ("by", by))).line()
        for by in _examples(of)
    ]  # fmt: skip
    body = (*map(say, number_left(ask)), say(_("Type one of:")), *map(code, lines))
    return Reply(title, body, private=True, result=Result.UNKNOWN, form=form)


def _examples(of: Meant) -> list[str]:
    found = []
    if of.pair.broker is not None:
        found.append(f"Maria, {cut(of.pair.broker.name, 30)}")
    if of.pair.importer is not None:
        found.append(f"Joe, {cut(of.pair.importer.name, 30)}")
    return [*found, "us"]


def _by(ask: Ask) -> str:
    return ask.command.value("by") or ""


def _input(question: Question, text: str) -> Input:
    options = tuple(
        ("all" if a.state == "approved_all" else TYPED.get(a.tap, a.tap.value), _(LABELS[a.tap]))
        for a in question.answers
    )
    return Input(_KEYS[question.item], text.strip("“”"), options=options)
