"""Which crossing a person means: one or all of a town, or the question that is asked instead."""

from collections.abc import Callable

from bot.domain.crossings import Crossing, Found
from bot.domain.load import Direction
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, Stop, no, question
from handlers.words import _

#: The line that says the same with another crossing's name.
Again = Callable[[str], str]


def one(ask: Ask, text: str, direction: Direction | None, untouched: str, again: Again) -> Crossing:
    """The only crossing that can be meant; `untouched` says that nothing was done yet."""
    found = ask.world.crossings.find(text, direction)
    if found.one is not None:
        return found.one
    if not found.choices:
        raise _strange(text, untouched)
    several = _("“{word}” can be several crossings. {untouched} Which one?")
    strange = _("I know no crossing or town “{word}”. {untouched} Which one is meant?")
    raise _which((several if found.hits else strange).format(word=cut(text, 40), untouched=untouched), found, again)


def every(ask: Ask, text: str, untouched: str, again: Again) -> tuple[Crossing, ...]:
    """All crossings of a town, or the one that is named."""
    found = ask.world.crossings.find(text)
    if found.hits:
        return found.hits
    if not found.near:
        raise _strange(text, untouched)
    title = _("I know no crossing or town “{word}”. Is it one of these?").format(word=cut(text, 40))
    raise question(" ".join(filter(None, (title, untouched))), [(word, again(word)) for word in found.words])


def _strange(text: str, untouched: str) -> Stop:
    title = _("I know no crossing “{word}”.").format(word=cut(text, 40))
    return no(" ".join(filter(None, (title, untouched))), _("All crossings: /port list"))


def _which(title: str, found: Found, again: Again) -> Stop:
    return question(title, [(c.name, again(c.name)) for c in found.choices or found.near])
