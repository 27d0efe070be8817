"""The items that a line records, each with its state; what is no state of an item is refused with those that are."""

from bot.domain.carm.evidence import Item
from bot.domain.carm.plan import Plan
from bot.watch.carm_subjects import note_of
from handlers.announce.carmwords import ITEMS
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, no
from handlers.commands.carm_states import OF_KEY, OWN_KEYS, allowed, state_of
from handlers.words import _

_DIGITS = 6
_AGREED = ("csa_carrier", "csa_importer", "csa_driver", "contingency", "casual")


def number_in(ask: Ask) -> str:
    """The account number of `bn=`; '' where that says how the account is, or nothing."""
    text = ask.command.value("bn") or ""
    return text if sum(c.isdigit() for c in text) >= _DIGITS else ""


def typed_again(ask: Ask) -> tuple[tuple[str, str], ...]:
    """What an answer repeats of a line: all but who said it, and a whole account number, which nobody is shown."""
    number = number_in(ask)
    return tuple((k, v) for k, v in ask.command.pairs if k != "by" and not (number and (k, v) == ("bn", number)))


def number_left(ask: Ask) -> list[str]:
    """What a question says of an account number that came with the line."""
    if not number_in(ask):
        return []
    return [_("The account number is not kept yet either, and not shown: type it again by itself, bn=…")]


def items_in(ask: Ask, *, own: bool = False) -> list[tuple[Item, str]]:
    """What is said of which item, in the order typed."""
    found: dict[Item, str] = {}
    for key, value in ask.command.pairs:
        item = (OWN_KEYS if own else OF_KEY).get(key)
        if item is None:
            _misplaced(key, value, own=own)
            continue
        if key == "bn" and number_in(ask) == value:
            continue
        state = _state(key, item, value)
        if found.setdefault(item, state) != state:
            form = _("{item} is said twice, and differently. Nothing was recorded.")
            raise no(form.format(item=_(ITEMS[item])))
    return list(found.items())


def _misplaced(key: str, value: str, *, own: bool) -> None:
    if key == "goods" and (own or value.strip().casefold() != "dutiable"):
        raise no(_("goods= says only dutiable: that an importer with nothing payable brings dutiable goods now."))
    if own and key in OF_KEY:
        form = _("{key}= is of an importer, not of us. Ours: {keys}. Nothing was recorded.")
        raise no(form.format(key=key, keys=", ".join(f"{k}=" for k in OWN_KEYS)))
    if not own and key in OWN_KEYS:
        form = _("{key}= is of our own checklist. Nothing was recorded. Type: {line}")
        raise no(form.format(key=key, line=f"/shipper us carm {key}=yes"))


def _state(key: str, item: Item, value: str) -> str:
    state = None if key == "standing" and value.strip().casefold() in ("yes", "no") else state_of(item, value)
    if state is not None:
        return state
    form = _("“{value}” is none of what {key}= can say about {item}. Nothing was recorded.")
    raise no(
        form.format(value=cut(value, 40), key=key, item=_(ITEMS[item])),
        _("It takes: {states}").format(states=allowed(item)),
    )


def note_in(ask: Ask, item: Item) -> str:
    """The note of a record; that of a release plan names who attends and what is agreed."""
    note = cut(ask.command.value("note") or "", 300)
    if item is not Item.RELEASE_PLAN:
        return note
    agreed = {w.strip().casefold() for w in (ask.command.value("agreed") or "").replace(";", ",").split(",")} - {""}
    if strange := agreed - set(_AGREED):
        form = _("“{word}” can't be agreed on: {words}. Nothing was recorded.")
        raise no(form.format(word=cut(min(strange), 30), words=", ".join(_AGREED)))
    attendee = cut((ask.command.value("attendee") or "").replace(";", ","), 80)
    plan = note_of(Plan("", attendee, False, *(name in agreed for name in _AGREED)))
    return "; ".join(filter(None, (plan, note.replace(";", ",").replace("=", " "))))
