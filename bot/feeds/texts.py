"""Text from outside, made fit to store and to compare."""

from bot.domain.numbers import key_of


def plain(text: str, longest: int = 600) -> str:
    """Free text that can be stored and shown, whatever bytes it came from."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def transaction_key(text: str) -> str:
    """A transaction number's key: customs prints 12345-001495785 and sends 12345001495785, which are one number."""
    key = key_of(text)
    digits = key.replace("-", "")
    return digits if len(digits) == 14 and digits.isdecimal() else key
