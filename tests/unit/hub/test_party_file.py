"""The registry of parties: the district's own, or one that is given."""

from pathlib import Path

import pytest

from hub.errors import PartiesError
from hub.party_file import load_parties

SMALL = """\
district = "06432"

[kinds.jobcenter]
receives = []
sends = {}

[[party]]
id = "kfb"
name = "Müller & Söhne"
kind = "jobcenter"
"""


def test_without_a_file_the_district_is_loaded() -> None:
    """The shipped registry has the Kreisagentur and 23 municipalities."""
    assert len(load_parties().party) == 24


def test_given_file_is_loaded_instead(tmp_path: Path) -> None:
    """Only what it declares is there."""
    file = tmp_path / "parties.toml"
    file.write_text(SMALL, encoding="utf-8")
    assert [party.name for party in load_parties(file).party] == ["Müller & Söhne"]


def test_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    file = tmp_path / "parties.toml"
    file.write_text(SMALL, encoding="utf-8-sig")
    assert len(load_parties(file).party) == 1


def test_mistake_names_the_given_file(tmp_path: Path) -> None:
    """File and line, ready to be clicked on."""
    file = tmp_path / "parties.toml"
    file.write_text(SMALL.replace('"kfb"', '"K"'), encoding="utf-8")
    with pytest.raises(PartiesError) as raised:
        load_parties(file)
    assert raised.value.where == f"{file}:8"


def test_file_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    """Missing, a folder, or not UTF-8: the answer says which file and what to do."""
    latin = tmp_path / "latin.toml"
    latin.write_text(SMALL, encoding="latin-1")
    for file in (tmp_path / "missing.toml", tmp_path, latin):
        with pytest.raises(PartiesError) as raised:
            load_parties(file)
        assert raised.value.file == str(file)
        assert "UTF-8" in raised.value.remedy
