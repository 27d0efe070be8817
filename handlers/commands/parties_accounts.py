"""An importer's program accounts as the address book keeps and shows them: never a whole number."""

from dataclasses import replace

from bot.domain.carm.bn import BnFault, mask, read_bn
from bot.watch.carm_words import look_again
from handlers.announce.scene import cut
from handlers.commands.asking import Ask, no
from handlers.words import _, mark
from storage.ids import new_id
from storage.parties import PartyRecord
from storage.programs import AccountKind, ProgramRecord

_SHAPE = mark("An importer's account is 9 digits, RM and 4 digits, as in 123456782RM0001.")
_FAULTS = {
    BnFault.MISSING: _SHAPE,
    BnFault.SHAPE: _SHAPE,
    BnFault.PROGRAM: mark("This is an account for something else than imports: that of an importer has RM in it."),
    BnFault.RM: mark("The account behind the 9 digits is missing: RM and 4 digits, as in 123456782RM0001."),
    BnFault.CHECK: mark("This is not a business number: its check digit does not fit."),
}


async def accounts(ask: Ask, party: PartyRecord) -> str:
    """Its accounts in one line: `…782 RM0001 cleared by PCB`; '' when none is known."""
    programs = (await ask.work.programs.of_importers([party.id])).get(party.id, [])
    brokers = await ask.work.parties.of({p.broker_id for p in programs if p.broker_id})
    return ", ".join(_account(p, brokers.get(p.broker_id or "")) for p in programs[:8])


def _account(program: ProgramRecord, broker: PartyRecord | None) -> str:
    parts = [mask(program.bn9, program.rm) or _("number not known")]
    if program.kind is AccountKind.EXPORTER_ONLY:
        parts.append(_("for exports only"))
    if program.kind is AccountKind.INACTIVE:
        parts.append(_("closed"))
    if broker is not None:
        parts.append(_("cleared by {broker}").format(broker=cut(broker.name, 40)))
    return " ".join(parts)


async def has_account(ask: Ask, party: PartyRecord, text: str) -> list[str]:
    """Gives an importer an account, of a number that is well formed; what is worth knowing about that number."""
    number = read_bn(text)
    own = (await ask.work.programs.of_importers([party.id])).get(party.id, [])
    if not any((p.bn9, p.rm) == (number.bn9, number.rm) for p in own):
        blank = next((p for p in own if not p.bn9), None)
        if blank is not None:
            await ask.work.programs.change(blank.id, bn9=number.bn9, rm=number.rm)
        else:
            broker = next((p.broker_id for p in own if p.broker_id), None)
            made = ProgramRecord(new_id(), party.id, number.bn9, number.rm, broker_id=broker, added_at=ask.now,
                                 added_by=ask.who.name)  # fmt: skip
            await ask.work.programs.add([made])
        await look_again(ask.work, [party.id])
    holders = (await ask.work.programs.of_numbers([number.bn9])).get(number.bn9, [])
    others = await ask.work.parties.of({p.importer_id for p in holders} - {party.id})
    form = _("{other} has this business number too; if the two are one, type: {line}")
    base = replace(ask.command, verb="same as", subject=cut(party.name, 60), pairs=())
    return [
        form.format(other=cut(other.name, 60), line=replace(base, words=(cut(other.name, 60),)).line())
        for other in others.values()
    ]


async def cleared_by(ask: Ask, party: PartyRecord, broker: PartyRecord) -> None:
    """Has a broker clear for all accounts of an importer, also for one whose number is not known yet."""
    own = (await ask.work.programs.of_importers([party.id])).get(party.id, [])
    for program in own:
        await ask.work.programs.change(program.id, broker_id=broker.id)
    if not own:
        made = ProgramRecord(new_id(), party.id, broker_id=broker.id, added_at=ask.now, added_by=ask.who.name)
        await ask.work.programs.add([made])
    await look_again(ask.work, [party.id])


def check_number(text: str) -> None:
    """Refuses what is no account of an importer, with the numbers that two swapped digits would explain."""
    number = read_bn(text)
    if number.fault is None:
        return
    sentence = _(_FAULTS[number.fault]) + " " + _("Nothing was changed.")
    if number.swapped:
        form = _("Two neighbours may have changed places: {places}. Look at the paper and type it again.")
        raise no(sentence, form.format(places="; ".join(_swap(number.bn9, other) for other in number.swapped[:4])))
    raise no(sentence)


def _swap(typed: str, other: str) -> str:
    """Which digits changed places, by their position: no whole number is shown."""
    at = next(i for i, digit in enumerate(typed) if digit != other[i])
    form = _("digits {n} and {m}, “{two}” for “{wrong}”")
    return form.format(n=at + 1, m=at + 2, two=other[at : at + 2], wrong=typed[at : at + 2])
