"""Text as one visible line: nothing in it can steer a terminal, turn the writing direction or fake a line."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    """The text with every line end, control and invisible character made a space, and runs of spaces made one."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text).split())
