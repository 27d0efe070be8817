"""Words for people in the language of whoever reads them; English where there is no translation."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations, translation
from pathlib import Path

from bot.domain.errors import HoldwatchError, Remarked
from bot.domain.remarks import Remark

DOMAIN = "holdwatch"
LOCALES = Path(__file__).parent / "locales"

_language: ContextVar[str] = ContextVar("holdwatch_language", default="en")


@lru_cache(maxsize=32)
def _catalogue(language: str) -> NullTranslations:
    return translation(DOMAIN, LOCALES, [language], fallback=True)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything said inside is said in this language (a locale name such as `fr` or `pa_IN`)."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> str:
    """The locale name in which words are said now."""
    return _language.get()


def mark(text: str) -> str:
    """Marks a text in a table for translation without translating it yet."""
    return text


def _(text: str) -> str:
    """The text in the language of now."""
    return _catalogue(_language.get()).gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """The singular or plural text for `n` in the language of now."""
    return _catalogue(_language.get()).ngettext(one, many, n)


def begun(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def worded(remark: Remark) -> str:
    """A remark in the language of now."""
    return remark.worded(_)


def said(why: HoldwatchError) -> str:
    """What an error says, in the language of now."""
    return "; ".join(map(worded, why.remarks)) if isinstance(why, Remarked) else str(why)
