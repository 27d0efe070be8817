"""The table `[carm]` of the settings: rules with a source, which an operator can override."""

from pathlib import Path

import pytest

from bot.config import Config, SettingsError, read_config
from bot.feeds.registry import SOURCES


def config(folder: Path, text: str) -> Config:
    path = folder / "holdwatch.toml"
    path.write_text(text, "utf-8")
    return read_config(path, Path("var"), SOURCES)


def test_rules_of_carm_are_overridden_by_their_table_and_wrong_ones_are_named(tmp_path: Path) -> None:
    found = config(tmp_path, '[carm]\nrpp_days = 60\nreject_codes = ["Z99"]\n')
    assert (found.carm.rpp_days, found.carm.reject_codes) == (60, ("Z99",))
    assert found.carm.entries["rpp_days"].own and not found.carm.entries["security_days"].own
    with pytest.raises(SettingsError, match=r"carm\.rpp_day is not a setting, did you mean rpp_days"):
        config(tmp_path, "[carm]\nrpp_day = 60\n")
    with pytest.raises(SettingsError, match=r"carm\.reject_words is a list of words"):
        config(tmp_path, '[carm]\nreject_words = "RPP"\n')
