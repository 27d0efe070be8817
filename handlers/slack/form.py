"""Form → Slack modal, and what was filled in → a typed line."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.reply import Form, Input
from handlers.slack.text import clip
from handlers.words import _

CALLBACK = "line"
TITLE, LABEL, HINT, OPTION, OPTIONS, INPUTS = 24, 2000, 2000, 75, 100, 100
SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent off: what command it builds, with the values as they were typed."""

    noun: str
    verb: str
    subject: str
    values: tuple[tuple[str, str], ...]
    channel: str = ""
    thread: str = ""


LineOf = Callable[[Filled], str]


#: Punctuation at the end of a bare word is taken for a sentence's.
_BARE = re.compile(r"[A-Za-z0-9~@+-](?:[A-Za-z0-9~@+/_.:-]*[A-Za-z0-9])?")


def quoted(word: str) -> str:
    """One word of a line, in quotes when it would fall apart or lose something."""
    return word if _BARE.fullmatch(word) else forced(word)


def forced(word: str) -> str:
    """A word in quotes, with its own quotes escaped."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def line_of(filled: Filled) -> str:
    """`/noun subject verb key=value …`; empty values are left out."""
    subject = filled.subject
    if subject:
        # A subject without a digit may read like a verb; quotes force it.
        subject = quoted(subject) if any(c.isdigit() for c in subject) else forced(subject)
    pairs = [f"{name}={quoted(value)}" for name, value in filled.values if value]
    return " ".join(filter(None, [f"/{filled.noun}", subject, filled.verb, *pairs]))


def modal(form: Form, *, channel: str = "", thread: str = "") -> dict[str, Any]:
    """The view for views.open; it remembers the command and the place it was asked from."""
    kept = {"noun": form.noun, "verb": form.verb, "subject": form.subject, "channel": channel, "thread": thread}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": _plain(form.title or "Holdwatch", TITLE),
        "submit": _plain(form.submit or _("Send"), TITLE),
        "close": _plain(_("Cancel"), TITLE),
        "private_metadata": json.dumps(kept, separators=(",", ":")),
        "blocks": [_input(field) for field in form.inputs[:INPUTS]],
    }


def filled(view: dict[str, Any]) -> Filled:
    """What a person sent off; raises ValueError when the view is not one of ours."""
    kept = json.loads(view.get("private_metadata") or "{}")
    if not isinstance(kept, dict) or not kept.get("noun"):
        raise ValueError("a view without a command")
    values = {name: _value(next(iter(state.values()))) for name, state in view["state"]["values"].items()}
    order = [block["block_id"] for block in view.get("blocks", []) if block.get("block_id") in values]
    # The subject is the field of that name, or the field that the form names, or fixed by the form.
    named = str(kept.get("subject") or "")
    key = SUBJECT if SUBJECT in values else named
    subject = values.pop(key) if key in values else named
    pairs = tuple((name, values[name]) for name in order if name in values)
    return Filled(
        str(kept["noun"]),
        str(kept.get("verb") or ""),
        subject,
        pairs,
        str(kept.get("channel") or ""),
        str(kept.get("thread") or ""),
    )


def _value(state: dict[str, Any]) -> str:
    chosen = state.get("selected_option") or {}
    return str(chosen.get("value") or state.get("value") or "").strip()


def _plain(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": clip(text, most, escaped=False), "emoji": False}


def _input(field: Input) -> dict[str, Any]:
    block: dict[str, Any] = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label or field.name, LABEL),
        "optional": field.optional,
        "element": _select(field) if field.options else _typing(field),
    }
    if field.hint:
        block["hint"] = _plain(field.hint, HINT)
    return block


def _typing(field: Input) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": "v"}
    if field.initial:
        element["initial_value"] = field.initial
    return element


def _select(field: Input) -> dict[str, Any]:
    options = [{"text": _plain(label or value, OPTION), "value": value} for value, label in field.options[:OPTIONS]]
    element: dict[str, Any] = {"type": "static_select", "action_id": "v", "options": options}
    start = [option for option in options if option["value"] == field.initial]
    return element | ({"initial_option": start[0]} if start else {})
