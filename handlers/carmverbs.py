"""The lines about CARM, of a shipper and of a load."""

from handlers.verbs import After, Verb, changing
from handlers.words import mark

#: Which account is meant where there are several.
_WHICH = ("broker", "rm")
#: What can be known of an importer's account, in the order of the help.
ITEMS = (
    "ior", "bn", "portal", "managers", "delegation", "rpp", "security", "review", "debt", "standing", "plan", "hours",
    "hold", "release", "reject", "code", "bonded",
)  # fmt: skip
_SAID = (*ITEMS, *_WHICH, "by", "via", "at", "until", "attendee", "agreed", "goods", "note", "file")


def _verbs(noun: str, name: str, whose: str) -> tuple[Verb, ...]:
    line = f"/{noun} {name} carm"
    return (
        Verb(
            "carm",
            line,
            whose,
            keys=_WHICH,
            keyed="carm set",
            also=("carm ok", "carm ready", "carm status", "carm check", "carm readiness", "check carm"),
        ),
        Verb(
            "carm ask",
            f"{line} ask",
            mark("What to ask, whom first, with answers to tap"),
            keys=_WHICH,
            also=("ask carm", "carm questions", "carm question", "carm call"),
        ),
        changing(
            "carm set",
            f'{line} rpp=active by="Maria, PCB" via=phone',
            mark("What somebody said of its account: rpp=, delegation=, security= and more, by whom"),
            After.SUBJECT,
            keys=_SAID,
            also=("carm said", "carm answer", "carm form", "set carm"),
            short="carm",
        ),
    )


OF_LOAD = _verbs("load", "1234", mark("Whether its importers are CARM OK, and whom to call"))
OF_SHIPPER = (
    *_verbs(
        "shipper",
        "ACME",
        mark(
            "Whether its importer is CARM OK with the broker, and what to do at this hour; without a name, all of them"
        ),
    ),
    Verb(
        "carm log",
        "/shipper ACME carm log",
        mark("Everything that was said of it, by whom, and what was taken back"),
        also=("carm history", "log carm"),
    ),
    changing(
        "carm undo",
        "/shipper ACME carm undo",
        mark("Takes back what you recorded in the last 10 minutes"),
        After.SUBJECT,
        also=("undo carm", "carm oops"),
    ),
)
