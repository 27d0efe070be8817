"""What is said to whoever may not, and when something went wrong."""

from dataclasses import replace

from bot.domain.route import Account
from handlers.commands.asking import Speaker, choices
from handlers.commands.help import for_driver
from handlers.entry.roles import RANK, Several
from handlers.grammar import Unclear
from handlers.nouns import Role, Verb
from handlers.reply import Button, Line, Reply, Result, refused, say
from handlers.words import _

_LABEL = 70
_BYTES = 64


def may(who: Speaker, verb: Verb) -> bool:
    """Whether a role allows a line: that role or one above it; viewers change nothing."""
    if verb.role is Role.ANYONE:
        return True
    if who.role is Role.VIEWER and verb.writes:
        return False
    return RANK[who.role] >= RANK[verb.role]


def unkept(reply: Reply) -> Reply:
    """The same, with word that what came along was not kept."""
    text = _("The picture was not kept: only a line about CARM keeps one, as in: carm ACME")
    return replace(reply, body=(*reply.body, say(text)))


def not_allowed(who: Speaker, verb: Verb, account: Account) -> Reply:
    """Why not, and how to get in."""
    if who.role is Role.ANYONE:
        return stranger(account)
    if who.role is Role.DRIVER:
        return refused(
            _("That line is for dispatch; nothing was changed."),
            _("You can type the number of your load, “1234 eta 14:30”, “1234 papers sent now” or “1234 crossed”."),
        )
    return refused(
        _("You are {role} here, and “{line}” takes {needed}. Nothing was changed.").format(
            role=who.role.value, line=verb.name, needed=verb.role.value
        ),
        _("An admin can change that: /person {name} allow {needed}").format(name=who.name, needed=verb.role.value),
    )


def stranger(account: Account) -> Reply:
    """Polite, and without a word about what is watched here."""
    own = f"<@{account.external}>" if account.door == "slack" else f"{account.door}:{account.external}"
    return refused(
        _("I don't know you here, so nothing was looked up and nothing was changed."),
        _("Dispatchers: come into the channel or group where holds are told, or have an admin type:"),
        f"/person {own} allow dispatcher",
        _("Drivers: ask dispatch for your link. If you have a code, type: /person link CODE"),
    )


def unclear(what: Unclear, who: Speaker) -> Reply:
    """Not understood, with lines to tap or type; a driver hears what drivers type."""
    if who.drives:
        own = for_driver()
        title = _("I did not understand that, and nothing was changed. You can type:")
        return replace(own, title=title, result=Result.UNKNOWN)
    lines = [(s[:_LABEL], s) for s in what.suggestions]
    buttons, typed = choices(lines)
    return Reply(what.sentence, typed, buttons, private=True, result=Result.UNKNOWN)


def which_carrier(line: Line, several: Several) -> Reply:
    """A place and an account that could speak of several carriers."""
    if not several.carriers:
        return stranger(line.who)
    offered = [Button(c, f"{line.text} carrier={c}") for c in several.carriers]
    kept = tuple(b for b in offered if len(b.line.encode()) <= _BYTES)
    example = f"/load 1234 status carrier={several.carriers[0]}"
    return Reply(
        _("Which carrier is that about? Nothing was done."), (say(_("Add it, as in: {line}").format(line=example)),),
        kept, private=True, result=Result.UNKNOWN,
    )  # fmt: skip


def with_carrier(reply: Reply, carrier: str) -> Reply:
    """Taps of an answer stay with the carrier that was named."""
    buttons = tuple(
        Button(b.label, f"{b.line} carrier={carrier}", b.style)
        for b in reply.buttons
        if len(f"{b.line} carrier={carrier}".encode()) <= _BYTES
    )
    return replace(reply, buttons=buttons)


def busy() -> Reply:
    """The database was taken too long; the unit was rolled back."""
    return refused(
        _("The database was busy, so this line was not carried out; nothing was changed."),
        _("Send it again in a moment."),
    )


def failed(note: str) -> Reply:
    """A fault of ours: it is in the log under this note."""
    return refused(
        _("Something on my side failed, so this line was not carried out; nothing was changed (note {note}).").format(
            note=note
        ),
        _("Send it again; if it fails again, give that note to whoever runs Holdwatch."),
    )
