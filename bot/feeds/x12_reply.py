"""The 997 that answers what came in X12: syntax only, whatever the sets mean."""

import re
from datetime import datetime, tzinfo

from bot.feeds.x12 import Group, Interchange, parse

#: Groups of acknowledgements are never acknowledged.
_ANSWERS = "FA"
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


def acknowledgements(body: bytes, received: datetime, zone: tzinfo) -> list[tuple[str, bytes]]:
    """For each interchange of a body that can be answered, the name of a file and the 997 in it.

    The same body always gives the same names and bytes. It carries the control number that it answers, and its
    separators; it says which sets were read (A) and which were not, and why (R).
    """
    local, found = received.astimezone(zone), {}
    for one in parse(body).interchanges:
        groups = [g for g in one.groups if g.sets and g.head[1].strip().upper() != _ANSWERS]
        if groups:
            parts = [one.head[6], one.ref, *(g.ref for g in groups[:1])]
            name = "-".join(filter(None, (_UNSAFE.sub("", part) for part in parts)))
            found[f"997-{name}.edi"] = _written(one, groups, local)
    return list(found.items())


def _written(one: Interchange, groups: list[Group], local: datetime) -> bytes:
    date, time = f"{local:%Y%m%d}", f"{local:%H%M}"
    head, control, first = one.head, one.ref.zfill(9), groups[0].head
    number = one.ref.lstrip("0") or "0"
    version = first[8].strip()[:6] or "004010"
    nobody, component = ("00", " " * 10), one.marks.component.decode("latin-1")
    parties = (*_party(head, 7), *_party(head, 5))
    last = (head[11], head[12], control, "0", head[15].strip() or "P", component)
    segments = [
        ["ISA", *nobody, *nobody, *parties, date[2:], time, *last],
        ["GS", _ANSWERS, first[3].strip(), first[2].strip(), date, time, number, "X", version],
    ]
    for nth, group in enumerate(groups, 1):
        segments += _of_group(group, f"{nth:04}")
    segments += [["GE", str(len(groups)), number], ["IEA", "1", control]]
    element, end = one.marks.element.decode("latin-1"), one.marks.segment.decode("latin-1")
    return "".join(element.join(segment) + end for segment in segments).encode("latin-1", "replace")


def _party(head: list[str], at: int) -> tuple[str, str]:
    """Who sent or receives, as wide as an ISA has it."""
    return head[at].ljust(2)[:2], head[at + 1].ljust(15)[:15]


def _of_group(group: Group, number: str) -> list[list[str]]:
    """One 997: every set of a group, and the group as a whole."""
    found = [["ST", "997", number], ["AK1", group.head[1].strip(), group.ref]]
    for kind, ref, fault in group.sets:
        if kind and ref:
            found += [["AK2", kind, ref], ["AK5", "R", fault] if fault else ["AK5", "A"]]
    read = sum(not fault for _, _, fault in group.sets)
    came = len(group.sets)
    whole = "A" if read == came else "P" if read else "R"
    found.append(["AK9", whole, str(came), str(came), str(read)])
    return [*found, ["SE", str(len(found) + 1), number]]
