"""Crossings are found by any name a person uses, and offices only speak where they prove something."""

import pytest

from bot.config import world_crossings
from bot.domain.crossings import Crossing, Crossings, zone
from bot.domain.load import Direction

ALL = world_crossings()


def named(name: str) -> Crossing:
    crossing = ALL.get(name)
    assert crossing is not None
    return crossing


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ambassador Bridge", "Ambassador Bridge"),
        ("ambassador", "Ambassador Bridge"),
        ("windsor tunnel", "Detroit-Windsor Tunnel"),
        ("SARNIA", "Blue Water Bridge"),
        ("port huron", "Blue Water Bridge"),
        ("Fort Erie", "Peace Bridge"),
        ("lewiston", "Queenston-Lewiston Bridge"),
        ("Sault Saint Marie", "Sault Ste. Marie Bridge"),
        ("coutts", "Coutts-Sweetgrass"),
        ("0440", "Blue Water Bridge"),
        ("3310", "Coutts-Sweetgrass"),
    ],
)
def test_a_crossing_is_found_by_name_town_or_office_code(typed: str, meant: str) -> None:
    found = ALL.find(typed).one
    assert found is not None
    assert found.name == meant


def test_windsor_means_several_crossings_and_the_tunnel_is_never_offered() -> None:
    found = ALL.find("Windsor")
    assert found.one is None
    assert {c.name for c in found.hits} == {
        "Ambassador Bridge",
        "Detroit-Windsor Tunnel",
        "Gordie Howe International Bridge",
    }
    assert "Detroit-Windsor Tunnel" not in {c.name for c in found.choices}


@pytest.mark.parametrize(("typed", "near"), [("Peace Brige", "Peace Bridge"), ("fort eire", "Peace Bridge")])
def test_a_misspelled_name_is_only_near_and_never_taken(typed: str, near: str) -> None:
    found = ALL.find(typed)
    assert found.one is None
    assert [c.name for c in found.choices] == [near]


@pytest.mark.parametrize("typed", ["", "  ", "xyzzy", "0495", "9999"])
def test_what_names_no_crossing_finds_none(typed: str) -> None:
    found = ALL.find(typed)
    assert (found.one, found.choices) == (None, ())


def test_a_code_that_both_countries_use_needs_a_direction() -> None:
    assert len(ALL.find("0212").hits) == 2
    assert ALL.find("0212", Direction.CA).one == named("Woodstock Road-Houlton")
    assert ALL.find("0212", Direction.US).one == named("St-Armand-Highgate Springs")


@pytest.mark.parametrize(
    ("office", "crossing", "fits"),
    [
        ("0453", "Ambassador Bridge", True),
        ("0454", "Ambassador Bridge", True),  # second entry of the same crossing: sets of codes
        ("0452", "Ambassador Bridge", True),  # same US port
        ("0427", "Peace Bridge", True),  # same US port
        ("0495", "Ambassador Bridge", True),  # inland
        ("0842", "Pacific Highway-Blaine", True),  # a sufferance warehouse
        ("1234", "Ambassador Bridge", True),  # unknown code
        ("", "Ambassador Bridge", True),
        ("0440", "Gordie Howe International Bridge", True),  # its own codes are not known
        ("0440", "Ambassador Bridge", False),
        ("0410", "Blue Water Bridge", False),
        ("0409", "Peace Bridge", False),  # 0409 is Cornwall, not Fort Erie
    ],
)
def test_k_port_mismatch_needs_another_frontier_office_at_another_us_port(
    office: str, crossing: str, fits: bool
) -> None:
    assert ALL.fits(office, named(crossing)) is fits


def test_k_port_mismatch_reads_us_ports_southbound() -> None:
    # 0708 is Del Bonita for CBSA (not in the table) and Alexandria Bay for CBP.
    assert ALL.fits("0708", named("Thousand Islands Bridge"), Direction.US)
    assert not ALL.fits("0708", named("Peace Bridge"), Direction.US)
    assert ALL.fits("0708", named("Peace Bridge"), Direction.CA)


def test_a_load_without_crossing_has_no_mismatch() -> None:
    assert ALL.fits("0440", None)


@pytest.mark.parametrize(
    ("name", "zone_name"),
    [
        ("North Portal-Portal", "America/Regina"),
        ("Woodstock Road-Houlton", "America/Moncton"),
        ("Pacific Highway-Blaine", "America/Vancouver"),
    ],
)
def test_each_crossing_has_the_zone_of_its_canadian_side(name: str, zone_name: str) -> None:
    assert named(name).clock.key == zone_name


def test_every_row_of_the_table_is_usable() -> None:
    assert len({c.name for c in ALL.all}) == len(ALL.all) > 20
    for crossing in ALL.all:
        assert crossing.clock
        assert ALL.find(crossing.name).one == crossing


def test_edits_change_and_add_crossings() -> None:
    edited = ALL.with_edits(
        {
            "Gordie Howe International Bridge": {"offices": ["0499"]},
            "SAMPLE Crossing": {"zone": "America/Winnipeg", "also": ["Sampletown"]},
        }
    )
    found = edited.get("Gordie Howe International Bridge")
    assert found is not None
    assert found.offices == frozenset({"0499"})
    assert found.ports == frozenset({"3801"})
    assert edited.find("sampletown").one == edited.get("SAMPLE Crossing")
    assert ALL.get("SAMPLE Crossing") is None


@pytest.mark.parametrize(
    ("name", "edit", "says"),
    [
        ("Peace Brigde", {"offices": ["0410"]}, "or is it 'Peace Bridge'?"),
        ("New", {"also": ["x"]}, "needs a zone"),
        ("New", {"zone": "Mars/Olympus"}, "'Mars/Olympus' is not a time zone"),
        ("Peace Bridge", {"offises": ["0410"]}, "did you mean offices?"),
        ("Peace Bridge", {"offices": ["410"]}, "410 is not an office code of 4 digits"),
        ("Peace Bridge", {"offices": "0410"}, "is a list of texts"),
        ("Peace Bridge", {"trucks": "maybe"}, "is yes, limited, no or unknown"),
        ("Peace Bridge", {"latitude": "north"}, "is a number of degrees"),
        ("Peace Bridge", {"note": 5}, "is a text in quotes"),
    ],
)
def test_a_wrong_edit_is_refused_by_name(name: str, edit: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=r"crossings\.") as caught:
        ALL.with_edits({name: edit})
    assert says in str(caught.value)


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a time zone"):
        zone("Eastern")


def test_a_table_with_a_wrong_cell_names_its_row() -> None:
    head = (
        "name,also,cbsa_offices,cbp_ports,province,state,latitude,longitude,timezone,trucks,paps,cbp_wait_time_id,note"
    )
    with pytest.raises(ValueError, match="Sample Bridge"):
        Crossings.parse(f"{head}\nSample Bridge,,12,,ON,MI,1,1,America/Toronto,yes,yes,,\n")
