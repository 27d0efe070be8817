"""The one-time code by which the first admin gets in, by whatever door."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from bot.domain.numbers import key_of
from bot.domain.route import Account
from handlers.announce.scene import cut
from handlers.commands.codes import digest, new_code
from handlers.reply import Reply, say
from handlers.words import _
from storage.database import Database
from storage.dock import Dock
from storage.ids import new_id
from storage.people import PersonRecord

_CODE, _SPENT = "first_admin", "first_admin_spent"


async def first_code(database: Database, now: datetime) -> str | None:
    """A fresh code to print at a start; None once somebody is admin by one. An earlier code then works no more."""
    async with database.dock(now, write=True) as dock:
        if await dock.settings.find(_SPENT) is not None:
            return None
        code = new_code()
        await dock.settings.save(_CODE, digest(code))
        return code


async def is_first_code(dock: Dock, code: str) -> bool:
    """Whether this is the code that was printed, and not spent."""
    kept = await dock.settings.find(_CODE)
    return kept is not None and hmac.compare_digest(kept, digest(code)) and await dock.settings.find(_SPENT) is None


async def make_admin(dock: Dock, carriers: Sequence[str], account: Account) -> Reply | None:
    """Makes whoever sent the code admin of every carrier; None when somebody else was first by a moment."""
    if not await dock.settings.add(_SPENT, f"{account.door}:{account.external}"):
        return None
    name = cut(account.name or account.external, 60)
    for carrier in carriers:
        work = dock.work(carrier)
        known = await work.people.by_account(account)
        if known is not None:
            await work.people.change(known.id, role="admin")
            continue
        person = PersonRecord(new_id(), name, key_of(name), "admin", dock.now)
        await work.people.add([person])
        await work.people.link(account, person.id)
    return Reply(
        _("You are the admin now, {name}. The code works no more.").format(name=name),
        (
            say(_("Next, in the channel or group that should hear alerts: /route here")),
            say(_("Others of that place are dispatchers by being there; drivers get a link: /driver Singh invite")),
        ),
        private=True,
    )
