"""A Reply as JSON and back, so that a repeated delivery gets the first answer again."""

from collections.abc import Mapping
from typing import Any

from handlers.reply import Button, Fields, Form, Input, Para, Part, Reply, Result, Span, Style, Table, Tone


def to_json(reply: Reply) -> dict[str, Any]:
    """JSON-ready form of a reply."""
    return {
        "title": reply.title,
        "body": [_part(p) for p in reply.body],
        "buttons": [[b.label, b.line, b.style] for b in reply.buttons],
        "tone": reply.tone.value,
        "private": reply.private,
        "result": reply.result.value,
        "form": _form(reply.form) if reply.form else None,
        "mention": list(reply.mention),
    }


def from_json(data: Mapping[str, Any]) -> Reply:
    """The reply that `to_json` made this of."""
    form = data.get("form")
    return Reply(
        data["title"],
        tuple(_part_of(p) for p in data.get("body", ())),
        tuple(Button(*b) for b in data.get("buttons", ())),
        Tone(data.get("tone", Tone.INFO)),
        bool(data.get("private")),
        Result(data.get("result", Result.OK)),
        _form_of(form) if form else None,
        tuple(data.get("mention", ())),
    )


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Para(spans, quiet):
            return {"spans": [[s.text, s.style.value, s.url] for s in spans], "quiet": quiet}
        case Fields(pairs):
            return {"pairs": [list(p) for p in pairs]}
        case Table(header, rows, more):
            return {"header": list(header), "rows": [list(r) for r in rows], "more": more}


def _part_of(data: Mapping[str, Any]) -> Part:
    if "spans" in data:
        return Para(tuple(Span(t, Style(s), u) for t, s, u in data["spans"]), bool(data["quiet"]))
    if "pairs" in data:
        return Fields(tuple((a, b) for a, b in data["pairs"]))
    return Table(tuple(data["header"]), tuple(tuple(r) for r in data["rows"]), data["more"])


def _form(form: Form) -> dict[str, Any]:
    inputs = [[i.name, i.label, i.hint, [list(o) for o in i.options], i.optional, i.initial] for i in form.inputs]
    return {
        "title": form.title,
        "submit": form.submit,
        "noun": form.noun,
        "verb": form.verb,
        "inputs": inputs,
        "subject": form.subject,
    }


def _form_of(data: Mapping[str, Any]) -> Form:
    inputs = tuple(Input(n, lb, h, tuple((a, b) for a, b in o), opt, ini) for n, lb, h, o, opt, ini in data["inputs"])
    return Form(data["title"], data["submit"], data["noun"], data["verb"], inputs, data["subject"])
