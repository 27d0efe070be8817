"""Nights about importers: NOT OK is told once, NOT KNOWN never holds, and no day of CARM raises a storm (SAMPLE)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.kinds import Kind
from bot.domain.load import Direction
from bot.watch.carm import readiness_of_loads
from bot.watch.carm_learn import Learning
from bot.watch.carm_remind import Reminding
from bot.watch.carm_words import record
from bot.watch.parties import name_key
from handlers.console import plain
from storage.database import Database
from storage.ids import new_id
from tests.nights.cast import SOUTH, accepted, added
from tests.nights.messages import manifest
from tests.nights.night import BOSS, CAB, DAY, HOME, Night

MANY = 200


async def say(
    night: Night, item: Item, state: str, *, of: str = "ACME", broker: str = "", until: date | None = None
) -> None:
    """The broker says something of an importer's account."""
    async with night.db.work("home", night.now, write=True) as work:
        named = await work.parties.named([name_key(of), name_key(broker)])
        whose = named[name_key(broker)].id if broker else ""
        one = Evidence(
            new_id(), named[name_key(of)].id, item, state, Source.BROKER_SAID, night.now, night.now, "Maria",
            how="phone", broker=whose, valid_until=until,
        )  # fmt: skip
        await record(work, [one])
    await night.until(night.now)


def learning(night: Night) -> Learning:
    return Learning(night.db, night.world, lambda: night.now, lambda: None)


def jobs(night: Night) -> Reminding:
    return Reminding(night.db, night.world, lambda: night.now, lambda: None, learning(night))


async def reminded(night: Night, of: Reminding | None = None) -> list[str]:
    """What the day's job tells in dispatch that was not told before."""
    before = len(night.chat.posts)
    await (of or jobs(night)).look()
    await night.deliver.drain()
    return [post.texts[-1] for post in night.chat.posts[before:]]


def listed(count: int, eta: datetime, *, every: timedelta = timedelta()) -> bytes:
    """Loads of as many importers, all by one broker; the first has two."""
    rows = ["number,direction,crossing,eta,broker,importer,pars,trip"]
    for n in range(count + 1):
        at = eta + n * every
        importer = f"Importer {max(n - 1, 0):03}"
        numbers = f"SMPLPARS{300000 + 7 * n},SMPLTRIP{3000 + n}"
        rows.append(f"{5000 + n},CA,Ambassador Bridge,{at:%Y-%m-%d %H:%M},PCB,{importer},{numbers}")
    return "\n".join([*rows, ""]).encode()


async def test_k_carm(night: Night) -> None:
    await added(night, eta='"2026-11-26 06:00"', papers="", pickup='"2026-11-25 20:00"', importer="ACME")
    await say(night, Item.RPP, "suspended")
    await night.at("19:50")
    assert night.chat.posts == [] or not any("HOLD" in p.texts[-1] for p in night.chat.posts), (
        "told a day before pickup"
    )
    assert Kind.CARM not in await night.stands()
    await night.at("20:01")
    night.sees("WARN 1234 HOLD", "RPP suspended", cause="probably the importer", call="the importer ACME")
    assert set(await night.stands()) == {Kind.CARM}
    told = len([p for p in night.chat.posts if p.place is not CAB])
    await night.at("+1 03:00")
    assert len(night.chat.posts) == told and night.words() == [], "told once"
    assert "carm" in (await night.types("/load 1234 why")).lower()
    await night.at("+1 21:00")
    await night.hears("bc", manifest(night))
    await accepted(night)
    assert (await night.found()).is_go
    night.ends("CLEARED")


async def test_k_carm_is_ended_by_the_brokers_word_that_it_is_in_order(night: Night) -> None:
    await added(night, eta='"2026-11-25 06:00"', papers="")
    await night.types("/load 1234 importer ACME")
    await say(night, Item.RPP, "not_enrolled")
    await night.at("06:01")
    assert set(await night.stands()) == {Kind.CARM}
    await night.at("08:00")
    await say(night, Item.RPP, "active")
    assert Kind.CARM not in await night.stands()
    await say(night, Item.SECURITY, "lapsed")
    assert Kind.CARM in await night.stands()


async def test_k_carm_stays_as_it_is_while_customs_is_down(night: Night) -> None:
    await added(night, eta="12:00", papers="")
    await night.types("/load 1234 importer ACME")
    await say(night, Item.RPP, "suspended")
    before = (await night.stands())[Kind.CARM]
    record_ = await night.load()
    await night.outage(on=True)
    async with night.db.work("home", night.now) as work:
        (found,) = (await readiness_of_loads(work, night.world, [record_])).values()
    assert found.verdict.value == "not_ok"
    assert (await night.stands())[Kind.CARM] == before
    await night.outage(on=False)


async def test_k_carm_is_never_asked_of_a_load_into_the_us(night: Night) -> None:
    await added(night, eta="06:00", **SOUTH)
    await night.types("/load 1234 importer ACME")
    await say(night, Item.RPP, "suspended")
    assert Kind.CARM not in {h.kind for h in (await night.found()).holds}
    await night.at("08:30")
    assert await reminded(night) == []
    assert (await night.load()).direction is Direction.US


async def test_two_brokers_of_one_importer_are_told_apart(night: Night) -> None:
    await night.types("/broker WIL set phone=555-0103")
    await added(night, eta="20:00", papers="")
    await added(night, "1235", eta="20:00", papers="", pars="SMPLPARS100999", trip="SMPLTRIP0009", broker="WIL")
    for number in ("1234", "1235"):
        await night.types(f"/load {number} importer ACME")
    await say(night, Item.RPP, "active")
    await say(night, Item.DELEGATION, "revoked", broker="PCB")
    await say(night, Item.DELEGATION, "approved_all", broker="WIL")
    assert Kind.CARM in await night.stands()
    assert Kind.CARM not in await night.stands("1235")


async def test_day_one_with_200_unknown_importers_is_one_message_and_no_hold(sqlite_db: Database) -> None:
    night = await Night(sqlite_db, pace=timedelta(minutes=30)).begins()
    await night.hears("loads", listed(MANY, datetime(2026, 11, 27, 12), every=timedelta(minutes=1)))
    assert await reminded(night) == [], "before eight nobody is asked"
    await night.at("08:01")
    of = jobs(night)
    (told,) = await reminded(night, of)
    assert "200 importers to ask about" in told
    assert told.index("Importer 000 is CARM NOT KNOWN: 2 loads to come") < told.index("Importer 001")
    assert f"and {MANY - 5} others" in told and "Importer 005" not in told
    assert "Ask PCB" in told
    assert await reminded(night, of) == []
    assert await reminded(night) == [], "another process, or the same after a restart, tells it no second time"
    assert not any(p.texts[-1].startswith("WARN") for p in night.chat.posts)
    assert {r.answer for r in (await night.open_loads()).values()} == {"unknown"}
    await night.at("+1 08:01")
    (again,) = await reminded(night)
    assert "200 importers to ask about" in again


async def test_the_night_of_15_january_raises_no_storm(sqlite_db: Database) -> None:
    night = await Night(sqlite_db, now=datetime(2027, 1, 14, 17, tzinfo=UTC), pace=timedelta(minutes=30)).begins(
        "00:00"
    )
    night.now = datetime(2027, 1, 14, 17, tzinfo=UTC)
    await night.hears("loads", listed(60, datetime(2027, 1, 15, 18), every=timedelta(minutes=5)))
    async with night.db.work("home", night.now, write=True) as work:
        names = [p for p in await work.parties.all() if p.name.startswith("Importer")]
        at = datetime(2026, 12, 10, 15, tzinfo=UTC)
        await record(
            work,
            [Evidence(new_id(), p.id, Item.RPP, "active", Source.BROKER_SAID, at, at, "Maria") for p in names],
        )  # fmt: skip
    await night.until(night.now)
    before = {r.number: (r.answer, r.level) for r in (await night.open_loads()).values()}
    posts = len(night.chat.posts)
    await night.until(datetime(2027, 1, 15, 3, tzinfo=HOME).astimezone(UTC))
    await night.until(datetime(2027, 1, 15, 5, tzinfo=HOME).astimezone(UTC))
    assert {r.number: (r.answer, r.level) for r in (await night.open_loads()).values()} == before
    assert len(night.chat.posts) == posts
    (card,) = [t for t in await _at(night, datetime(2027, 1, 15, 8, 1, tzinfo=HOME)) if "to ask about" in t]
    assert "60 importers to ask about" in card


async def _at(night: Night, local_: datetime) -> list[str]:
    night.now = local_.astimezone(UTC)
    return await reminded(night)


async def test_bonds_and_days_of_carm_are_told_once_for_importers_that_we_haul_for(sqlite_db: Database) -> None:
    night = await Night(sqlite_db).begins()
    await added(night, eta='"2026-11-27 06:00"', papers="")
    await night.types("/load 1234 importer ACME")
    await night.types("/shipper Stranger add")
    ends = date(2026, 12, 10)
    await say(night, Item.SECURITY, "sufficient_bond", until=ends)
    await say(night, Item.SECURITY, "sufficient_bond", of="Stranger", until=ends)
    await say(night, Item.RPP, "active")
    (told,) = await _at(night, DAY.replace(hour=8, minute=1))
    assert "The bond of ACME ends 10 Dec" in told and "Stranger" not in told
    assert "25 Nov: CBSA's statements" in told
    assert await _at(night, DAY.replace(hour=8, minute=1) + timedelta(days=1)) == []
    (payment,) = await _at(night, datetime(2026, 11, 28, 8, 1, tzinfo=HOME))
    assert "1 Dec: duties are due" in payment and "bond" not in payment
    (review,) = await _at(night, datetime(2026, 12, 1, 8, 1, tzinfo=HOME))
    assert "CARM review of 15 Jan 2027: 1 importer to confirm" in review and "ACME" in review
    assert await _at(night, datetime(2026, 12, 2, 8, 1, tzinfo=HOME)) == [], "the card is edited, not told again"


async def test_a_release_makes_an_importer_known_and_nobody_asks_about_it_any_more(night: Night) -> None:
    await added(night, eta="06:00")
    await added(night, "1235", eta='"2026-11-26 06:00"', pars="SMPLPARS100999", trip="SMPLTRIP0009", papers="")
    for number in ("1234", "1235"):
        await night.types(f"/load {number} importer ACME")
    await night.at("02:00")
    await accepted(night)
    assert await learning(night).look() == 1
    await night.at("08:01")
    (told,) = await reminded(night)
    assert "25 Nov: CBSA's statements" in told and "to ask about" not in told and "ACME" not in told


async def test_importers_entered_after_eight_are_told_the_same_day_once(night: Night) -> None:
    of = jobs(night)
    await night.at("08:01")
    assert await reminded(night, of) == []
    await night.at("09:00")
    await night.hears("loads", listed(1, datetime(2026, 11, 26, 12)))
    (told,) = await reminded(night, of)
    assert "1 importer to ask about" in told and "Importer 000" in told
    await night.at("10:00")
    await night.hears("loads", listed(2, datetime(2026, 11, 26, 12)))
    assert await reminded(night, of) == [] and await reminded(night) == [], "one message a day"
    await night.at("+1 08:01")
    (again,) = await reminded(night, of)
    assert "Importer 001" in again


async def test_importers_entered_in_the_evening_are_told_the_next_morning(night: Night) -> None:
    of = jobs(night)
    await night.at("18:00")
    await night.hears("loads", listed(2, datetime(2026, 11, 27, 12)))
    for clock in ("18:01", "23:00", "+1 02:10", "+1 07:59"):
        await night.at(clock)
        assert await reminded(night, of) == []
    await night.at("+1 08:01")
    (told,) = await reminded(night, of)
    assert "2 importers to ask about" in told


async def test_where_every_place_said_no_to_carm_somebody_hears_it_all_the_same(night: Night) -> None:
    line = replace(night._line("/route here carm=no"), who=BOSS, workspace_admin=True)
    assert "told in" in plain(await night.entry(line))
    await night.at("08:01")
    await night.hears("loads", listed(1, datetime(2026, 11, 27, 12)))
    (told,) = await reminded(night)
    assert "1 importer to ask about" in told


async def test_a_bond_that_ended_while_nobody_told_anybody_is_told_within_the_week(sqlite_db: Database) -> None:
    night = await Night(sqlite_db).begins()
    await added(night, eta='"2026-11-29 06:00"', papers="")
    await night.types("/load 1234 importer ACME")
    await say(night, Item.SECURITY, "sufficient_bond", until=date(2026, 11, 24))
    await say(night, Item.RPP, "active")
    (told,) = await _at(night, datetime(2026, 11, 27, 8, 1, tzinfo=HOME))
    assert "The bond of ACME ended 24 Nov: ask for the new one." in told
    assert not any("The bond" in text for text in await _at(night, datetime(2026, 11, 28, 8, 1, tzinfo=HOME)))
