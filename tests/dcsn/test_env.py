"""The reader of the environment refuses a typo and says what to set."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from dcsn.env import Environment


def test_a_missing_setting_is_named_with_where_to_set_it() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"DCSN_THING is not set.*\.env\.example"):
        Environment({}).text("DCSN_THING")


@pytest.mark.parametrize("value", ["ture", "2", "maybe"])
def test_a_flag_that_is_neither_yes_nor_no_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DCSN_FLAG"):
        Environment({"DCSN_FLAG": value}).flag("DCSN_FLAG", False)


@pytest.mark.parametrize(("value", "meant"), [("true", True), ("off", False), ("1", True)])
def test_a_flag_is_read(value: str, meant: bool) -> None:
    assert Environment({"DCSN_FLAG": value}).flag("DCSN_FLAG") is meant


def test_an_empty_flag_means_its_default() -> None:
    assert Environment({"DCSN_FLAG": ""}).flag("DCSN_FLAG", True) is True


def test_a_number_with_letters_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="DCSN_PORT is set to '58O'"):
        Environment({"DCSN_PORT": "58O"}).number("DCSN_PORT")


def test_a_list_leaves_out_empty_parts() -> None:
    assert Environment({"DCSN_LIST": "E06000005, ,E06000001,"}).items("DCSN_LIST") == [
        "E06000005",
        "E06000001",
    ]


def test_a_secret_comes_from_a_file_when_one_is_named(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("from the file\n")
    assert Environment({"DCSN_KEY_FILE": str(secret)}).secret("DCSN_KEY") == "from the file"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("one")
    values = {"DCSN_KEY": "two", "DCSN_KEY_FILE": str(tmp_path / "key")}
    with pytest.raises(ImproperlyConfigured, match="not both"):
        Environment(values).secret("DCSN_KEY")


def test_a_secret_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        Environment({"DCSN_KEY_FILE": str(tmp_path / "none")}).secret("DCSN_KEY")


def test_the_value_of_a_secret_is_not_repeated_in_an_error(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush-hush")
    values = {"DCSN_KEY": "hush-hush", "DCSN_KEY_FILE": str(tmp_path / "key")}
    with pytest.raises(ImproperlyConfigured) as refused:
        Environment(values).secret("DCSN_KEY")
    assert "hush-hush" not in str(refused.value)


def test_an_unknown_name_with_our_prefix_is_a_typo() -> None:
    environment = Environment({"DCSN_NETWORK_NAME": "x", "DCSN_NETWROK_NAME": "y", "OTHER": "z"})
    environment.text("DCSN_NETWORK_NAME", "")
    with pytest.raises(ImproperlyConfigured, match="DCSN_NETWROK_NAME"):
        environment.refuse_unknown()
