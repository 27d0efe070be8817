"""Reply → plain lines for a narrow phone: tables, fields and forms become lines before anything is cut or marked."""

import unicodedata
from dataclasses import dataclass, replace

from handlers.reply import Fields, Form, Input, Para, Part, Reply, Span, Style, Table, Tone, say

#: Telegram has no coloured bar, so the tone is a mark before the title.
MARKS = {Tone.GO: "🟢", Tone.WARN: "🟡", Tone.URGENT: "🟠", Tone.CRITICAL: "🔴", Tone.DONE: "⚪"}
_LINKABLE = ("http://", "https://", "tg://", "mailto:")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the message; `keep` rows are left out last (they say what to type for the rest)."""

    para: Para
    keep: bool = False


def clean(text: str) -> str:
    """Text that Telegram takes: no lone surrogates, no control characters but the line break."""
    kept = text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c == "\n" or unicodedata.category(c) != "Cc" else " " for c in kept)


def visible(text: str) -> bool:
    """Whether anything of it can be seen: Telegram refuses a message of blanks."""
    return any(unicodedata.category(c) not in ("Zs", "Zl", "Zp", "Cc", "Cf", "Cs") for c in text)


def rows(reply: Reply) -> list[Row]:
    """The title first, then every part as lines."""
    title = clean(reply.title)
    mark = MARKS.get(reply.tone, "")
    if mark and not title.startswith(mark):
        title = f"{mark} {title}"
    head = Span(title, Style.BOLD if reply.body else Style.PLAIN)
    found = [Row(Para((head,)))] if visible(title) else []
    for part in reply.body:
        found += _part(part)
    if reply.form is not None:
        found += _form(reply.form)
    # "!here" is Slack's; in Telegram a post notifies the whole group anyway.
    called = tuple(who for who in reply.mention if not who.startswith("!"))
    if called:
        found.append(Row(Para(_mentions(called)), keep=True))
    return [replace(row, para=_tidy(row.para)) for row in found]


def _part(part: Part) -> list[Row]:
    match part:
        case Para():
            return [Row(part)]
        case Fields():
            return [Row(Para((Span(f"{label}: "), Span(value, Style.BOLD)))) for label, value in part.pairs]
        case Table():
            return _table(part)


def _table(table: Table) -> list[Row]:
    """A header line in small print, then a line a row with the first cell in bold: columns do not fit a phone."""
    found = [Row(Para((Span(" · ".join(table.header)),), quiet=True))] if any(table.header) else []
    for cells in table.rows:
        first, rest = (cells[0], cells[1:]) if cells else ("", ())
        tail = "".join(f" · {cell or '–'}" for cell in rest)
        found.append(Row(Para((Span(first or "–", Style.BOLD), Span(tail)))))
    return [*found, Row(say(table.more), keep=True)] if table.more else found


def _form(form: Form) -> list[Row]:
    """A screen without forms: the line that the form would have built, and what each word means."""
    intro = Para((Span(form.title, Style.BOLD), Span(" Type it as one line, for example:")))
    example = Para((Span(example_line(form), Style.CODE),))
    return [Row(intro, keep=True), Row(example, keep=True), *(Row(_input(one)) for one in form.inputs)]


def example_line(form: Form) -> str:
    """One line that the form could have built: what must be given, and what has a value at hand."""
    subject = form.subject or next((_value(i) for i in form.inputs if i.name == "subject"), "")
    words = [f"{i.name}={_quoted(_value(i))}" for i in form.inputs if i.name != "subject" and _shown(i)]
    return " ".join(word for word in (f"/{form.noun}", _quoted(subject), form.verb, *words) if word)


def _shown(one: Input) -> bool:
    return bool(not one.optional or one.initial or one.options or one.hint)


def _value(one: Input) -> str:
    return one.initial or (one.options[0][0] if one.options else "") or one.hint or one.label


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "'") + '"' if any(c.isspace() for c in text) else text


def _input(one: Input) -> Para:
    name = "first word" if one.name == "subject" else f"{one.name}="
    told = [one.hint] if one.hint else []
    told += [", ".join(value if value == label else f"{value} ({label})" for value, label in one.options)]
    told += ["may be left out" if one.optional else "needed"]
    return Para((Span(name, Style.CODE), Span(f" {one.label}: " + "; ".join(t for t in told if t))))


def _mentions(mention: tuple[str, ...]) -> tuple[Span, ...]:
    """Ids become links that notify; the link text is short since the door knows no names."""
    spans: list[Span] = [Span("For ")]
    for position, who in enumerate(mention):
        spans += [Span(", ")] if position else []
        known = who.isascii() and who.isdigit()
        spans.append(Span("you", Style.LINK, f"tg://user?id={who}") if known else Span(who))
    return tuple(spans)


def _tidy(para: Para) -> Para:
    return replace(para, spans=tuple(_span(span) for span in para.spans if span.text))


def _span(span: Span) -> Span:
    text = clean(span.text)
    if span.style is not Style.LINK:
        return Span(text, span.style)
    # Telegram drops a link it does not like and keeps the text: the address would be lost without a word.
    if span.url.lower().startswith(_LINKABLE) and visible(text) and not any(c.isspace() for c in span.url):
        return Span(text, Style.LINK, clean(span.url))
    address = clean(span.url)
    return Span(text if address in text else f"{text} ({address})")
