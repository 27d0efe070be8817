"""Words around the lines that can be typed: what people say beside them, instead of them, or near to them."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: First words of lines without a noun that are no verb of `load`.
BARE = {"whoami": "person", "who am i": "person", "me": "person", "allow": "person", "link": "person",
        "start": "person", "invite": "driver", "outage": "feed", "problems": "feed", "replay": "feed",
        "orphans": "feed"}  # fmt: skip

#: Whole lines that mean another.
WHOLE = {"mine": "/hold list mine", "my holds": "/hold list mine", "today": "/load list today",
         "loads": "/load list", "loads today": "/load list today", "loads held": "/load list held",
         "whats held": "/hold list", "what is held": "/hold list", "whats up": "/hold list", "any holds": "/hold list",
         "all": "/hold list", "open": "/hold list", "holding": "/hold list",
         "may i go": "/load status", "can i go": "/load status", "start": "/help", "hello": "/help"}  # fmt: skip

#: Words people will try that have no line (yet), and the nearest line that helps: {0} is the subject, {1} the rest.
ABSENT = {
    "load": {"call": "/load {0} status", "called": "/load {0} note called {1}",
             "pack": "/load {0} log", "later": "/load {0} got it", "snooze": "/load {0} got it",
             "follow": "/load {0} status", "delete": "/load {0} cancel", "remove": "/load {0} cancel",
             "late": "/load {0} eta", "delayed": "/load {0} eta"},
    "hold": {"handover": "/hold list"},
    "": {"stats": "/hold list", "oncall": "/person oncall", "handover": "/hold list",
         "on": "/person on", "off": "/person off"},
}  # fmt: skip

#: Words near a verb in meaning: only ever suggested.
NEAR = {"cleared": "released", "delivered": "crossed", "approved": "accepted", "ready": "accepted",
        "paperwork": "papers", "closed": "cancel", "done": "crossed"}  # fmt: skip

#: Other names of keys.
KEY_ALSO = {"crossing": "port", "direction": "to", "papers_sent": "papers", "importer_bn15": "bn15", "bn": "bn15",
            "release_plan": "plan", "transaction": "trans", "tel": "phone", "day": "phone", "from": "by", "who": "by",
            "filers": "filer",
            "till": "until", "how": "via", "when": "at", "said": "by", "valid": "until", "valid_until": "until",
            "account": "bn", "bn15": "bn", "bn9": "bn", "rm_account": "rm", "ccp_account": "portal", "ccp": "portal",
            "bam_cover": "managers", "bam": "managers", "manager": "managers", "delegated": "delegation",
            "access": "delegation", "coverage": "security", "cover": "security", "review_notice": "review",
            "notice": "review", "account_standing": "standing", "overdue": "debt", "broker_hours": "hours",
            "broker_hold": "hold", "last_good_release": "release", "released": "release", "last_rpp_reject": "reject",
            "rejected": "reject", "own_code": "code", "carrier_code": "code", "own_bonded": "bonded",
            "own_portal": "portal", "picture": "file", "screenshot": "file"}  # fmt: skip

#: Words around a number that carry nothing.
FILLERS = _set(
    "a about again any are at doing for get give had has have he hello hey hi holdwatch i im in is it its load loads "
    "me morning my nr number of on our ok that the there this trk was we were with"
)
POLITE = _set("please pls plz thanks thx thank you ty now asap")
QUESTION = _set(
    "is are was were has have did does do can could will would should what whats when why where wheres who whos how "
    "hows any"
)
REQUEST = _set("can could would will")
NEGATION = _set("not isnt wasnt hasnt havent didnt never aint wont cant arent werent")
#: Words of a value that may be said instead of typed as key=.
SPOKEN = ("by", "until", "till", "trans", "via")
