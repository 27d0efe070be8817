"""`holdwatch backtest`: what it prints of a small recording, and what it says of a bad one."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.sample.messages import rns

ETA = datetime(2026, 11, 24, 20, tzinfo=UTC)
KNOWN = ETA - timedelta(hours=9)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PARS = "SMPLPARS100123"
FIELDS = [
    "at", "load", "direction", "known_at", "shipment", "event", "posted", "level", "kinds", "cause", "but", "guess",
    "place", "text",
]  # fmt: skip


def load(number: str = "1234", pars: str = PARS, **more: str) -> dict[str, str]:
    sent = KNOWN.isoformat()
    return {
        "number": number, "direction": "CA", "known_at": sent, "eta": ETA.isoformat(), "papers_sent": sent,
        "pars": pars, "broker": "SAMPLE Pine", "driver": "SAMPLE Sam",
    } | more  # fmt: skip


def heard(at: datetime, code: str, number: str = PARS, **more: Any) -> dict[str, Any]:
    body = rns(code, number, "0453", at, f"R{at:%d%H%M}{code}", filing=7).decode()
    return {"at": at.isoformat(), "feed": "rns", "source": "cbsa_rns", "body": body} | more


def alive(until: datetime) -> list[dict[str, Any]]:
    """A sign of life every five minutes."""
    count = int((until - KNOWN) / (5 * MINUTE))
    return [{"at": (KNOWN + n * 5 * MINUTE).isoformat(), "feed": "rns", "source": "cbsa_rns"} for n in range(count + 1)]


def recorded(
    folder: Path,
    *loads: dict[str, str],
    messages: Sequence[dict[str, Any]] = (),
    lines: Sequence[dict[str, str]] = (),
) -> Path:
    header = list(dict.fromkeys(name for one in loads for name in one))
    rows = [",".join(one.get(name, "") for name in header) for one in loads]
    (folder / "loads.csv").write_text("\n".join([",".join(header), *rows, ""]), "utf-8")
    for name, objects in (("messages", messages), ("lines", lines)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in objects), "utf-8")
    return folder


def run(folder: Path, *more: str, code: int = 0) -> Any:
    result = CliRunner().invoke(cli, ["backtest", str(folder), *more])
    assert result.exit_code == code, result.output
    return result


def events(folder: Path, *more: str, code: int = 0) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(folder, "--json", *more, code=code).stdout.splitlines()]


def told(found: list[dict[str, Any]], load: str = "1234") -> list[tuple[str, str, bool]]:
    return [(e["at"][11:16], e["event"], e["posted"]) for e in found if e["load"] == load]


def test_every_line_has_the_fields_of_the_contract_in_order_of_time(tmp_path: Path) -> None:
    found = events(recorded(tmp_path, load(), messages=[*alive(ETA + 26 * HOUR), heard(ETA - 90 * MINUTE, "9")]))
    assert found
    assert all(list(event) == FIELDS for event in found)
    assert [e["at"] for e in found] == sorted(e["at"] for e in found)


def test_a_load_that_nobody_accepted_is_told_and_cleared_by_the_fact(tmp_path: Path) -> None:
    found = events(recorded(tmp_path, load(), messages=[*alive(ETA + 26 * HOUR), heard(ETA - 90 * MINUTE, "9")]))
    assert told(found)[:3] == [("14:00", "raised", False), ("16:00", "raised", True), ("18:00", "level", True)]
    assert ("18:30", "cleared", True) in told(found)
    assert ("18:30", "go", False) in told(found)
    (raised,) = [e for e in found if e["event"] == "raised" and e["posted"] and e["place"] == "dispatch"]
    assert (raised["kinds"], raised["cause"], raised["shipment"]) == (["not_matched"], "broker", PARS)
    assert (raised["level"], raised["guess"], raised["but"]) == ("warn", False, "manifest_unseen")
    assert "1234" in raised["text"]


def test_the_driver_is_told_at_his_own_place(tmp_path: Path) -> None:
    found = events(recorded(tmp_path, load(), messages=alive(ETA + 26 * HOUR)))
    driver = [e for e in found if e["place"] == "driver"]
    assert driver[0]["at"] == (ETA - 2 * HOUR).isoformat()
    assert driver[0]["posted"]


def test_a_line_that_was_typed_owns_the_alert(tmp_path: Path) -> None:
    at = ETA - 3 * HOUR
    typed = {"at": at.isoformat(), "who": "SAMPLE Robin", "role": "dispatcher", "line": "/load 1234 got it"}
    found = events(recorded(tmp_path, load(), messages=alive(ETA + 26 * HOUR), lines=[typed]))
    (owned,) = [e for e in found if e["event"] == "owned"]
    assert owned["at"] == at.isoformat()
    assert owned["posted"]


def test_a_line_that_is_not_taken_is_a_problem(tmp_path: Path) -> None:
    typed = {"at": ETA.isoformat(), "who": "Robin", "role": "dispatcher", "line": "/load 9999 got it"}
    result = run(recorded(tmp_path, load(), lines=[typed]), code=1)
    assert "lines.jsonl line 1" in result.stderr


def test_c3_a_feed_without_signs_of_life_dies_and_says_whom_it_blinds(tmp_path: Path) -> None:
    found = events(recorded(tmp_path, load(), messages=alive(ETA - 5 * HOUR)))
    (card,) = [e for e in found if e["event"] == "feed"]
    assert (card["load"], card["posted"], card["place"]) == (None, True, "dispatch")
    assert card["at"] == (ETA - 5 * HOUR + 10 * MINUTE).isoformat()
    assert any(e["kinds"] == ["unwatched"] for e in found)


def test_n4_a_call_post_has_a_line_for_each_of_its_loads(tmp_path: Path) -> None:
    loads = [load(str(n), f"SMPLPARS10012{n}") for n in range(4)]
    found = events(recorded(tmp_path, *loads, messages=alive(ETA + 26 * HOUR)))
    calls = [e for e in found if e["event"] == "said" and "SAMPLE Pine" in e["text"]]
    assert {e["load"] for e in calls} == {"0", "1", "2", "3"}
    assert {e["at"] for e in calls} == {(ETA - 4 * HOUR).isoformat()}
    assert len({e["text"] for e in calls}) == 1


def test_a_policy_file_changes_what_is_told(tmp_path: Path) -> None:
    folder = recorded(tmp_path, load(), messages=alive(ETA + 26 * HOUR))
    policy = tmp_path / "policy.toml"
    policy.write_text('[policy]\nwarn_before = "3h"\n', "utf-8")
    first = next(e for e in events(folder, "--policy", str(policy)) if e["posted"])
    assert first["at"] == (ETA - 3 * HOUR).isoformat()


def test_a_number_used_again_is_another_occurrence(tmp_path: Path) -> None:
    later = timedelta(days=3)
    again = load(pars="SMPLPARS100999", known_at=(KNOWN + later).isoformat(), eta=(ETA + later).isoformat())
    good = [heard(KNOWN + HOUR, "9"), heard(ETA + 10 * MINUTE, "4"), *alive(ETA + later + 26 * HOUR)]
    found = events(recorded(tmp_path, load(), again, messages=good))
    assert {e["known_at"] for e in found if e["load"]} == {KNOWN.isoformat(), (KNOWN + later).isoformat()}


def test_a_body_may_be_base64(tmp_path: Path) -> None:
    one = heard(KNOWN + HOUR, "9")
    one["body_base64"] = base64.b64encode(one.pop("body").encode()).decode()
    found = events(recorded(tmp_path, load(), messages=[*alive(ETA + 26 * HOUR), one]))
    assert next(e["event"] for e in found if e["load"]) == "go"


def test_what_cannot_be_read_in_a_message_is_a_problem_with_its_line(tmp_path: Path) -> None:
    bad = heard(KNOWN + HOUR, "99")
    result = run(recorded(tmp_path, load(), messages=[bad]), "--json", code=1)
    assert "messages.jsonl line 1" in result.stderr


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("loads.csv", "", "has no load"),
        ("loads.csv", "known_at\n2026-11-24\n", "no column"),
        ("loads.csv", "number,known_at\n1234,\n", "loads.csv line 2: known_at is missing"),
        ("loads.csv", "number,known_at\n1234,soon\n", "loads.csv line 2"),
        ("messages.jsonl", "{", "messages.jsonl line 1 is not JSON"),
        ("messages.jsonl", "[]", "messages.jsonl line 1 is not an object"),
        ("messages.jsonl", '{"at": "2026-11-24T10:00:00", "feed": "rns"}', "has no zone"),
        ("messages.jsonl", '{"at": "2026-11-24T10:00:00Z"}', "feed is missing"),
        ("messages.jsonl", '{"at": "2026-11-24T10:00:00Z", "feed": "a", "source": "b"}', "'b' is not a source"),
        ("messages.jsonl", '{"at": "2026-11-24T10:00:00Z", "feed": "a"}', "feeds.a.source"),
        ("lines.jsonl", '{"at": "2026-11-24T10:00:00Z", "who": "a", "role": "king", "line": "x"}', "role 'king'"),
        ("holdwatch.toml", "feeds = 3", "holdwatch.toml"),
        ("holdwatch.toml", "[", "is not TOML"),
    ],
)
def test_a_recording_that_cannot_be_run_is_refused_by_name(tmp_path: Path, file: str, text: str, says: str) -> None:
    recorded(tmp_path, load())
    (tmp_path / file).write_text(text, "utf-8")
    assert says in run(tmp_path, code=2).stderr


def test_a_folder_without_loads_is_refused(tmp_path: Path) -> None:
    assert "holds no loads.csv" in run(tmp_path, code=2).stderr


def test_without_json_it_is_summed_up_for_people(tmp_path: Path) -> None:
    folder = recorded(tmp_path, load(), messages=alive(ETA + 26 * HOUR))
    (folder / "truth.csv").write_text("number,direction,stop,trouble,known_from\n1234,CA,no,no,\n", "utf-8")
    said = run(folder).stdout
    assert "not_matched" in said
    assert "1 loads" in said
    assert "1 loads were told of and not stopped" in said


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDWATCH_VAR", str(tmp_path / "var"))
    (tmp_path / "d").mkdir()
    run(recorded(tmp_path / "d", load()))
    assert not (tmp_path / "var").exists()
    assert sorted(p.name for p in (tmp_path / "d").iterdir()) == ["lines.jsonl", "loads.csv", "messages.jsonl"]


def test_what_customs_proved_of_an_importer_is_learnt_by_the_next_day(tmp_path: Path) -> None:
    day = timedelta(days=1)
    said = {"at": (KNOWN + HOUR).isoformat(), "who": "SAMPLE Robin", "role": "dispatcher",
            "line": '/shipper ACME carm rpp=suspended by="Maria, SAMPLE Pine"'}  # fmt: skip
    later = load("1235", "SMPLPARS100999", importer="ACME", papers_sent="", eta=(ETA + day).isoformat())
    both = (load(importer="ACME"), later)
    heard_ = [*alive(ETA + 50 * HOUR), heard(ETA - 90 * MINUTE, "9")]
    found = [e for e in events(recorded(tmp_path, *both, messages=heard_, lines=[said])) if e["load"] == "1235"]
    first = next(e for e in found if "carm" in e["kinds"])
    assert first["at"] == (ETA).isoformat() and first["posted"]
    gone = next(e for e in found if e["at"] > first["at"] and "carm" not in e["kinds"])
    assert gone["at"][:10] == "2026-11-25" and gone["at"] < (ETA + 12 * HOUR).isoformat(), "its own release proved it"


def test_n4_who_is_on_is_called_at_each_loads_own_moment(tmp_path: Path) -> None:
    later = load("1235", "SMPLPARS100999", eta=(ETA + HOUR).isoformat())
    on = {"at": (KNOWN + HOUR).isoformat(), "who": "SAMPLE Robin", "role": "dispatcher",
          "line": "/person on until 13:30"}  # fmt: skip
    found = events(recorded(tmp_path, load(), later, messages=alive(ETA + 26 * HOUR), lines=[on]))
    called = [(e["at"][11:16], e["load"], "SAMPLE Robin" in e["text"]) for e in found if e["event"] == "escalated"]
    assert called[:3] == [("18:10", "1234", True), ("19:10", "1234", False), ("19:10", "1235", False)]
