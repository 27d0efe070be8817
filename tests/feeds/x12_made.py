"""SAMPLE interchanges in X12, as a VAN would hand them over."""

from collections.abc import Iterable, Sequence

#: Element, component, terminator.
USUAL = ("*", ":", "~")


def isa(
    control: int = 7, *, sender: str = "CBP", version: str = "00406", marks: Sequence[str] = USUAL, usage: str = "P"
) -> str:
    parts = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{sender:<15}", "ZZ", f"{'SMPL':<15}", "260115", "1031"]
    return marks[0].join([*parts, "U", version, f"{control:09}", "0", usage, marks[1]]) + marks[2]


def a_set(kind: str, segments: Iterable[str], ref: str = "0001", marks: Sequence[str] = USUAL) -> list[str]:
    inner = list(segments)
    lines = [f"ST*{kind}*{ref}", *inner, f"SE*{len(inner) + 2}*{ref}"]
    return [line.replace("*", marks[0]) + marks[2] for line in lines]


def group(
    sets: Sequence[Sequence[str]],
    code: str = "AU",
    control: int = 45,
    *,
    sender: str = "CBP",
    version: str = "004060USCBP350",
    marks: Sequence[str] = USUAL,
    stamp: str = "20260115*1031",
) -> list[str]:
    head = f"GS*{code}*{sender}*SMPL*{stamp}*{control}*X*{version}"
    lines = [head, f"GE*{len(sets)}*{control}"]
    first, last = (line.replace("*", marks[0]) + marks[2] for line in lines)
    return [first, *(line for one in sets for line in one), last]


def interchange(
    groups: Sequence[Sequence[str]],
    control: int = 7,
    *,
    marks: Sequence[str] = USUAL,
    end: str = "\n",
    sender: str = "CBP",
    version: str = "00406",
) -> bytes:
    last = f"IEA*{len(groups)}*{control:09}".replace("*", marks[0]) + marks[2]
    lines = [isa(control, sender=sender, version=version, marks=marks), *(line for g in groups for line in g), last]
    return (end.join(lines) + end).encode("latin-1")


def one(kind: str, *segments: str, code: str = "AU", sender: str = "CBP", version: str = "004060USCBP350") -> bytes:
    """An interchange of a single set."""
    return interchange([group([a_set(kind, segments)], code, sender=sender, version=version)], sender=sender)


def released(
    *codes: str, shipment: str = "PAPS100123", entry: str = "9AB12345678", times: str = "20260115*1020"
) -> bytes:
    """A 350 that posts these dispositions about one shipment."""
    words = [f"X4*{shipment}*10*01*{entry}*{times}*{code}**SMPL" for code in codes]
    return one("350", "M10*SMPL*J*US***TRIP0042", "P4*3801*20260115", *words)


def many(sets: int, control: int = 7, first: int = 0) -> bytes:
    """A 350 of so many sets about so many shipments."""
    made = [
        a_set(
            "350",
            [
                f"M10*SMPL*J*US***T{i:06}",
                "P4*3801*20260115",
                f"X4*PAPS{i:06}*10*01*9AB{i:08}*20260115*1020*1C**SMPL",
                "K1*SAMPLE REMARK",
            ],
            f"{i + 1:04}",
        )
        for i in range(first, first + sets)
    ]
    return interchange([group(made)], control)
