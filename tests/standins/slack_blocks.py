"""What Slack checks in blocks and views before it takes them."""

from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.standins.slack_state import Json

_LIMITS = {"header": 150, "section": 3000, "context": 3000}
_INTERACTIVE = {"button", "static_select", "plain_text_input", "radio_buttons", "checkboxes", "datepicker"}
MAX_TEXT = 40_000
# Not documented: near 13,200 characters with the containers (github.com/slackapi/bolt-js issues 2509 and 2867).
MAX_BLOCKS = 13_200
# Of chat.update alone, counted in bytes after escaping.
MAX_UPDATE = 4_000


def blocks_error(blocks: Any, *, most: int = 50) -> str:
    """Why Slack would refuse these blocks, or ''."""
    if not isinstance(blocks, list):
        return "blocks is not a list"
    if len(blocks) > most:
        return f"{len(blocks)} blocks, at most {most}"
    ids = [b["block_id"] for b in blocks if isinstance(b, dict) and b.get("block_id")]
    if len(ids) != len(set(ids)):
        return "block_id used twice"
    for number, block in enumerate(blocks):
        why = _block_error(block)
        if why:
            return f"block {number}: {why}"
    return ""


def _block_error(block: Any) -> str:
    if not isinstance(block, dict) or not isinstance(block.get("type"), str):
        return "not a block"
    if len(block.get("block_id") or "") > 255:
        return "block_id over 255"
    try:
        parsed = Block.parse(dict(block))
        if parsed is None:
            return f"unknown type {block['type']}"
        parsed.to_dict()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as error:
        return str(error)
    return _text_error(block) or _elements_error(block)


def _text_error(block: Json) -> str:
    kind = block["type"]
    if kind == "header" and (block.get("text") or {}).get("type") != "plain_text":
        return "a header is plain_text"
    if kind == "section" and not block.get("text") and not block.get("fields"):
        return "an empty section"
    limit = _LIMITS.get(kind)
    own = [block["text"]] if block.get("text") is not None else []
    if kind == "context":
        own = [e for e in block.get("elements", []) if e.get("type") in ("mrkdwn", "plain_text")]
        if not 1 <= len(block.get("elements", [])) <= 10:
            return "1 to 10 context elements"
    fields = block.get("fields") or []
    if len(fields) > 10:
        return f"{len(fields)} fields, at most 10"
    for part, most in [(p, limit or 3000) for p in own] + [(f, 2000) for f in fields]:
        why = text_error(part, most)
        if why:
            return why
    return ""


def text_error(part: Any, most: int) -> str:
    """Why a text object would be refused, or ''."""
    if not isinstance(part, dict) or part.get("type") not in ("mrkdwn", "plain_text"):
        return "not a text object"
    text = part.get("text")
    if not isinstance(text, str) or not text.strip():
        return "an empty text"
    if len(text) > most:
        return f"text of {len(text)}, at most {most}"
    if part["type"] == "plain_text" and "verbatim" in part:
        return "verbatim is for mrkdwn"
    return ""


def _elements_error(block: Json) -> str:
    elements = block.get("elements", []) if block["type"] == "actions" else []
    if block["type"] == "actions" and not 1 <= len(elements) <= 25:
        return "1 to 25 elements in actions"
    if block["type"] == "input":
        why = text_error(block.get("label"), 2000) or (text_error(block["hint"], 2000) if block.get("hint") else "")
        if why:
            return why
        elements = [block.get("element")]
    ids = [e.get("action_id") for e in elements if isinstance(e, dict) and e.get("action_id")]
    if len(ids) != len(set(ids)):
        return "action_id used twice in a block"
    return next((why for why in map(_element_error, elements) if why), "")


def _element_error(element: Any) -> str:
    if not isinstance(element, dict) or element.get("type") not in _INTERACTIVE:
        return "not an interactive element"
    if len(element.get("action_id") or "") > 255:
        return "action_id over 255"
    if element["type"] == "button":
        if len(element.get("value") or "") > 2000:
            return "button value over 2000"
        if element.get("style", "primary") not in ("primary", "danger"):
            return f"button style {element['style']}"
        if (element.get("text") or {}).get("type") != "plain_text":
            return "button text is plain_text"
        return text_error(element["text"], 75)
    if element["type"] == "static_select":
        return _options_error(element)
    if element.get("placeholder"):
        return text_error(element["placeholder"], 150)
    return ""


def _options_error(element: Json) -> str:
    options = element.get("options") or []
    if not 1 <= len(options) <= 100:
        return "1 to 100 options"
    for option in options:
        if not 1 <= len(option.get("value") or "") <= 150:
            return "option value of 1 to 150"
        why = text_error(option.get("text"), 75)
        if why:
            return why
    initial = element.get("initial_option")
    return "initial_option is not an option" if initial and initial not in options else ""


def view_error(view: Any) -> str:
    """Why Slack would refuse this view, or ''."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return "not a view"
    for name in ("title", "submit", "close"):
        if name in view:
            kind = (view[name] or {}).get("type")
            why = text_error(view[name], 24) if kind == "plain_text" else "not plain_text"
            if why:
                return f"{name}: {why}"
    if view["type"] == "modal" and "title" not in view:
        return "a modal has a title"
    if len(view.get("private_metadata") or "") > 3000:
        return "private_metadata over 3000"
    if len(view.get("callback_id") or "") > 255:
        return "callback_id over 255"
    blocks = view.get("blocks")
    if isinstance(blocks, list) and any(b.get("type") == "input" for b in blocks) and "submit" not in view:
        return "a view with inputs has a submit"
    return blocks_error(blocks, most=100)
