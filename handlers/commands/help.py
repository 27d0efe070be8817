"""/help: what can be typed, from the table of nouns."""

from handlers.commands.asking import Ask, no
from handlers.nouns import BY_NAME, NOUNS, Noun
from handlers.reply import Fields, Para, Reply, Span, Style
from handlers.vocabulary import noun_of
from handlers.words import _


async def show(ask: Ask) -> Reply:
    """All lines, or those of one noun."""
    word = (ask.command.subject or ask.words).strip().lstrip("/").casefold()
    if not word:
        return everything()
    name = noun_of(word)
    if name is None:
        raise no(
            _("There is no help on “{word}”.").format(word=word[:40]),
            _("There is on: {nouns}").format(nouns=", ".join(BY_NAME)),
        )
    return about(BY_NAME[name])


def everything() -> Reply:
    """The nouns, with the line that each is known by."""
    title = _("Type a number to hear how it stands, as in 1234; or a noun, as in /load 1234 why.")
    pairs = tuple((f"/{n.name}", f"{n.help}. {n.verb(n.default).example}") for n in NOUNS)
    more = Para((Span(_("All lines of one: ")), Span("/help load", Style.CODE)))
    return Reply(title, (Fields(pairs), more), private=True)


def about(noun: Noun) -> Reply:
    """Every line of a noun."""
    title = f"/{noun.name}: {noun.help}."
    return Reply(title, (Fields(tuple((v.example, v.help) for v in noun.verbs)),), private=True)
