"""Text as Slack reads it: escaping out, unescaping in, and cutting whole parts before they are joined."""

import re
from collections.abc import Sequence

from handlers.reply import Span, Style

_MENTION = re.compile(r"[UW][A-Z0-9]{2,}")
_GROUP = re.compile(r"S[A-Z0-9]{2,}")
_TYPED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def escape(text: str) -> str:
    """Only these three are special (docs.slack.dev, "Formatting message text")."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The reverse of `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clip(text: str, most: int, *, escaped: bool = True) -> str:
    """At most `most` characters as Slack counts them; a cut is marked and never falls into an entity."""
    shape = escape if escaped else str
    if len(shape(text)) <= most:
        return shape(text)
    room = max(most - 1, 0)
    kept = text[:room]
    while len(shape(kept)) > room:
        kept = kept[: len(kept) - max(1, (len(shape(kept)) - room) // 5)]
    return shape(kept).rstrip() + "…"


def span(part: Span, most: int) -> str:
    """One run of text as mrkdwn; styles are dropped where their mark is part of the text."""
    text = part.text
    if part.style is Style.LINK and part.url.startswith(("https://", "http://", "tel:", "mailto:")):
        target = escape(part.url).replace("|", "%7C").replace(" ", "%20")
        label = escape(text.replace("\n", " "))
        if len(target) + len(label) + 3 <= most:
            return f"<{target}|{label}>"
    bare = bool(text.strip()) and text == text.strip() and "\n" not in text and len(escape(text)) + 2 <= most
    if part.style is Style.BOLD and bare and "*" not in text:
        return f"*{escape(text)}*"
    if part.style is Style.CODE and bare and "`" not in text:
        return f"`{escape(text)}`"
    return clip(text, most)


def mrkdwn(spans: Sequence[Span], most: int) -> str:
    """A line of spans as mrkdwn, whole spans first, the last one cut when it must be."""
    out = ""
    for part in spans:
        room = most - len(out)
        if room < 2:
            return out if out.endswith("…") else out[: most - 1].rstrip() + "…"
        out += span(part, room)
    return out


def flat(spans: Sequence[Span]) -> str:
    """A line of spans without styles; a link shows where it goes."""
    return "".join(
        f"{s.text} ({s.url})" if s.style is Style.LINK and s.url and s.url != s.text else s.text for s in spans
    )


def calls(mention: Sequence[str], most: int) -> str:
    """The people, groups or `!here` that a message calls, as many as fit; anything else is only text."""
    out = ""
    for who in filter(str.strip, mention):
        longer = f"{out} {_call(who)}".strip()
        if len(longer) > most:
            break
        out = longer
    return out


def _call(who: str) -> str:
    if who in ("!here", "!channel"):
        return f"<{who}>"
    if _GROUP.fullmatch(who):
        return f"<!subteam^{who}>"
    return f"<@{who}>" if _MENTION.fullmatch(who) else escape(f"@{who}")


def typed(text: str) -> str:
    """What a person typed, out of Slack's markup: `<@U1|sam>` is `@U1`, links are their label."""
    return unescape(_TYPED.sub(_typed, text)).strip()


def _typed(found: re.Match[str]) -> str:
    mark, target, label = found[1], found[2], found[3]
    if mark == "@":
        return f"@{target}"
    if mark == "#":
        return f"#{label or target}"
    if mark == "!":
        return label or f"@{target}"
    return label or target
