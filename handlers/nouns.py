"""What can be typed: nouns, their verbs, keys, synonyms and help. Data only; README and the menus are made from it."""

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.carmverbs import OF_LOAD, OF_SHIPPER
from handlers.verbs import After, Role, Verb
from handlers.verbs import changing as _write
from handlers.words import _, mark

__all__ = ["BY_NAME", "LOAD_COLUMNS", "NOUNS", "After", "Noun", "Role", "Verb", "lines"]


@dataclass(frozen=True, slots=True)
class Noun:
    """A first word. `default` is the verb of a line without one; `alone` of a line without a subject too."""

    name: str
    about: str
    verbs: tuple[Verb, ...]
    default: str
    alone: str
    also: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        return _(self.about)

    def verb(self, name: str) -> Verb:
        """The verb of that exact name; KeyError when there is none."""
        return _VERBS[self.name, name]


_WORD = ("by", "trans", "via", "at")

#: Keys of `load add` and the import column that each fills.
LOAD_COLUMNS = {
    "to": "direction", "kind": "kind", "trip": "trip", "port": "crossing", "terminal": "terminal", "eta": "eta",
    "pickup": "pickup", "driver": "driver", "truck": "truck", "trailer": "trailer", "fast": "fast",
    "shipper": "shipper", "consignee": "consignee", "terms": "sale_terms", "importer": "importer",
    "bn15": "importer_bn15", "broker": "broker", "papers": "papers_sent", "pars": "pars", "paps": "paps",
    "inbond": "inbond", "entry": "entry", "agency": "agency", "plan": "release_plan", "note": "note",
}  # fmt: skip

_LOAD = (
    Verb("status", "/load 1234 status", mark("May it go? One sentence first, then each shipment"), role=Role.DRIVER,
         also=("stat", "where", "wheres", "whereabouts", "show", "check", "info", "state", "track", "any update",
               "find", "look up", "lookup", "whats up", "what about", "any news", "news")),
    Verb("why", "/load 1234 why", mark("The rules that fired, the facts and their ages"),
         also=("reason", "explain", "how come")),
    Verb("log", "/load 1234 log", mark("Everything heard, said and told about it"),
         also=("history", "events", "timeline")),
    _write("got it", "/load 1234 got it until=14:30", mark("You own it; nobody else is chased meanwhile"),
           keys=("until",),
           also=("ive got it", "i have got it", "i got it", "i have it", "ive got this", "got this", "mine", "its mine",
                 "ack", "acknowledge", "acknowledged", "taking it", "ill take it", "im on it", "on it", "own", "take")),
    _write("accepted", "/load 1234 accepted by=Maria/PCB", mark("Somebody told you it is accepted (by phone)"),
           keys=_WORD, also=("accepted by phone",)),
    _write("released", "/load 1234 released by=Maria/PCB", mark("Somebody told you it is released (by phone)"),
           keys=_WORD, also=("released by phone",)),
    _write("not filed", "/load 1234 not filed by=Maria/PCB", mark("The broker says nothing was filed"), keys=_WORD,
           also=("notfiled", "nothing filed", "not submitted", "not transmitted")),
    _write("manifest accepted", "/load 1234 manifest accepted 15:25", mark("The trip's manifest is accepted"),
           keys=("by", "trip"), also=("manifest ok", "manifest is accepted", "emanifest accepted", "manifest")),
    _write("manifest rejected", "/load 1234 manifest rejected by=Maria", mark("The trip's manifest was refused"),
           keys=("by",),
           also=("manifest refused", "manifest was rejected", "manifest was refused", "manifest is rejected",
                 "manifest is refused", "manifest not accepted", "manifest was not accepted", "manifest isnt accepted",
                 "manifest is not accepted", "manifest not ok", "emanifest rejected", "emanifest refused",
                 "emanifest not accepted", "manifest denied", "manifest failed")),
    _write("eta", "/load 1234 eta 14:30", mark("When the truck is at the border"), role=Role.DRIVER,
           also=("arrives", "arriving", "eta is", "new eta")),
    _write("papers sent", "/load 1234 papers sent 09:40", mark("When the papers went to the broker"), role=Role.DRIVER,
           keys=("by", "via"),
           also=("papers", "paper sent", "papers were sent", "docs sent", "docs", "documents sent", "paperwork sent",
                 "paperwork", "sent papers", "sent docs", "sent paperwork", "papers went")),
    _write("port", "/load 1234 port Sarnia", mark("Where it crosses"), also=("crossing", "crosses at", "bridge")),
    _write("pars", "/load 1234 pars 77YYPARS10001", mark("Its PARS numbers: add, A=>B replaces, -A drops"),
           also=("pars number",), names=True),
    _write("paps", "/load 1234 paps ABCD10001", mark("Its PAPS numbers: add, A=>B replaces, -A drops"),
           also=("paps number",), names=True),
    _write("inbond", "/load 1234 inbond 257700030", mark("Its in-bond number"), also=("in-bond", "in bond"),
           names=True),
    _write("trip", "/load 1234 trip 77YYTRIP0001", mark("Its trip number (CRN, ACE trip)"),
           also=("crn", "trip number"), names=True),
    _write("driver", "/load 1234 driver Singh", mark("Who drives it")),
    _write("broker", "/load 1234 broker PCB", mark("Who clears it")),
    _write("importer", "/load 1234 importer ACME", mark("Importer of record"), keys=("bn15",), also=("ior",)),
    _write("consignee", "/load 1234 consignee Boxes Inc",
           mark("To whom the goods go: who imports is asked again when it changes"), also=("cnee",)),
    _write("terms", "/load 1234 terms DAP Windsor", mark("Terms of sale: who imports is asked again when they change"),
           also=("terms of sale", "sale terms", "incoterms", "incoterm")),
    _write("truck", "/load 1234 truck 88", mark("Which truck pulls it"), also=("tractor", "unit"), names=True),
    _write("trailer", "/load 1234 trailer 5310", mark("Which trailer it is in"), also=("trl", "trlr"), names=True),
    _write("carried by", '/load 1234 carried by "North Lane" phone=555-0142', mark("Another carrier has it, and phone"),
           keys=("phone",)),
    _write("agency", "/load 1234 agency ok by=Maria/PCB", mark("Other agency: `FDA`, `CFIA`; `ok` when confirmed"),
           keys=_WORD),
    _write("filer", "/load 1234 filer yes by=Maria/PCB", mark("Another filer's acceptance is right: `yes`"),
           keys=_WORD),
    _write("sticker", "/load 1234 sticker ours", mark("Which number is on the sticker: `ours` or `theirs`"),
           keys=("aci",), also=("on the sticker", "sticker is", "sticker says")),
    _write("note", "/load 1234 note seal 4471 broken", mark("A note that everybody sees"), After.TEXT,
           also=("comment", "remark")),
    _write("wrong", "/load 1234 wrong not a hold", mark("False alarm (`not a hold`) or a miss (`missed`)"), After.TEXT,
           also=("false alarm",)),
    _write("crossed", "/load 1234 crossed 14:10", mark("It is over the border"), role=Role.DRIVER,
           also=("is across", "across", "has crossed", "is over")),
    _write("ask", "/load 1234 ask", mark("Asks customs about it now, where a feed can ask"), After.SUBJECT,
           also=("ask customs", "ask again", "query", "query customs")),
    _write("cancel", "/load 1234 cancel", mark("It does not run; stops the watch"),
           also=("cancelled", "canceled", "dead", "is dead", "scrap", "tonu")),
    _write("renumber", "/load 1234 renumber 1235", mark("Dispatch calls it by another number now"), also=("rename",)),
    _write("undo", "/load 1234 undo", mark("Takes back your last change"), After.SUBJECT, also=("oops", "revert")),
    _write("add", "/load 1234 add to=CA port=Sarnia eta=14:30", mark("A new load; alone it opens a form in Slack"),
           After.SUBJECT, keys=tuple(LOAD_COLUMNS), also=("new", "create")),
    *OF_LOAD,
    Verb("list", "/load list held", mark("Loads: `held`, `today`, by port=, broker=, driver="), after=After.WORDS,
         keys=("port", "broker", "driver", "to"), also=("loads",)),
)  # fmt: skip

_PARTY_KEYS = ("name", "alias", "bn15", "broker", "phone", "email")
_BROKER_KEYS = ("name", "alias", "phone", "night", "email", "hours", "zone", "promise", "filer")


def _same(noun: str, name: str, other: str) -> tuple[Verb, ...]:
    """What both kinds of parties have: two that are one, and the way back."""
    return (
        _write(
            "same as",
            f'/{noun} {name} same as "{other}"',
            mark("Two entries that are one: the first name stays"),
            also=("is same as", "is the same as", "the same as", "merge", "merge with", "duplicate of"),
        ),
        _write(
            "not same as",
            f'/{noun} {name} not same as "{other}"',
            mark("They are two after all: takes it apart"),
            also=("is not the same as", "is not same as", "unmerge", "split"),
        ),
        _write(
            "undo",
            f"/{noun} {name} undo",
            mark("Takes back what you changed last, where that can be done"),
            After.SUBJECT,
            also=("take back", "revert"),
        ),
    )


NOUNS: tuple[Noun, ...] = (
    Noun("load", mark("One truck movement over the border"), _LOAD, "status", "status", ("loads", "ld", "lod")),
    Noun("hold", mark("What is in trouble now"), (
        Verb("list", "/hold list", mark("Open alerts, worst first, with owner and age"), after=After.WORDS,
             keys=("port", "broker", "driver", "to"), also=("show", "open", "all")),
    ), "list", "list", ("holds", "alert", "alerts", "held", "trouble")),
    Noun("shipper", mark("Importers, shippers and consignees"), (
        Verb("show", "/shipper ACME", mark("What is known of it, and its loads"), also=("info",)),
        _write("add", "/shipper ACME add bn15=123456782RM0001", mark("A new one, or more about it"),
               After.SUBJECT, keys=_PARTY_KEYS, also=("new", "create")),
        _write("broker", "/shipper ACME broker PCB", mark("Who clears for it")),
        *OF_SHIPPER,
        *_same("shipper", "ACME", "ACME Ltd"),
    ), "show", "show", ("shippers", "importer", "importers", "consignee", "consignees", "customer", "customers")),
    Noun("broker", mark("Who clears, and whom to call at this hour"), (
        Verb(
            "show", "/broker PCB", mark("Day and night numbers, hours, promise, measured times"),
            also=("info", "phone", "number"),
        ),
        _write("set", "/broker PCB set night=555-0142", mark("Its numbers, hours, promise"),
               After.SUBJECT, keys=_BROKER_KEYS, also=("add", "new", "change")),
        *_same("broker", "PCB", "PCB Inc"),
    ), "show", "show", ("brokers",)),
    Noun("driver", mark("Drivers and their Telegram"), (
        Verb("show", "/driver Singh", mark("Phone, truck, loads, and whether Telegram is bound"),
             also=("info", "phone", "list")),
        _write("add", "/driver Singh add phone=555-0117", mark("A new driver"), After.SUBJECT,
               keys=("phone", "unit", "language"), also=("new", "create")),
        _write("invite", "/driver Singh invite", mark("A link, good once, that binds their Telegram"), After.SUBJECT),
        _write("remove", "/driver Singh remove", mark("Drives for us no more"), After.SUBJECT, also=("delete",)),
    ), "show", "show", ("drivers",)),
    Noun("port", mark("Crossings"), (
        Verb("show", "/port Windsor", mark("All its crossings, wait times, loads on the way"), also=("info",)),
        Verb("list", "/port list", mark("All crossings"), after=After.WORDS, also=("all",)),
    ), "show", "list", ("ports", "crossing", "crossings", "border", "bridge")),
    Noun("route", mark("Which place hears what"), (
        Verb("list", "/route list", mark("The places and what they hear"), after=After.WORDS, also=("show", "all")),
        _write("here", "/route here", mark("This place hears alerts: all, or by port=, broker=, to=; carm=only or no"),
               After.WORDS, Role.ADMIN, keys=("level", "port", "broker", "to", "carm", "language")),
        _write("test", "/route test", mark("A test message to every place"), After.WORDS, Role.ADMIN),
        _write("off", "/route off", mark("This place hears no more alerts"), After.WORDS, Role.ADMIN, also=("remove",)),
    ), "list", "list", ("routes", "routing", "places")),
    Noun("feed", mark("How the border is heard"), (
        Verb("list", "/feed list", mark("Feeds, whether they live, their last word"), after=After.WORDS,
             also=("feeds", "all")),
        Verb("show", "/feed rns", mark("One feed: last good, last word, last error, counts"),
             also=("status", "info")),
        Verb("problems", "/feed problems", mark("What could not be read"), after=After.WORDS, also=("errors",)),
        Verb("orphans", "/feed orphans", mark("Numbers that were reported and belong to no load"), role=Role.DISPATCHER,
             after=After.WORDS, also=("orphan", "unclaimed")),
        _write("replay", "/feed rns replay", mark("Reads its kept messages again, after a fix"), After.SUBJECT,
               Role.ADMIN, keys=("since",), also=("reread",)),
        _write("outage", "/feed outage cbsa on", mark("Customs' system is down: `on`, and `off` when it is back"),
               After.WORDS),
    ), "show", "list", ("feeds", "sources")),
    Noun("person", mark("Who may do what"), (
        Verb("whoami", "/person whoami", mark("Who you are here and what you may do"), role=Role.ANYONE,
             also=("who am i", "me", "show")),
        Verb("list", "/person list", mark("Everybody and their role"), after=After.WORDS, also=("all",)),
        _write("allow", "/person @maria allow dispatcher", mark("Gives a role: dispatcher, viewer, admin, none"),
               role=Role.ADMIN, also=("make",)),
        _write("add", "/person Maria add phone=555-0113 role=dispatcher", mark("Somebody new"), After.SUBJECT,
               Role.ADMIN, keys=("phone", "role", "language"), also=("new",)),
        _write("on", "/person on until 06:00", mark("You are on: urgent loads nobody takes are yours"), After.WORDS,
               keys=("until",), also=("on shift", "on duty", "im on", "i am on", "start shift")),
        _write("off", "/person off", mark("You are not on any more"), After.WORDS,
               also=("off shift", "off duty", "im off", "i am off", "end shift")),
        _write("oncall", "/person oncall @maria", mark("Who is called when nobody on takes it; `off` ends it"),
               After.WORDS, also=("on call", "on-call")),
        _write("link", "/person link", mark("One person, two chats: a code here, typed there"), After.WORDS,
               Role.ANYONE, also=("start",)),
    ), "whoami", "whoami", ("persons", "people", "user", "users", "team")),
    Noun("help", mark("What can be typed"), (
        Verb("show", "/help load", mark("All lines, or those of one noun"), role=Role.ANYONE),
    ), "show", "show", ("commands",)),
)  # fmt: skip

BY_NAME = {noun.name: noun for noun in NOUNS}
_VERBS = {(noun.name, verb.name): verb for noun in NOUNS for verb in noun.verbs}


def lines() -> Iterator[tuple[Noun, Verb]]:
    """Every line there is, in the order of the help."""
    for noun in NOUNS:
        for verb in noun.verbs:
            yield noun, verb
