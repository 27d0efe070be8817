"""/shipper and /broker: two entries that are the same party, and taking that back."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.carm.bn import mask
from bot.watch.parties import name_key
from bot.watch.parties_merge import merge, merges_of, part
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, Stop, done, no, question, wanted
from handlers.commands.carm_said import taken_back
from handlers.commands.carm_undo import lately, withdraw
from handlers.commands.naming import near_parties, parties_of, party_label
from handlers.commands.parties import aliases, fields, known
from handlers.commands.parties_accounts import accounts
from handlers.grammar import Command
from handlers.reply import Button, Reply
from handlers.words import _
from storage.merges import MergeRecord
from storage.parties import PartyRecord


def _role(ask: Ask) -> str:
    return "broker" if ask.command.noun == "broker" else "importer"


async def same_as(ask: Ask) -> Reply:
    """Makes one of two: the one that is named first stays, the other becomes one of its names."""
    kept = await known(ask, _role(ask))
    text = wanted(ask, _("The same as which other one?"), ask.command.spec.example)
    gone = await _other(ask, kept, text)
    if not text.startswith("="):
        await _two_numbers(ask, kept, gone)
    now = await merge(ask.work, gone, kept, ask.hands)
    if now is None:
        raise _already(gone, kept)
    title = _("{gone} is {kept} now: either name finds it, with the loads of both and all that is known of both.")
    undo = Command(ask.command.noun, kept.id, "undo").line()
    back = _("A mistake? Type: {line}").format(line=Command(ask.command.noun, cut(kept.name, 60), "undo").line())
    return done(
        title.format(gone=cut(gone.name, 60), kept=cut(kept.name, 60)), (back,),
        fields(now, await aliases(ask, now), await accounts(ask, now)), buttons=(Button(_("Undo"), undo),),
    )  # fmt: skip


def _already(gone: PartyRecord, kept: PartyRecord) -> Stop:
    form = _("{gone} and {kept} are one already. Nothing was changed.")
    return no(form.format(gone=cut(gone.name, 60), kept=cut(kept.name, 60)))


async def _other(ask: Ask, kept: PartyRecord, text: str) -> PartyRecord:
    """The party that is meant beside the kept one."""
    found = await parties_of(ask, text)
    others = [p for p in found if p.id != kept.id]
    again = [(await party_label(ask, p), replace(ask.command, subject=kept.id, words=(p.id,)).line()) for p in others]
    if len(others) == 1:
        return others[0]
    name = cut(text.lstrip("="), 40)
    if others:
        raise question(_("There are {n} of the name “{name}”. Which one?").format(n=len(others), name=name), again)
    if found:
        raise _already(kept, kept)
    near = [p for p in await near_parties(ask, text) if p.id != kept.id]
    title = _("There is no “{name}” in the address book, and nothing was changed.").format(name=name)
    if not near:
        raise no(title, _("Everybody: {line}").format(line=f"/{ask.command.noun}"))
    raise question(title, [(p.name, replace(ask.command, subject=kept.id, words=(p.id,)).line()) for p in near])


async def _two_numbers(ask: Ask, kept: PartyRecord, gone: PartyRecord) -> None:
    """Two business numbers are two companies: that they are one is asked first."""
    found = await ask.work.programs.of_importers([kept.id, gone.id])
    own, other = ({p.bn9 for p in found.get(party.id, ()) if p.bn9} for party in (kept, gone))
    if not own or not other or own & other:
        return
    line = replace(ask.command, subject=kept.id, words=(f"={gone.id}",)).line()
    form = _("{kept} has the business number {own} and {gone} {other}: that is two companies. Nothing was changed.")
    title = form.format(
        kept=cut(kept.name, 60), gone=cut(gone.name, 60),
        own=", ".join(map(mask, sorted(own))), other=", ".join(map(mask, sorted(other))),
    )  # fmt: skip
    raise question(title, [(_("They are one all the same"), line)])


async def not_same_as(ask: Ask) -> Reply:
    """Takes apart what somebody made one."""
    party = await known(ask, _role(ask))
    text = wanted(ask, _("Which one is not the same?"), ask.command.spec.example)
    standing = await merges_of(ask.work, party)
    meant = [m for m in standing if name_key(m.moved["name"]) == name_key(text) or m.gone_id == text]
    if not meant:
        title = _("“{name}” was never made one with {kept}. Nothing was changed.")
        raise no(title.format(name=cut(text, 40), kept=cut(party.name, 60)), *_listed(ask, party, standing))
    return await _apart(ask, party, meant[0], standing)


async def undo(ask: Ask) -> Reply:
    """Takes back the speaker's last change that can be taken back: what was made one comes apart."""
    party = await known(ask, _role(ask))
    standing = await merges_of(ask.work, party)
    by = ask.hands
    told = (await ask.work.evidence.of_importers([party.id])).get(party.id, [])
    said = lately(told, ask.who.name, ask.now)
    if said and not any(m.at > said[0].recorded for m in standing):
        return await taken_back(ask, party, await withdraw(ask, told, cut(party.name, 40)))
    own = [m for m in standing if (m.person == by.person if by.person else m.who == by.who)]
    if not own:
        title = _("You changed nothing of {name} that could be taken back. Nothing was changed.")
        raise no(title.format(name=cut(party.name, 60)), *_listed(ask, party, standing))
    return await _apart(ask, party, own[0], standing)


def _listed(ask: Ask, party: PartyRecord, standing: Sequence[MergeRecord]) -> list[str]:
    """What was made one with it, by whom, and how to take each apart."""
    form = _("{who} made {gone} one with it {time}; to take that apart, type: {line}")
    return [
        form.format(
            who=cut(m.who, 40), gone=cut(m.moved["name"], 60), time=ask.times().aged(m.at),
            line=Command(ask.command.noun, cut(party.name, 60), "not same as", (cut(m.moved["name"], 60),)).line(),
        )
        for m in standing[:8]
    ]  # fmt: skip


async def _apart(ask: Ask, party: PartyRecord, merged: MergeRecord, standing: Sequence[MergeRecord]) -> Reply:
    if merged.kept_id != party.id:
        # It was made one with a party that itself became a part of this one: that comes apart first.
        outer = next((m for m in standing if m.gone_id == merged.kept_id), merged)
        raise no(_("That is two steps back. Nothing was changed."), *_listed(ask, party, [outer]))
    two = await part(ask.work, merged, ask.hands)
    if two is None:
        raise no(_("They are two again already. Nothing was changed."))
    gone, kept = two
    title = _("{gone} and {kept} are two again, each with its own names, loads, accounts and evidence.")
    stays = _("What was said of {kept} since {time} stays with {kept}")
    return done(
        title.format(gone=cut(gone.name, 60), kept=cut(kept.name, 60)),
        (stays.format(kept=cut(kept.name, 60), time=ask.times().aged(merged.at)),),
        fields(gone, await aliases(ask, gone), await accounts(ask, gone)),
        fields(kept, await aliases(ask, kept), await accounts(ask, kept)),
    )
