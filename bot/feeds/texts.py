"""Text from outside, made fit to store and to compare."""


def plain(text: str, longest: int = 600) -> str:
    """Free text that can be stored and shown, whatever bytes it came from."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"
