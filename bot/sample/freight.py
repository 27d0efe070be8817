"""The SAMPLE day as a story, load by load: invented names, numbers and phones (555-01xx), all marked SAMPLE."""

from bot.sample.story import Beats, Broker, Listed, Notice, Rns, Silent, Step, Tale, Typed

ROBIN = "SAMPLE Robin"
_NAMES = (
    "Arun", "Bea", "Cleo", "Dev", "Edda", "Finn", "Gwen", "Hugo", "Ines", "Jun", "Kai", "Lena", "Miro", "Nell", "Otto",
    "Pia",
)  # fmt: skip
#: Name and phone of each driver.
DRIVERS = {f"SAMPLE {name}": f"555-01{20 + n}" for n, name in enumerate(_NAMES)}
ARUN, BEA, CLEO, DEV, EDDA, FINN, GWEN, HUGO, INES, JUN, KAI, LENA, MIRO, NELL, OTTO, PIA = DRIVERS

#: Short name, name, day and night phone, hours (opens, closes; every day), files as.
BROKERS = (
    ("MAPLE", "SAMPLE Maple Brokers", "555-0101", "555-0102", ()),
    ("HARB", "SAMPLE Harbour Customs", "555-0103", "555-0104", ("08:00", "18:00")),
    ("PINE", "SAMPLE Pine Brokers", "555-0105", "555-0106", ()),
)
#: The broker whose own JSON the feed `broker` brings.
TELLS_BY_JSON = "SAMPLE Pine Brokers"

#: An importer of record, by day and by night.
BIRCH, BIRCH_PHONES = "SAMPLE Birch Foods", ("555-0107", "555-0108")

_WINDSOR, _SARNIA, _FORT_ERIE = "Ambassador Bridge", "Blue Water Bridge", "Peace Bridge"
_NIGHT, _MORNING = "05:00", "06:04"


def _row(number: str, eta: str, crossing: str, driver: str, papers: str = "", **more: str) -> dict[str, str]:
    """A row of a load list: into Canada, cleared by MAPLE, unless it says otherwise."""
    base = {"number": number, "direction": "CA", "broker": "MAPLE", "truck": number[1:]}
    return base | {"eta": eta, "crossing": crossing, "driver": driver, "papers_sent": papers} | more


TALES = (
    Tale(
        "no news in time: raised, level up, owned, accepted, cleared",
        _NIGHT,
        (_row("S101", "08:40", _WINDSOR, ARUN, "02:20", pars="SMPLPARS100101"),),
        (
            Notice("05:34", "0002", "SMPLPARS100101"),
            Typed("06:46", ROBIN, "/load S101 why"),
            Typed("06:48", ROBIN, "/load S101 got it"),
            Typed("06:57", ROBIN, "/load S101 note MAPLE found it in their queue and is sending it now"),
            Notice("07:08", "0001", "SMPLPARS100101", 1),
            Rns("07:12", "9", "SMPLPARS100101", 1),
            Typed("08:38", ARUN, "/load S101 crossed"),
        ),
    ),
    Tale(
        "refused by customs with a code, filed again as a new transaction, cleared",
        _NIGHT,
        (_row("S102", "10:30", _WINDSOR, BEA, "03:00", pars="SMPLPARS100102"),),
        (
            Rns("05:45", "14", "SMPLPARS100102", 2, error="531"),
            Typed("05:57", ROBIN, "/load S102 got it"),
            Typed("05:59", ROBIN, "/load S102 note MAPLE corrects the country of origin and files again"),
            Notice("06:22", "0001", "SMPLPARS100102", 12),
            Rns("06:26", "9", "SMPLPARS100102", 12),
            Typed("10:28", BEA, "/load S102 crossed"),
        ),
    ),
    Tale(
        "accepted in good time, sent to an exam at the booth, released; the driver is told to stay",
        _NIGHT,
        (_row("S103", "07:30", _WINDSOR, CLEO, "03:00", pars="SMPLPARS100103"),),
        (
            Rns("05:02", "9", "SMPLPARS100103", 3),
            Typed("05:50", ROBIN, "/load S103 manifest accepted 05:12"),
            Notice("07:29", "REPORTED", "SMPLPARS100103", 3),
            Rns("07:34", "5", "SMPLPARS100103", 3),
            Typed("07:38", ROBIN, "/load S103 got it until=08:45"),
            Typed("07:50", CLEO, "/load S103 status"),
            Rns("08:22", "4", "SMPLPARS100103", 3),
        ),
    ),
    Tale(
        "our own change breaks the link for some minutes: nothing is said, it settles by itself",
        _NIGHT,
        (_row("S104", "10:00", _SARNIA, DEV, "02:40", pars="SMPLPARS100104", trip="SMPLTRIP104"),),
        (
            Rns("05:25", "9", "SMPLPARS100104", 4, "0440"),
            Typed("07:36", ROBIN, "/load S104 eta 10:20"),
            Notice("07:40", "0002", "SMPLPARS100104", 4, "0440"),
            Typed("07:43", ROBIN, "/load S104 status"),
            Notice("07:44", "0001", "SMPLPARS100104", 4, "0440"),
            Rns("07:45", "9", "SMPLPARS100104", 4, "0440"),
            Typed("10:17", DEV, "/load S104 crossed"),
        ),
    ),
    Tale(
        "an acceptance is taken back, does not settle, and becomes a hold",
        _NIGHT,
        (_row("S105", "10:45", _FORT_ERIE, EDDA, "02:50", pars="SMPLPARS100105"),),
        (
            Rns("05:55", "9", "SMPLPARS100105", 5, "0410"),
            Notice("07:52", "0002", "SMPLPARS100105", 5, "0410"),
            Typed("08:05", ROBIN, "/load S105 why"),
            Typed("08:07", ROBIN, "/load S105 got it"),
            Notice("08:29", "0001", "SMPLPARS100105", 5, "0410"),
            Rns("08:32", "9", "SMPLPARS100105", 5, "0410"),
            Typed("10:42", EDDA, "/load S105 crossed"),
        ),
    ),
    Tale(
        "customs' feed goes silent: one card names the loads it blinds, and its return is told",
        _MORNING,
        (_row("S106", "11:10", _WINDSOR, FINN, "06:00", pars="SMPLPARS100106"),),
        (
            Silent("08:40", "rns"),
            Typed("09:00", ROBIN, "/feed list"),
            Beats("09:12", "rns"),
            Typed("09:14", ROBIN, "/load S106 got it"),
            Rns("09:26", "9", "SMPLPARS100106", 6),
            Typed("11:07", FINN, "/load S106 crossed"),
        ),
    ),
    Tale(
        "another carrier's number that no feed covers: watched by telephone",
        _NIGHT,
        (_row("S107", "09:30", _WINDSOR, "", "03:30", pars="LAKEPARS200107", truck=""),),
        (
            Typed("05:30", ROBIN, '/load S107 carried by "SAMPLE Lakeshore" phone=555-0188'),
            Typed("06:52", ROBIN, "/load S107 not filed by=Maria/MAPLE"),
            Typed("07:21", ROBIN, "/load S107 accepted by=Maria/MAPLE"),
            Typed("09:29", ROBIN, "/load S107 crossed 09:27"),
        ),
    ),
    Tale(
        "accepted, but for another port than the truck's; the broker amends it",
        _NIGHT,
        (_row("S108", "10:15", _SARNIA, GWEN, "03:05", pars="SMPLPARS100108"),),
        (
            Rns("06:12", "9", "SMPLPARS100108", 8, "0453"),
            Typed("06:30", ROBIN, "/load S108 why"),
            Typed("06:31", ROBIN, "/load S108 got it until=07:30"),
            Rns("07:03", "9", "SMPLPARS100108", 8, "0440"),
            Typed("10:12", GWEN, "/load S108 crossed"),
        ),
    ),
    Tale(
        "a number that was used before is refused; a new sticker, waiting, cleared",
        _NIGHT,
        (_row("S109", "10:40", _WINDSOR, HUGO, "04:30", pars="SMPLPARS100109"),),
        (
            Rns("06:34", "14", "SMPLPARS100109", 9, error="464"),
            Typed("06:50", ROBIN, "/load S109 got it"),
            Typed("06:55", ROBIN, "/load S109 pars SMPLPARS100109=>SMPLPARS100199"),
            Rns("07:16", "9", "SMPLPARS100199", 19),
            Typed("10:37", HUGO, "/load S109 crossed"),
        ),
    ),
    Tale(
        "two shipments on one truck, one of them late",
        _NIGHT,
        (
            _row("S110", "09:50", _WINDSOR, INES, "02:40", pars="SMPLPARS100110"),
            _row("S110", "09:50", _WINDSOR, INES, "03:30", pars="SMPLPARS100111"),
        ),
        (
            Rns("05:36", "9", "SMPLPARS100110", 10),
            Typed("07:06", ROBIN, "/load S110 why"),
            Typed("07:55", ROBIN, "/load S110 got it"),
            Rns("08:14", "9", "SMPLPARS100111", 11),
            Typed("09:47", INES, "/load S110 crossed"),
        ),
    ),
    Tale(
        "an empty: nothing to clear, its manifest accepted by dispatch's word",
        _MORNING,
        (_row("S111", "08:30", _WINDSOR, JUN, trip="SMPLTRIP111", kind="empty", broker=""),),
        (
            Typed("06:18", ROBIN, "/load S111 manifest accepted 06:10"),
            Typed("06:19", ROBIN, "/load S111 status"),
            Typed("08:28", JUN, "/load S111 crossed"),
        ),
    ),
    Tale(
        "typed in with too little time: told at once as tight, the ETA moved, cleared",
        steps=(
            Typed(
                "07:24",
                ROBIN,
                '/load S112 add to=CA port="Blue Water Bridge" eta=10:40 pars=SMPLPARS100112 broker=HARB papers=07:20'
                f' driver="{KAI}" truck=112',
            ),
            Typed("07:29", ROBIN, "/load S112 eta 11:25"),
            Rns("08:34", "9", "SMPLPARS100112", 112, "0440"),
            Typed("11:22", KAI, "/load S112 crossed"),
        ),
    ),
    Tale(
        "the letter O for the digit 0: an orphan that looks alike is named, the number mended",
        _NIGHT,
        (_row("S113", "09:20", _WINDSOR, LENA, "03:40", pars="SMPLPARS1OO113"),),
        (
            Rns("06:20", "9", "SMPLPARS100113", 113),
            Typed("07:00", ROBIN, f"/load S113 note {LENA} reads 100113 from the sticker"),
            Typed("07:01", ROBIN, "/load S113 pars SMPLPARS1OO113=>SMPLPARS100113"),
            Typed("09:18", LENA, "/load S113 crossed"),
        ),
    ),
    Tale(
        "customs speaks of a number before anybody entered its load: kept as an orphan, counted when it is added",
        steps=(
            Rns("06:05", "9", "SMPLPARS100114", 114, "0410"),
            Typed(
                "07:10",
                ROBIN,
                '/load S114 add to=CA port="Peace Bridge" eta=10:50 pars=SMPLPARS100114 broker=MAPLE papers=04:10'
                f' driver="{MIRO}" truck=114',
            ),
            Typed("10:47", MIRO, "/load S114 crossed"),
        ),
    ),
    Tale(
        "into the US: no entry on file yet, then the broker's own JSON says it is",
        _MORNING,
        (_row("S115", "09:10", _WINDSOR, NELL, "05:40", paps="SMPL200115", direction="US", broker="PINE"),),
        (
            Broker("07:18", "awaiting processing", "SMPL200115"),
            Typed("07:42", ROBIN, "/load S115 got it"),
            Broker("07:57", "accepted", "SMPL200115"),
            Broker("09:08", "released", "SMPL200115"),
        ),
    ),
    Tale(
        "nobody knows when papers went, nobody owns it, and it crosses unseen: closed, never called cleared",
        _NIGHT,
        (_row("S116", "10:00", _WINDSOR, OTTO, pars="SMPLPARS100116", broker="HARB"),),
        (
            Typed("08:20", ROBIN, "/load S116 papers sent 05:30"),
            Typed("10:06", OTTO, "/load S116 crossed 10:02"),
        ),
    ),
    Tale(
        "the importer's account can't release: told hours before the pickup, mended by the importer, accepted",
        _MORNING,
        (
            _row("S117", "11:10", _WINDSOR, PIA, "06:20", pars="SMPLPARS100117", pickup="08:45")
            | {"importer": BIRCH, "importer_bn15": "123456782RM0001"},
        ),
        (
            Typed("06:15", ROBIN, "/load S117 carm ask"),
            Typed("06:40", ROBIN, '/load S117 carm rpp=suspended by="Maria, MAPLE" via=phone'),
            Typed("06:43", ROBIN, "/load S117 got it until=09:00"),
            Typed("06:44", ROBIN, f'/shipper "{BIRCH}" carm'),
            Typed("07:55", ROBIN, '/load S117 carm rpp=active security=sufficient_bond by="Maria, MAPLE" via=phone'),
            Rns("08:35", "9", "SMPLPARS100117", 117),
            Typed("11:07", PIA, "/load S117 crossed"),
        ),
    ),
)


def _in_order() -> tuple[Step, ...]:
    """The whole day in civil order: the lists of loads, and what happens to each."""
    lists: dict[str, list[dict[str, str]]] = {}
    for tale in TALES:
        lists.setdefault(tale.known, []).extend(tale.rows)
    found: list[Step] = [Listed(known, tuple(rows)) for known, rows in lists.items() if known]
    found += [step for tale in TALES for step in tale.steps]
    return tuple(sorted(found, key=lambda step: step.at))


STORY = _in_order()
#: When the day is over.
ENDS = "11:30"
