"""Messages as Canadian customs sends them, written the one way for all tests (SAMPLE data)."""


def rns(
    code: str, pars: str, transaction: str, stamp: str, *, office: str = "0453", sub: str = "1234", ref: int = 1
) -> bytes:
    """A release message (CUSRES): `9`, `4`, `14+01` (an error and its code); `stamp` as its own clock writes it."""
    indicator, _, error = code.partition("+")
    parts = [f"GIS+{indicator}", *([f"ERC+{error}"] if error else []), *([f"RFF+XC:{pars}"] if pars else [])]
    parts += [f"RFF+TN:{transaction}"] if transaction else []
    place = f"LOC+22+{office}:129" + (f"::{sub}" if sub else "")
    head = f"UNH+{ref}+CUSRES:D:96A:UN'BGM+:::125+{transaction or 'SAMPLE'}+11'{place}'DTM+9:{stamp}:203'"
    return (head + "".join(f"{p}'" for p in parts) + f"UNT+{len(parts) + 5}+{ref}'").encode()


def notice(text: str, pars: str, transaction: str, stamp: str, *, ref: int = 1) -> bytes:
    """A completeness notice (GOVCBR D4)."""
    return (
        f"UNH+{ref}+GOVCBR:D:13A:UN+ECRD40'BGM+23:::785+{pars}:1:1+11'DTM+9:{stamp}:203'RFF+AGO:123456782RM0001'"
        f"RFF+ACE:{transaction}::929'GOR++5'LOC+22+0453:129::1234'FTX+SIN+++{text}'UNS+D'HYN+3'UNS+S'UNT+12+{ref}'"
    ).encode()
