"""The words of an HTML page, as a mail brings one. What stands below a reply is behind a line that says so."""

import re
from html.parser import HTMLParser

_SKIPPED = frozenset({"script", "style", "head", "title", "template"})
_LINES = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "hr", "ul", "ol", "section"})
_DECLARED = re.compile(r"<!--|<[!?]")
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "embed", "source"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0")
#: The line behind which `mail` looks for no news.
_QUOTE = "-----Original Message-----"


def words_of(text: str) -> str:
    """What a reader of the page sees, a line for each block and a tab between cells."""
    page = _Page()
    page.feed(_tame(text))
    page.close()
    return "".join(page.found)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._skip: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: (value or "").lower() for name, value in attrs}
        if self._skip:
            if tag not in _VOID:
                self._skip.append(tag)
            return
        if tag == "blockquote" or "gmail_quote" in said.get("class", "") or said.get("id") == "divrplyfwdmsg":
            self.found.append(f"\n{_QUOTE}\n")
        hidden = tag in _SKIPPED or "hidden" in said or _HIDDEN.search(said.get("style", ""))
        if hidden and tag not in _VOID:
            self._skip.append(tag)
        self.found.append("\n" if tag in _LINES else "\t" if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._skip:
            while self._skip and self._skip.pop() != tag:
                continue
        elif tag in _LINES:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.found.append(re.sub(r"\s+", " ", data))


def _tame(text: str) -> str:
    """A page without comments and declarations, and with blanks for what opens something that nothing closes.

    For each of those the library looks to the end of the page, and goes on behind it: a mail full of them takes hours.
    """
    found: list[str] = []
    at = 0
    for mark in _DECLARED.finditer(text):
        if mark.start() >= at:
            found.append(text[at : mark.start()])
            at = mark.start()
            end = "-->" if mark[0] == "<!--" else ">"
            closed = text.find(end, at + 2)
            if closed < 0:
                break
            at = closed + len(end)
    whole = "".join([*found, _DECLARED.sub(" ", text[at:])])
    last = whole.rfind(">") + 1
    return whole[:last] + whole[last:].replace("<", " ")
