"""Account numbers of importers, which stand for nobody else: what follows where the importer of a shipment changes."""

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence

from bot.domain.carm.account import ACCOUNT, IMPORTER, account_of
from bot.domain.carm.bn import read_bn
from bot.domain.load import Said
from bot.domain.remarks import Remark, Say
from bot.watch.fields import Columns
from storage.shipments import ShipmentRecord
from storage.work import Work

_BOTH = frozenset({IMPORTER, ACCOUNT})


def with_accounts(fields: Iterable[str]) -> set[str]:
    """These fields; whose account number stands is looked at with who imports."""
    wanted = set(fields)
    return wanted | _BOTH if wanted & _BOTH else wanted


async def made_one(work: Work, fields: Collection[str], histories: Iterable[Iterable[Said]]) -> Mapping[str, str]:
    """Which parties were made one with which, read only where a load had several importers."""
    several = any(len({s.value for s in told if s.field == IMPORTER}) > 1 for told in histories)
    return await work.parties.merged() if several and ACCOUNT in fields else {}


def own_accounts(
    rows: Sequence[ShipmentRecord],
    words: Mapping[tuple[str, str], Sequence[Said]],
    merged: Mapping[str, str],
    columns: MutableMapping[str, Columns],
) -> list[Remark]:
    """Puts into the columns of a load's shipments the account numbers of those who import now; remarks on numbers that
    stood of somebody else."""
    gone: dict[str, None] = {}
    for row in rows:
        if (row.id, ACCOUNT) not in words:
            continue
        told = [*words.get((row.id, IMPORTER), ()), *words[row.id, ACCOUNT]]
        word = account_of(told, lambda id_: merged.get(id_, id_))
        columns[row.id] = columns.get(row.id, {}) | {"importer_bn15": (word.value if word else None) or ""}
        if row.importer_bn15 and word is None:
            gone[row.importer_bn15] = None
    return [Say.ACCOUNT_OFF.of(number=read_bn(number).masked) for number in gone]
