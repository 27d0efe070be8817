"""run_line: from what was typed to its Reply. A line that changes something is carried out once (DESIGN 4)."""

import asyncio
import logging
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.domain.carrier import Carrier
from bot.domain.errors import HoldwatchError
from bot.domain.numbers import key_of
from bot.domain.route import Account
from bot.watch.turns import asked
from bot.watch.world import World
from handlers.commands.asking import Ask, Office, Speaker, Stop
from handlers.commands.codes import code_in, digest
from handlers.commands.person import BY_PLACE
from handlers.commands.table import TABLE
from handlers.entry.first import is_first_code, make_admin
from handlers.entry.keeping import keep, kept
from handlers.entry.numbers import unnumbered
from handlers.entry.refusals import (
    busy,
    failed,
    may,
    not_allowed,
    stranger,
    unclear,
    unkept,
    which_carrier,
    with_carrier,
)
from handlers.entry.roles import CONSOLE, OPERATOR, Roles, Several, knows
from handlers.entry.threads import About, about, alone
from handlers.grammar import Command, Unclear, parse
from handlers.nouns import BY_NAME, Role
from handlers.reply import Line, Reply, Result, refused
from handlers.replycodec import from_json, to_json
from handlers.words import _, begun, said
from storage.database import Database
from storage.dock import Dock
from storage.errors import Again, Stale
from storage.ids import new_id
from storage.people import PersonRecord
from storage.work import Work

log = logging.getLogger(__name__)

#: How often a line that changes something is carried out before its writer is told that the database is busy, and how
#: often one that reads.
_TRIES, _TRIES_TO_READ = 7, 3
_CARRIER = re.compile(r"(?<!\S)carrier=([a-z0-9][a-z0-9_-]{0,31})(?!\S)", re.IGNORECASE)
#: The line that a picture posted in a thread about an importer stands for.
_KEEPS = BY_NAME["shipper"].verb("carm set")
#: Lines that need no carrier: they look at nothing.
_ANYWHERE = ("help",)


class Configured(Protocol):
    """What of the configuration is needed here."""

    @property
    def carriers(self) -> Sequence[Carrier]: ...


class Entry:
    """Every door's way in. Nothing typed gives a stack trace."""

    def __init__(
        self,
        database: Database,
        world: World,
        config: Configured,
        civil: Callable[[], datetime],
        wake: Callable[[], None],
        telegram_name: Callable[[], str] = lambda: "",
    ) -> None:
        self._database = database
        self._world = world
        self._carriers = tuple(c.id for c in config.carriers)
        self._civil = civil
        self._wake = wake
        self._roles = Roles(database, world, config.carriers, civil)
        self._office = Office(self.forget, telegram_name)

    def forget(self) -> None:
        """Roles are looked up afresh: another process, or a door, changed people, places or members."""
        self._roles.forget()

    async def __call__(self, line: Line) -> Reply:
        """The answer to a line; the same delivery gets the same answer and changes nothing twice."""
        asked(self._world)
        try:
            reply = await self._repeated(lambda: self._run(_clean(line)), _TRIES_TO_READ)
            return unnumbered(reply, line.text)
        except HoldwatchError as why:
            return refused(_sentence(said(why)))
        except (Again, Stale, TimeoutError):
            return busy()
        except Exception as why:  # whatever it is: the person gets a sentence, the log the trace
            note = new_id()[-6:]
            log.exception("a line failed", extra={"action": "entry.failed", "note": note, "why": type(why).__name__})
            return failed(note)

    async def _repeated(self, do: Callable[[], Awaitable[Reply]], tries: int) -> Reply:
        """What `do` gives, done again where units of others were in its way; who met there must not meet again."""
        for attempt in range(tries - 1):
            try:
                return await do()
            except (Again, Stale):
                await asyncio.sleep(0.01 * 2**attempt * (0.5 + random.random()))
        return await do()

    async def account_of(self, name: str) -> Account:
        """The account of `ask --as NAME`, of the operator when no name is given; HoldwatchError when nobody has it."""
        if not name:
            return Account(CONSOLE, "", OPERATOR, OPERATOR)
        async with self._database.dock(self._civil()) as dock:
            if not any([await knows(dock.work(c), name) for c in self._carriers]):
                form = _("there is nobody called “{name}”: see /person list; without a name the operator asks")
                raise HoldwatchError(form.format(name=name[:60]))
        return Account(CONSOLE, "", name, name)

    async def _run(self, line: Line) -> Reply:
        code = code_in(line.text)
        if code and (reply := await self._first_admin(line, code)):
            return reply
        chosen = ""
        if len(self._carriers) > 1 and (named := _CARRIER.search(line.text)):
            chosen = named.group(1).lower()
            line = replace(line, text=_CARRIER.sub("", line.text).strip())
        if line.files and not line.text.strip():
            line = replace(line, text="carm")  # a picture alone, in a thread
        understood = parse(line.text)
        carrier = await self._carrier(line, chosen, understood, code)
        if isinstance(carrier, Several):
            if isinstance(understood, Command) and understood.noun in _ANYWHERE:
                carrier = self._carriers[0]
            else:
                return which_carrier(line, carrier)
        reply = await self._in(carrier, line, understood)
        return with_carrier(reply, carrier) if chosen else reply

    async def _carrier(self, line: Line, chosen: str, understood: Command | Unclear, code: str) -> str | Several:
        """An invite belongs to the carrier that made it, whoever uses it wherever."""
        if code and isinstance(understood, Command) and (understood.noun, understood.verb) == ("person", "link"):
            async with self._database.dock(self._civil()) as dock:
                inviting = await dock.carriers_inviting(digest(code)) & set(self._carriers)
            if len(inviting) == 1:
                return next(iter(inviting))
        return await self._roles.carrier(line, chosen)

    async def _first_admin(self, line: Line, code: str) -> Reply | None:
        async with self._database.dock(self._civil()) as dock:
            first = await dock.work(self._carriers[0]).lines.find(line.delivery) if line.delivery else None
            if first is not None:
                return from_json(first)
            if not await is_first_code(dock, code):
                return None
        async with self._database.dock(self._civil(), write=True) as dock:
            reply = await make_admin(dock, self._carriers, line.who)
            if reply is not None and line.delivery:
                await dock.work(self._carriers[0]).lines.add(line.delivery, to_json(reply), dock.now)
            dock.after_commit(self.forget)
        return reply

    async def _in(self, carrier: str, line: Line, understood: Command | Unclear) -> Reply:
        thread_load = ""
        if line.thread and _may_be_of_thread(line.text, understood):
            thread_load = await self._thread_load(carrier, line)
            if thread_load:
                understood = parse(line.text, thread_subject=True)
        if alone(line) and (found := await self._about(carrier, line)):
            understood = found.command
        if line.files and isinstance(understood, Command) and understood.spec.keyed:
            understood = replace(understood, verb=understood.spec.keyed)
        speaker = await self._roles.speaker(carrier, line)
        if isinstance(understood, Unclear):
            return stranger(line.who) if speaker.role is Role.ANYONE else unclear(understood, speaker)
        if not may(speaker, understood.spec):
            return not_allowed(speaker, understood.spec, line.who)
        if understood.spec.writes:
            return await self._write(carrier, line, understood, thread_load, speaker)
        notes: dict[str, str] = {}
        async with self._database.dock(self._civil()) as dock:
            reply = await self._answer(dock, carrier, line, understood, thread_load, speaker, notes)
        if notes:
            async with self._database.dock(self._civil(), write=True) as dock:
                await keep(dock, carrier, line, notes)
        return reply

    async def overheard(self, line: Line) -> bool:
        """Whether a picture that somebody posted without a word to us is evidence: in a thread that asks about an
        importer, by somebody who may say something of it."""
        carrier = await self._roles.carrier(line, "")
        if isinstance(carrier, Several) or await self._about(carrier, line) is None:
            return False
        return may(await self._roles.speaker(carrier, line), _KEEPS)

    async def _about(self, carrier: str, line: Line) -> About | None:
        async with self._database.work(carrier, self._civil()) as work:
            return await about(work, self._world, line.where, line.thread)

    async def _thread_load(self, carrier: str, line: Line) -> str:
        """The load of the post that a line answers; '' when it is not one of ours."""
        async with self._database.work(carrier, self._civil()) as work:
            post = await work.posts.find(line.where, line.thread)
        return post.load_id or "" if post else ""

    async def _answer(
        self, dock: Dock, carrier: str, line: Line, command: Command, thread_load: str, who: Speaker,
        notes: dict[str, str],
    ) -> Reply:  # fmt: skip
        work = dock.work(carrier)
        ask = Ask(command, line, who, dock, work, self._world, self._office, line.delivery, thread_load, notes=notes)
        try:
            reply = await TABLE[command.noun, command.verb](ask)
            return unkept(reply) if line.files and not command.verb.startswith("carm") else reply
        except Stop as stop:
            return stop.reply

    async def _write(self, carrier: str, line: Line, command: Command, thread_load: str, who: Speaker) -> Reply:
        """Carries a line out in one unit with its answer; what is refused or asked leaves nothing behind."""
        named = replace(line, delivery=line.delivery or new_id())
        try:
            return await self._repeated(lambda: self._once(carrier, named, command, thread_load, who), _TRIES)
        except Stop as stop:
            return stop.reply
        except (Again, Stale):  # not to be begun anew with all its tries
            return busy()

    async def _once(self, carrier: str, line: Line, command: Command, thread_load: str, who: Speaker) -> Reply:
        async with self._database.dock(self._civil(), write=True) as dock:
            work = dock.work(carrier)
            first = await work.lines.find(line.delivery)
            if first is not None:
                return from_json(first)
            who = await self._known(work, line, who)
            notes: dict[str, str] = {}
            reply = await self._answer(dock, carrier, line, command, thread_load, who, notes)
            await keep(dock, carrier, line, notes)
            if reply.result is not Result.OK or reply.form is not None:
                raise Stop(reply)
            if not await work.lines.add(line.delivery, kept(reply), dock.now):
                raise Again("this delivery was answered by another process just now")
            dock.after_commit(self._woken)
        return reply

    async def _known(self, work: Work, line: Line, who: Speaker) -> Speaker:
        """Makes a person of an account that changes something for the first time: a change has a name, and an owner."""
        if who.person or who.role is Role.ANYONE:
            return who
        if await work.people.meeting() and (met := await work.people.by_account(line.who)):
            return replace(who, person=met.id, name=met.name)
        taken = {p.name_key for p in await work.people.all()}
        name = who.name
        for n in range(2, 1000):
            if key_of(name) not in taken:
                break
            name = f"{who.name} ({n})"
        person = PersonRecord(new_id(), name, key_of(name), BY_PLACE, work.now)
        await work.people.add([person])
        await work.people.link(line.who, person.id)
        work.after_commit(self.forget)
        return replace(who, person=person.id, name=name)

    def _woken(self) -> None:
        try:
            self._wake()
        except Exception:  # the change is committed: what only speeds its telling must not deny it
            log.exception("delivery was not woken", extra={"action": "entry.wake"})


def _clean(line: Line) -> Line:
    """Without what no database keeps: NUL, and halves of characters."""

    def plain(text: str) -> str:
        return text.replace("\0", "").encode("utf-8", "replace").decode()

    who = replace(line.who, name=plain(line.who.name))
    return replace(line, text=plain(line.text), who=who, where=replace(line.where, name=plain(line.where.name)))


def _may_be_of_thread(text: str, understood: Command | Unclear) -> bool:
    """A slashed line that names its subject needs no look at the thread it was typed under."""
    if not text.lstrip().startswith("/") or isinstance(understood, Unclear):
        return True
    return not understood.subject and understood.spec.subject and understood.noun == "load"


def _sentence(text: str) -> str:
    return begun(text) + ("" if text.endswith((".", "!", "?")) else ".")
