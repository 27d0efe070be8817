"""/shipper ACME carm undo: takes back what one recorded a moment ago, by a record that says so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.carm.evidence import WITHDRAWN, Evidence
from bot.domain.carm.scope import standing_records
from bot.watch.carm_words import record
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, no
from handlers.commands.carm import of_us
from handlers.commands.carm_meant import about_us
from handlers.commands.carm_said import taken_back
from handlers.commands.parties import known
from handlers.reply import Reply, say
from handlers.words import _
from storage.ids import new_id

#: So long one can take back what one recorded.
UNDO = timedelta(minutes=10)


async def undo(ask: Ask) -> Reply:
    """Takes back the speaker's last record, with all that the same line recorded."""
    if await about_us(ask):
        told = (await ask.work.evidence.of_importers([""])).get("", [])
        await withdraw(ask, told, _("our own checklist"))
        now = await of_us(ask)
        return replace(now, body=(say(_("Taken back.")), *now.body), private=False)
    party = await known(ask, "importer")
    told = (await ask.work.evidence.of_importers([party.id])).get(party.id, [])
    gone = await withdraw(ask, told, cut(party.name, 40))
    return await taken_back(ask, party, gone)


async def withdraw(ask: Ask, told: Sequence[Evidence], name: str) -> list[Evidence]:
    """Records that take the speaker's last ones back; refused when there is none of the last minutes."""
    last = lately(told, ask.who.name, ask.now)
    if not last:
        form = _("You recorded nothing about {name} in the last 10 minutes. Nothing was changed.")
        raise no(
            form.format(name=name),
            _("What was said before is not taken back but answered by a newer word; see: carm log"),
        )
    gone = [
        replace(e, id=new_id(), state=WITHDRAWN, at=ask.now, recorded=ask.now, supersedes=e.id, attachment="")
        for e in last
    ]
    await record(ask.work, gone)
    return last


def lately(told: Sequence[Evidence], who: str, now: datetime) -> list[Evidence]:
    """What a person recorded last, by one line, and not longer than ten minutes ago."""
    own = [e for e in standing_records(told) if e.recorded_by == who and now - e.recorded <= UNDO]
    last = max((e.recorded for e in own), default=None)
    return [e for e in own if e.recorded == last]
