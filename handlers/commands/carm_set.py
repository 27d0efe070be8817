"""/shipper ACME carm rpp=active by="Maria, PCB": what somebody said, as evidence that nothing ever changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.carm.changes import DUTIABLE_NOTE, changes_of_goods
from bot.domain.carm.evidence import BROKER_ITEMS, LOAD_ITEMS, UNKNOWN, Evidence, Item, Source
from bot.domain.carm.grades import ZERO
from bot.domain.carm.questions import Ask as Whom
from bot.domain.carm.scope import standing_records
from bot.watch.carm_words import record
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, Stop, no
from handlers.commands.carm import asked_of, of_us
from handlers.commands.carm_by import Voice, how, said_at, until, voice
from handlers.commands.carm_files import Pictures, pictures, read_now, unread, whose
from handlers.commands.carm_form import by_whom, form_of
from handlers.commands.carm_items import items_in, note_in, number_in
from handlers.commands.carm_meant import Meant, about_us, meant, rm_of
from handlers.commands.carm_said import kept_reply
from handlers.commands.carm_undo import lately
from handlers.commands.parties_accounts import check_number, has_account
from handlers.reply import Button, Reply, say
from handlers.words import _
from storage.ids import new_id

#: Two people who heard different things of one source within this time heard them at one moment: the worse counts.
_ONE_MOMENT = timedelta(minutes=1)


async def said(ask: Ask) -> Reply:
    """Records what was said of an importer's account, of one load's plan, or of ourselves."""
    if await about_us(ask):
        return await _own(ask)
    if ask.line.files and ask.command.noun == "shipper" and not ask.command.subject:
        return await whose(ask)
    number = number_in(ask)
    if number:
        check_number(number)
    of = await meant(ask)
    items, files = items_in(ask), await pictures(ask)
    goods = await _dutiable(ask, of, files) if ask.command.value("goods") else []
    if not items and not goods:
        return await _no_item(ask, of, number, files)
    spoken = await voice(ask, of, pictured=bool(files.ids))
    if spoken is None and items:
        raise Stop(by_whom(ask, of))
    news = [*files.faults, *(await _number(ask, of, number))]
    records = [*goods, *(_records(ask, of, items, spoken, files) if spoken is not None else ())]
    await record(ask.work, records)
    return await kept_reply(ask, await meant(ask), records, news)


async def _no_item(ask: Ask, of: Meant, number: str, files: Pictures) -> Reply:
    """A line that names no item: a number, a picture, who it was that said the last answers, or nothing yet."""
    if number:
        news = await _number(ask, of, number)
        return await kept_reply(ask, await meant(ask), (), [*files.faults, *news])
    if files.ids:
        return await unread(ask, of, files)
    if files.faults:
        raise no(*files.faults)
    if ask.command.value("by"):
        return await _renamed(ask, of)
    raise Stop(form_of(ask, of, list(asked_of(ask, of)), _("What was said? Nothing was recorded yet.")))


async def _dutiable(ask: Ask, of: Meant, files: Pictures) -> list[Evidence]:
    """That dutiable goods come: they void what rested on nothing being payable, which is asked again."""
    told, at = standing_records(of.pair.evidence), said_at(ask)
    zero = [e for e in told if (e.item, e.state) in ZERO and e.said < at]
    if not zero:
        raise no(_("Nothing is recorded that rests on nothing being payable. Nothing was changed."))
    open_ = {(e.item, e.rm): e for e in zero if not _goods_since(e, told)}
    if not open_:
        raise no(_("That dutiable goods come is recorded already. Nothing was changed."))
    spoken = await voice(ask, of, pictured=False)
    who, role, org = (spoken.who, spoken.role.value, spoken.org) if spoken else ("", "", "")
    via, picture = how(ask, pictured=bool(files.ids)), files.ids[0] if files.ids else ""
    return [
        Evidence(
            new_id(), e.importer, item, UNKNOWN, Source.OWN_STAFF, at, ask.now, who, role, org, via, ask.who.name,
            DUTIABLE_NOTE, picture, rm=rm,
        )
        for (item, rm), e in open_.items()
    ]  # fmt: skip


def _goods_since(zero: Evidence, told: Sequence[Evidence]) -> bool:
    return any(change.at > zero.said for change in changes_of_goods(told, zero.rm))


async def _number(ask: Ask, of: Meant, number: str) -> list[str]:
    if not number or of.pair.importer is None:
        return []
    return [_("The account number is kept"), *(await has_account(ask, of.pair.importer, number))]


def _records(ask: Ask, of: Meant, items: Sequence[tuple[Item, str]], spoken: Voice, files: Pictures) -> list[Evidence]:
    pictured = bool(files.ids)
    at, via, valid = said_at(ask), how(ask, pictured=pictured), until(ask)
    found = []
    for n, (item, state) in enumerate(items):
        picture = files.ids[min(n, len(files.ids) - 1)] if pictured else ""
        made = _record(ask, of, item, state, spoken, picture)
        made = replace(made, at=at, how=via, valid_until=valid, note=note_in(ask, item))
        found.append(_of_one_moment(made, of.pair.evidence) if at == ask.now else made)
    return found


def _record(ask: Ask, of: Meant, item: Item, state: str, spoken: Voice, picture: str) -> Evidence:
    subject = of.pair.readiness.subject
    if item is Item.RELEASE_PLAN and not subject.load:
        raise no(
            _("A release plan belongs to a load. Nothing was recorded."),
            _("Type: {line}").format(line='/load 1234 carm plan=c_type attendee="J. Roe 555-0142" by="Maria, PCB"'),
        )
    every = item in LOAD_ITEMS or (state == "approved_all" and not rm_of(ask))
    return Evidence(
        new_id(),
        subject.importer,
        item,
        state,
        Source.OWN_STAFF if state == UNKNOWN else spoken.source,
        ask.now,
        ask.now,
        spoken.who,
        spoken.role.value,
        spoken.org,
        recorded_by=ask.who.name,
        attachment=picture,
        supersedes=read_now(of.pair.evidence, picture),
        rm="" if every else subject.rm,
        broker=(spoken.broker or subject.broker) if item in BROKER_ITEMS else "",
        load=subject.load if item in LOAD_ITEMS else "",
    )


def _of_one_moment(made: Evidence, told: Sequence[Evidence]) -> Evidence:
    """Two people who heard different things at about the same time: neither is the newer one."""
    for other in standing_records(told):
        same = (other.item, other.source, other.rm, other.broker, other.load) == (
            made.item, made.source, made.rm, made.broker, made.load)  # fmt: skip
        near = abs(made.recorded - other.recorded) <= _ONE_MOMENT
        if same and near and other.state != made.state and other.recorded_by not in ("", made.recorded_by):
            return replace(made, at=other.at)
    return made


async def _renamed(ask: Ask, of: Meant) -> Reply:
    """Names who it was that said the speaker's last answers."""
    last = lately(of.pair.evidence, ask.who.name, ask.now)
    spoken = await voice(ask, of, pictured=False)
    if not last or spoken is None:
        raise no(
            _("You recorded nothing of it in the last 10 minutes, so there is nothing to put a name to."),
            _("Say what was said too, as in: {line}").format(line='/shipper ACME carm rpp=active by="Maria, PCB"'),
        )
    records = [
        replace(
            e, id=new_id(), source=e.source if e.state == UNKNOWN else spoken.source, who=spoken.who, org=spoken.org,
            role=spoken.role.value, how=how(ask, pictured=False) or e.how, recorded=ask.now, supersedes=e.id,
            broker=(spoken.broker or e.broker) if e.item in BROKER_ITEMS else "",
        )
        for e in last
    ]  # fmt: skip
    await record(ask.work, records)
    return await kept_reply(ask, await meant(ask), records, ())


async def _own(ask: Ask) -> Reply:
    items = items_in(ask, own=True)
    if not items:
        return await of_us(ask)
    at = said_at(ask)
    note = cut(ask.command.value("note") or "", 300)
    records = [
        Evidence(
            new_id(), "", item, state, Source.OWN_STAFF, at, ask.now, who=ask.who.name, role=Whom.OWN.value,
            how=how(ask, pictured=False), recorded_by=ask.who.name, note=note, valid_until=until(ask),
        )
        for item, state in items
    ]  # fmt: skip
    await record(ask.work, records)
    now = await of_us(ask)
    undo = Button(_("Undo"), "/shipper us carm undo")
    kept = say(_("Kept; all open loads are looked at again."))
    return replace(now, body=(kept, *now.body), buttons=(*now.buttons, undo), private=False)
