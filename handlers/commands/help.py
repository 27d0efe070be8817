"""/help: what can be typed, from the table of nouns."""

from handlers.announce.carm import CAVEAT
from handlers.commands.asking import Ask, no
from handlers.nouns import BY_NAME, NOUNS, Noun, Role
from handlers.reply import Fields, Para, Part, Reply, Span, Style, say
from handlers.vocabulary import noun_of
from handlers.words import _

OWN = "/shipper us carm bonded=yes"


async def show(ask: Ask) -> Reply:
    """All lines, or those of one noun."""
    if ask.who.drives:
        return for_driver()
    word = (ask.command.subject or ask.words).strip().lstrip("/").casefold()
    if not word:
        return everything(known=ask.who.role is not Role.ANYONE)
    name = noun_of(word)
    if name is None:
        raise no(
            _("There is no help on “{word}”.").format(word=word[:40]),
            _("There is on: {nouns}").format(nouns=", ".join(BY_NAME)),
        )
    return about(BY_NAME[name])


def for_driver() -> Reply:
    """What a driver can type; his only load need not be named."""
    pairs = (
        ("1234", _("How load 1234 stands")),
        ("eta 14:30", _("When you are at the border")),
        ("papers sent", _("The papers went to the broker")),
        ("crossed", _("You are over the border")),
    )
    more = _("With several loads, put the number first, as in: 1234 eta 14:30")
    return Reply(_("You can type:"), (Fields(pairs), say(more)), private=True)


def everything(*, known: bool = True) -> Reply:
    """The nouns, with the line that each is known by; somebody who is not `known` hears first how to get in."""
    title = _("Type a number to hear how it stands, as in 1234; or a noun, as in /load 1234 why.")
    pairs = tuple((f"/{n.name}", f"{n.help}. {n.verb(n.default).example}") for n in NOUNS)
    more = Para((Span(_("All lines of one: ")), Span("/help load", Style.CODE)))
    body: tuple[Part, ...] = (Fields(pairs), more)
    if not known:
        title, first = _("I don't know you here yet, so I can look nothing up."), say(title)
        how = _("Drivers: ask dispatch for your link. If you have a code, type: /person link CODE")
        body = (say(how), first, *body)
    return Reply(title, body, private=True)


def about(noun: Noun) -> Reply:
    """Every line of a noun."""
    title = f"/{noun.name}: {noun.help}."
    body: list[Part] = [Fields(tuple((v.example, v.help) for v in noun.verbs))]
    if noun.name == "shipper":
        body += [say(_(CAVEAT)), Para((Span(_("For our own checklist: ")), Span(OWN, Style.CODE)))]
    return Reply(title, tuple(body), private=True)
