"""Two entries of the address book that are one, and names as people type them (SAMPLE data)."""

import pytest

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.watch.parties import name_key
from handlers.console import plain
from handlers.reply import Result
from storage.ids import new_id
from storage.parties import PartyRecord
from tests.handlers.commands.desk import BOSS, HOUR, PARS, Desk, lines_of


async def shown(desk: Desk) -> list[str]:
    """What the address book says of each party."""
    return [await desk.say(f"/shipper {name}") for name in ("ACME", '"ACME Ltd"')]


async def two(desk: Desk) -> Desk:
    """ACME and ACME Ltd, with other names, numbers and a load each."""
    await desk.say("/shipper ACME add alias=acme-foods email=a@sample.test")
    await desk.say('/shipper "=ACME Ltd" add phone=555-0142 alias=acme-limited bn15=123456782RM0001 broker=PCB')
    await desk.add("1234", more="eta=18:00 importer=ACME")
    await desk.add("1235", "SMPLPARS100124", more='eta=18:00 importer="ACME Ltd"')
    return desk


async def test_two_that_are_one_are_found_by_either_name_with_the_loads_of_both(desk: Desk) -> None:
    await two(desk)
    said = await desk.say('/shipper ACME same as "ACME Ltd"')
    assert said.startswith("ACME Ltd is ACME now:")
    assert "Day: 555-0142" in said and "E-mail: a@sample.test" in said and "…782 RM0001 cleared by PCB" in said
    assert "Also called: ACME FOODS, ACME LIMITED, ACME LTD" in said
    one, other = await shown(desk)
    assert one == other and "1234" in one and "1235" in one
    assert "importer of SMPLPARS100124 is ACME" in await desk.say('1235 importer "ACME Ltd"')
    again = await desk.ask('/shipper ACME same as "ACME Ltd"')
    assert again.result is Result.REFUSED and "are one already" in again.title


@pytest.mark.parametrize(
    "line", ["/shipper ACME undo", '/shipper "ACME Ltd" undo', '/shipper ACME not same as "acme ltd"']
)
async def test_an_un_merge_puts_everything_back(desk: Desk, line: str) -> None:
    await two(desk)
    before = await shown(desk)
    await desk.say('/shipper ACME same as "ACME Ltd"')
    said = await desk.say(line)
    assert said.startswith("ACME Ltd and ACME are two again")
    assert await shown(desk) == before
    assert (await desk.ask(line)).result is Result.REFUSED
    assert await shown(desk) == before


async def test_the_button_takes_the_merge_back(desk: Desk) -> None:
    await two(desk)
    before = await shown(desk)
    reply = await desk.ask('/shipper ACME same as "ACME Ltd"')
    assert "are two again" in await desk.say(lines_of(reply)[0])
    assert await shown(desk) == before


async def test_what_was_changed_meanwhile_stays_as_it_was_changed(desk: Desk) -> None:
    await two(desk)
    await desk.say('/shipper ACME same as "ACME Ltd"')
    await desk.say("/shipper ACME add phone=555-0199")
    await desk.say("/shipper ACME undo")
    one, other = await shown(desk)
    assert "Day: 555-0199" in one and "Day: 555-0142" in other


async def test_another_s_merge_is_not_mine_to_undo_but_can_be_taken_apart(desk: Desk) -> None:
    await two(desk)
    await desk.say('/shipper ACME same as "ACME Ltd"')
    reply = await desk.ask("/shipper ACME undo", BOSS, workspace_admin=True)
    assert reply.result is Result.REFUSED
    assert "Maria made ACME Ltd one with it" in plain(reply) and '/shipper ACME not same as "ACME Ltd"' in plain(reply)
    assert "are two again" in await desk.say('/shipper ACME not same as "ACME Ltd"', BOSS, workspace_admin=True)


async def test_of_three_that_became_one_the_last_step_comes_apart_first(desk: Desk) -> None:
    for name in ("Alpha", "Bravo", "Charlie"):
        await desk.say(f"/shipper ={name} add phone=555-0101")
    await desk.say("/shipper Bravo same as Alpha")
    await desk.say("/shipper Charlie same as Bravo")
    reply = await desk.ask("/shipper Charlie not same as Alpha")
    assert reply.result is Result.REFUSED and "/shipper Charlie not same as Bravo" in plain(reply)
    assert "Bravo and Charlie are two again" in await desk.say("/shipper Charlie undo")
    assert "Alpha and Bravo are two again" in await desk.say("/shipper Alpha undo")
    assert "3 in the address book" in await desk.say("/shipper")


async def test_two_business_numbers_are_two_companies_until_somebody_says_otherwise(desk: Desk) -> None:
    await two(desk)
    await desk.say("/shipper ACME add bn15=987654324RM0001")
    reply = await desk.ask('/shipper ACME same as "ACME Ltd"')
    assert reply.result is Result.UNKNOWN and "…324" in reply.title and "…782" in reply.title
    assert "ACME Ltd" in await desk.say("/shipper") and "987654324" not in plain(reply)
    assert "ACME Ltd is ACME now" in await desk.say(lines_of(reply)[0])


async def test_one_number_at_two_names_suggests_that_they_are_one(desk: Desk) -> None:
    await two(desk)
    said = await desk.say("/shipper ACME add bn15=123456782RM0001")
    assert '/shipper ACME same as "ACME Ltd"' in said


async def test_brokers_are_made_one_with_their_loads_hours_and_call(desk: Desk) -> None:
    await desk.say('/broker PCB set hours="mon-fri 8-17"')
    await desk.say('/broker "=PCB Inc" set phone=555-0142 promise=5h filer=14234')
    reply = await desk.ask(f'/load 1234 add to=CA port=Sarnia pars={PARS} broker="PCB Inc" eta=18:00 papers=08:30')
    assert reply.result is Result.OK
    await desk.say('/broker PCB same as "PCB Inc"')
    said = await desk.say("/broker PCB")
    assert said.startswith("PCB: 555-0142 (open now).") and "Filer codes: 14234" in said and "1234" in said
    assert "PCB Inc" not in await desk.say("1234") and "due 13:30" in await desk.say("1234")
    assert "1234" in await desk.say("/load list broker=PCB")
    await desk.say("/broker PCB undo")
    assert "PCB Inc" in await desk.say("1234")
    assert "no number stored" in await desk.say("/broker PCB")


async def test_evidence_goes_with_a_merge_and_comes_back(desk: Desk) -> None:
    await two(desk)
    async with desk.db.work("home", desk.now, write=True) as work:
        ids = {p.name: p.id for p in await work.parties.all()}
        said = Evidence(new_id(), ids["ACME Ltd"], Item.RPP, "active", Source.BROKER_SAID, desk.now - HOUR, desk.now)
        await work.evidence.add([said])
    for line, owner in (('/shipper ACME same as "ACME Ltd"', "ACME"), ("/shipper ACME undo", "ACME Ltd")):
        await desk.say(line)
        async with desk.db.work("home", desk.now) as work:
            found = await work.evidence.of_importers([ids[owner]])
        assert [e.id for e in found[ids[owner]]] == [said.id], line


async def test_of_two_acmes_it_is_asked_which_one(desk: Desk) -> None:
    async with desk.db.work("home", desk.now, write=True) as work:
        await work.parties.add(
            PartyRecord(new_id(), "ACME", "ACME", ["importer"], phone_day=f"555-010{n}") for n in (1, 2)
        )
    asked = await desk.ask("/shipper ACME")
    assert asked.result is Result.UNKNOWN and "There are 2 of the name" in asked.title
    assert [b.label.split(",")[2].strip() for b in asked.buttons] == ["555-0101", "555-0102"]
    assert "Day: 555-0102" in await desk.say(lines_of(asked)[1])
    changed = await desk.ask("/shipper ACME add email=x@sample.test")
    assert "x@sample.test" in await desk.say(lines_of(changed)[1])
    assert "x@sample.test" not in await desk.say(lines_of(asked)[0])
    line = next(row for row in plain(asked).splitlines() if "same as" in row).split("type: ")[1]
    assert "ACME is ACME now" in await desk.say(line)
    assert "x@sample.test" in await desk.say("/shipper ACME")


async def test_a_name_that_is_taken_is_not_given_twice(desk: Desk) -> None:
    await two(desk)
    reply = await desk.ask('/shipper "ACME Ltd" add name=ACME')
    assert reply.result is Result.REFUSED and '/shipper "ACME Ltd" same as ACME' in plain(reply)
    assert "ACME Inc stands so now" in await desk.say('/shipper "ACME Ltd" add name="ACME Inc"')
    assert "ACME LTD" in await desk.say("/shipper ACME Inc")


NAMES = ("<b>&amp;<!channel>", "Café Montréal", "*bold* _x_ `y`", "Ünïcødé ООО", "A" * 60, "O'Brien & Söns")


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_is_kept_as_it_was_typed(desk: Desk, name: str) -> None:
    assert f"{name} is in the address book now." in await desk.say(f'/shipper "{name}" add phone=555-0142')
    assert f"{name} is in the address book as" in await desk.say(f'/shipper "{name}"')


async def test_accents_are_asked_about_and_spelled_in_either_way(desk: Desk) -> None:
    await desk.say('/shipper "Café Montréal" add phone=555-0142')
    assert "Day: 555-0142" in await desk.say('/shipper "Cafe\u0301 Montre\u0301al"')
    assert "Day: 555-0142" in await desk.say('/shipper "Café\u200b Montréal"')
    asked = await desk.ask('/shipper "CAFE MONTREAL"')
    assert asked.result is Result.UNKNOWN and asked.buttons[0].label == "Café Montréal"
    assert name_key("Cafe\u0301") == name_key("CAFÉ") == "CAFÉ"


@pytest.mark.parametrize("line", ['/shipper "{name}"', '/shipper "{name}" add', '/shipper ACME same as "{name}"'])
async def test_five_hundred_characters_are_refused_in_a_short_sentence(desk: Desk, line: str) -> None:
    await two(desk)
    reply = await desk.ask(line.format(name="Ж" * 500))
    assert reply.result is not Result.OK and len(plain(reply)) < 600
    assert "Ж" not in await desk.say("/shipper")


async def test_a_long_name_from_a_file_can_be_changed_and_merged(desk: Desk) -> None:
    long = "SAMPLE Produits alimentaires de la Montérégie et des Laurentides incorporée"
    await desk.say("/shipper ACME add phone=555-0142")
    async with desk.db.work("home", desk.now, write=True) as work:
        await work.parties.add([PartyRecord(new_id(), long, name_key(long), ["importer"])])
    assert "555-0199" in await desk.say(f'/shipper "{long}" add phone=555-0199')
    assert "is ACME now" in await desk.say(f'/shipper ACME same as "{long}"')
    assert "are two again" in await desk.say(f'/shipper "{long}" undo')
