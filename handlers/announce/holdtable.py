"""The words of every kind of hold: a title, a sentence of cause, the exact sentence to say (desk: E2). Data only."""

from dataclasses import dataclass

from bot.domain.kinds import Kind
from handlers.words import mark


@dataclass(frozen=True, slots=True)
class Words:
    """One kind in one situation. Names in braces are those of `holdwords.named`."""

    title: str
    cause: str
    say: str


_WAITING_SAY = mark(
    "{what}, ETA {port} {eta}: do you have the papers? Was it sent to customs? Was it refused: for RPP or financial "
    "security, number, port or permits?"
)
_GUESS_CAUSE = mark("Nobody told us when the papers were sent, so nobody is called late.")
_GUESS_SAY = mark(
    "When were the papers for {what} sent to {broker}, and how? If they are not, send them now. ETA {port} {eta}."
)
_OWN_CAUSE = mark("Without our manifest customs cannot match it; the broker may well be in time.")
_OWN_SAY = mark("Our manifest for {trip} was refused. Please mend it, send it again and tell me when it is accepted.")
_CLERK_MANIFEST = mark(
    "Is the manifest of {trip} sent and accepted? Customs wants it one hour before arrival, 30 min with FAST."
)

#: By kind and situation; '' is the situation that needs no name.
TABLE: dict[tuple[Kind, str], Words] = {
    (Kind.NOT_MATCHED, ""): Words(
        mark("{what} not matched, {broker} has until {due}"),
        mark("The papers went {papers}; the acceptance is not in yet."),
        _WAITING_SAY,
    ),
    (Kind.NOT_MATCHED, "late"): Words(
        mark("{what} not matched, {broker} late since {due}"),
        mark("The papers went {papers}; the acceptance was due {due} and is not in."),
        _WAITING_SAY,
    ),
    (Kind.NOT_MATCHED, "guess"): Words(
        mark("{what} not matched (guess: papers time not known)"), _GUESS_CAUSE, _GUESS_SAY
    ),
    (Kind.NOT_MATCHED, "deciding"): Words(
        mark("{what} matched and not accepted yet, customs is deciding"),
        mark("The filing reached customs and is linked to our cargo; the decision is not out."),
        mark("{what} is matched and not accepted. What is the transaction number, and does another agency look at it?"),
    ),
    (Kind.NOT_MATCHED, "ours"): Words(
        mark("{what} not matched, our own manifest was refused: mend that first"), _OWN_CAUSE, _OWN_SAY
    ),
    (Kind.NOT_MATCHED, "unseen"): Words(
        mark("{what} not matched, and our own manifest is not accepted: look there first"),
        mark("Customs has not accepted our manifest: nothing can be matched to a cargo that it does not have."),
        mark("{what}: is the manifest filed and accepted, with this number on it? If it is, {broker} is next."),
    ),
    (Kind.ENTRY_MISSING, ""): Words(
        mark("no entry on file for {what}, {broker} has until {due}"),
        mark("The papers went {papers}; no entry is on file yet."),
        mark("{what}, ETA {port} {eta}: is the entry filed and on file? What is the entry number?"),
    ),
    (Kind.ENTRY_MISSING, "late"): Words(
        mark("no entry on file for {what}, {broker} late since {due}"),
        mark("The papers went {papers}; the entry was due {due} and is not on file."),
        mark("{what}, ETA {port} {eta}: is the entry filed and on file? What is the entry number?"),
    ),
    (Kind.ENTRY_MISSING, "guess"): Words(
        mark("no entry on file for {what} (guess: papers time not known)"), _GUESS_CAUSE, _GUESS_SAY
    ),
    (Kind.ENTRY_MISSING, "deciding"): Words(
        mark("{what} linked, its entry not accepted yet, customs is deciding"),
        mark("Customs has the filing; the decision is not out."),
        mark("{what} is linked and not accepted. What is the entry number, and does another agency look at it?"),
    ),
    (Kind.ENTRY_MISSING, "ours"): Words(
        mark("no entry on file for {what}, our own manifest was refused: mend that first"), _OWN_CAUSE, _OWN_SAY
    ),
    (Kind.ENTRY_WITHDRAWN, ""): Words(
        mark("the entry for {what} was taken back"),
        mark("{broker} deleted or replaced it, or customs did; no entry is on file now."),
        mark("The entry for {what} was taken back {since}. Was that you? When is the new one on file, which number?"),
    ),
    (Kind.INBOND_MISSING, ""): Words(
        mark("{what} not accepted"),
        mark("Customs has not accepted the in-bond movement; the truck can't move under it."),
        mark("Is {what} sent, and is it accepted? If it was refused, what is wrong?"),
    ),
    (Kind.CSA_PLAN, ""): Words(
        mark("{what}: CSA not confirmed"),
        mark("Carrier, importer and driver must all be approved for CSA, and nobody confirmed it."),
        mark("Are carrier, importer and driver of load {number} approved for CSA? Who confirms it?"),
    ),
    (Kind.NO_RELEASE, ""): Words(
        mark("customs has no release request for {what}, {broker} has until {due}"),
        mark("The broker has not filed, or filed another number."),
        mark("Customs has no release request for {what}. Did you file it, and under exactly this number?"),
    ),
    (Kind.NO_RELEASE, "late"): Words(
        mark("customs has no release request for {what}, {broker} late since {due}"),
        mark("The broker has not filed, or filed another number."),
        mark("Customs has no release request for {what}. Did you file it, and under exactly this number?"),
    ),
    (Kind.NO_RELEASE, "guess"): Words(
        mark("customs has no release request for {what} (guess: papers time not known)"),
        mark("The broker has not filed, or filed another number, or has no papers yet."),
        mark("Customs has no release request for {what}. Do you have the papers? Did you file exactly this number?"),
    ),
    (Kind.NO_RELEASE, "phone"): Words(
        mark("{what} not filed, by phone, {by}"),
        mark("That is a person's word; it stands until customs or a later word says otherwise."),
        mark("{by} told us that {what} is not filed. What do you need from us, and when will it be filed?"),
    ),
    (Kind.NO_RELEASE, "ours"): Words(
        mark("customs has no release request for {what}, our own manifest was refused: mend that first"),
        _OWN_CAUSE,
        _OWN_SAY,
    ),
    (Kind.NO_CARGO, ""): Words(
        mark("{what}: the release request is in, our cargo is not"),
        mark("Our manifest is missing, or it carries another number than the broker filed."),
        mark("Customs has a release request for {what} and no cargo of ours. Is exactly this number in our manifest?"),
    ),
    (Kind.LINK_BROKEN, ""): Words(
        mark("{what} was matched and is not any more"),
        mark("{broker} cancelled or changed the filing, or our manifest changed after it."),
        mark("{what} lost its match {since}. Did you cancel or change it? When is it filed again?"),
    ),
    (Kind.REJECTED, ""): Words(
        mark("{what} refused by customs{code}"),
        mark("Customs does not take the filing as it is; it must be mended and sent again."),
        mark(
            "Customs refused {what}{code}. What is wrong: number, port, permits, or financial security? "
            "When do you send it again?"
        ),
    ),
    (Kind.DOCS_REQUIRED, ""): Words(
        mark("customs wants documents for {what}"),
        mark("Customs decides only after it has seen documents."),
        mark("Customs wants documents for {what}. Which ones, and when do you send them?"),
    ),
    (Kind.OTHER_FILER, ""): Words(
        mark("{what} accepted, but not for {broker}"),
        mark("Transaction {transaction} has a filer that is not known for this broker."),
        mark("{what} is accepted under transaction {transaction}, which is none of your filer codes. Is it yours?"),
    ),
    (Kind.EXAM, ""): Words(
        mark("{what} referred for examination"),
        mark("Customs examines the goods: expect hours. No call makes it faster."),
        mark("Customs will examine {what}. Do what the officer says, expect hours, and tell us when it is over."),
    ),
    (Kind.EXAM, "held"): Words(
        mark("{what} held by customs"),
        mark("Customs holds the goods; what it wants is not known to us."),
        mark("Customs holds {what}. Do what the officer says, and tell us his words."),
    ),
    (Kind.EXAM, "trip"): Words(
        mark("customs holds the truck itself{code}"),
        mark("That is said of the truck and not of a shipment; what customs wants is not known to us."),
        mark("Load {number}: customs holds the truck. Do what the officer says, and tell us his words."),
    ),
    (Kind.DO_NOT_LOAD, ""): Words(
        mark("{what}: customs says do not load"),
        mark("Customs forbids these goods on the truck."),
        mark("Customs says do not load {what}. Leave it off the truck, or park, and tell us where you are."),
    ),
    (Kind.AGENCY_HOLD, ""): Words(
        mark("{what} held for another agency{key}"),
        mark("Another agency placed a hold; only its removal or a release ends it."),
        mark("There is an agency hold{key} on {what}. What does the agency want, and who sends it?"),
    ),
    (Kind.AGENCY_PENDING, ""): Words(
        mark("{agency} for {what} not confirmed"),
        mark("Another agency must confirm before arrival, and neither a feed nor a person said that it did."),
        mark("{what}: is {agency} filed and confirmed? What is the confirmation number?"),
    ),
    (Kind.OUR_MANIFEST, ""): Words(
        mark("our manifest for {trip} not accepted"),
        mark("Our own manifest is missing at customs; nothing can match without it."),
        _CLERK_MANIFEST,
    ),
    (Kind.OUR_MANIFEST, "no_trip"): Words(
        mark("our manifest not seen, and we know no trip number"),
        mark("Without the trip number nothing that customs says about the manifest reaches this load."),
        mark("Which trip number has load {number}, and is its manifest accepted?"),
    ),
    (Kind.OUR_MANIFEST, "rejected"): Words(
        mark("our manifest for {trip} was refused{code}"),
        mark("Customs refused our own manifest; it must be mended and sent again."),
        _OWN_SAY,
    ),
    (Kind.OUR_MANIFEST, "names"): Words(
        mark("our manifest for {trip} names {names} {filed}, the load has {ours}"),
        mark("Customs lets in what the manifest names; one of the two is wrong, and both are ours to mend."),
        mark(
            "The manifest of {trip} names {names} {filed}, the load has {ours}. Which is right? "
            "Amend the manifest, or tell me."
        ),
    ),
    (Kind.OUR_MANIFEST, "phone"): Words(
        mark("our manifest for {trip} was refused, by phone, {by}"),
        mark("That is a person's word; it stands until customs or a later word says otherwise."),
        _OWN_SAY,
    ),
    (Kind.OUR_MANIFEST, "cargo"): Words(
        mark("our cargo report for {what} was refused{code}"),
        mark("Customs refused our own cargo report; it must be mended and sent again."),
        mark("Our cargo report for {what} was refused{code}. Please mend it, send it again and tell me when it is in."),
    ),
    (Kind.NUMBER_MISSING, ""): Words(
        mark("{what}: we have no number"),
        mark("Without its number nobody can watch it, and customs can match nothing."),
        mark("Which number is on the sticker of load {number}? Read it letter by letter."),
    ),
    (Kind.NUMBER_MISSING, "load"): Words(
        mark("loaded, and no customs number is known"),
        mark("A loaded truck needs at least one; without it nothing can be watched or matched."),
        mark("Which number is on the sticker of load {number}? Read it letter by letter."),
    ),
    (Kind.NUMBER_REUSED, ""): Words(
        mark("{what} was used before, by load {earlier}"),
        mark("Customs refuses a number the second time."),
        mark("{what} is used up. Issue a new number, and tell the broker and the driver."),
    ),
    (Kind.NUMBER_REUSED, "code"): Words(
        mark("customs says that {what} was used before{code}"),
        mark("Customs refuses a number the second time."),
        mark("{what} is used up. Issue a new number, and tell the broker and the driver."),
    ),
    (Kind.PORT_MISMATCH, ""): Words(
        mark("{what} is filed for office {office}, not for {port}"),
        mark("The release names another office than the one where the truck crosses."),
        mark("{what} is filed for office {office}, the truck crosses at {port}. Who changes it, you or we?"),
    ),
    (Kind.UNWATCHED, ""): Words(
        mark("no feed tells us about {what}, ask by phone"),
        mark("No feed covers it, so its silence says nothing."),
        mark("{what}, ETA {port} {eta}: is it accepted? Since when, and under which transaction number?"),
    ),
    (Kind.UNWATCHED, "dead"): Words(
        mark("nobody tells us about {what}: {ear} is dead{dead}"),
        mark("The feed that would tell us is dead, so silence says nothing."),
        mark("{what}, ETA {port} {eta}: is it accepted? Since when, and under which transaction number?"),
    ),
    (Kind.UNWATCHED, "manifest"): Words(
        mark("nobody tells us about our manifest for {trip}: {ear} is dead{dead}"),
        mark("The feed that would tell us is dead, so silence says nothing."),
        _CLERK_MANIFEST,
    ),
    (Kind.STALE, ""): Words(
        mark("{whom} was asked about {what} {asked}, no answer"),
        mark("The acceptance is an older word; asked whether it still stands, {whom} has said nothing."),
        mark("{what}, ETA {port} {eta}: is it still accepted, and not cancelled or re-filed since?"),
    ),
    (Kind.TIGHT, ""): Words(
        mark("tight: {broker} needs until {due} for {what}"),
        mark("What the broker promises ends so near the ETA that nothing may slip."),
        mark("{what}, ETA {port} {eta}: can you have it accepted well before that?"),
    ),
    (Kind.TIGHT, "after"): Words(
        mark("{broker} needs until {due} for {what}, after the ETA: move the ETA or park the truck"),
        mark("What the broker promises ends after the truck is there."),
        mark("{what}, ETA {port} {eta}: can you have it accepted before that, or do we park the truck?"),
    ),
    (Kind.OVERDUE, ""): Words(
        mark("no sign of the truck at the border"),
        mark("No booth report, and the driver has not said where the truck is."),
        mark("Load {number}: where are you? Are you over the border? If not, when are you there?"),
    ),
    (Kind.UNREAD, ""): Words(
        mark("{whom} sent a word about {what} that we cannot read{code}"),
        mark("It is newer than what we knew, and it may be bad."),
        mark("There is a word{code} from {whom} about {what}. What does it mean for us?"),
    ),
    (Kind.UNREAD, "trip"): Words(
        mark("{whom} sent a word about {trip} that we cannot read{code}"),
        mark("It is newer than what we knew, and it may be bad."),
        mark("There is a word{code} from {whom} about {trip}. What does it mean for us?"),
    ),
    (Kind.UNREAD, "which"): Words(
        mark("{whom} says {word} of {trip} and does not say which shipment"),
        mark("It may be any of them, so none is sure until a later good word of it comes."),
        mark("We are told by {whom} that {trip} is {word}. Which shipment is meant, and what is missing?"),
    ),
    (Kind.CHECKING, ""): Words(
        mark("{what} lost its match, looked at again {until}"),
        mark("A link often comes back within minutes, after an amendment for instance."),
        "",
    ),
    (Kind.CHECKING, "refiled"): Words(
        mark("{what} re-filed as {refiled}, customs has not spoken"),
        mark("{by} named a newer transaction, and customs has not answered it."),
        mark("You re-filed {what} as {refiled}. Why, and has customs accepted it?"),
    ),
}
