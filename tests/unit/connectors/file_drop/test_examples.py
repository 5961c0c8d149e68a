"""The examples and the README of the connector are true."""

import re
from pathlib import Path

import pytest

from connectors.file_drop.options import FileDropOptions
from connectors.file_drop.table_mapping import defaults
from schemas.events.address_change_reported import AddressChangeReported
from tests.support.drop_folder import DropFolder

FOLDER = Path("connectors/file_drop")
README = (FOLDER / "README.md").read_text("utf-8")
EXAMPLES = {
    "events.jsonl": ["disclosure-block.set.v1", "referral.requested.v1"],
    "ueberweisungen.csv": ["referral.requested.v1"] * 2,
    "umzuege.csv": ["address-change.reported.v1"] * 2,
    "umzuege.xml": [
        "address-change.corrected.v1",
        "address-change.reported.v1",
        "address-change.withdrawn.v1",
    ],
    "angebote.csv": ["support-offer.published.v1"],
}


@pytest.mark.parametrize("mode", ["lines", "whole"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_accepted(tmp_path: Path, name: str, mode: str) -> None:
    """Dropped as it is, every example goes, all of it."""
    folder = DropFolder(tmp_path)
    folder.drop(name, (FOLDER / "examples" / name).read_bytes())
    assert sorted(event.context.type for event in folder.take(mode=mode)) == EXAMPLES[name]
    assert folder.names("done") == [name]
    assert folder.names("refused") == []


def test_no_example_is_an_orphan() -> None:
    """Every file in the examples is tested and named in the README."""
    there = {path.name for path in (FOLDER / "examples").iterdir()}
    assert there == EXAMPLES.keys()
    assert all(f"examples/{name}" in README for name in there)


def test_the_readme_has_every_option_with_its_default() -> None:
    """The table of options is the options."""
    rows = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*?)`? \|", README, re.MULTILINE))
    for name, option in FileDropOptions.model_fields.items():
        said = rows.pop(name)
        if option.is_required():
            assert said == "required"
        elif name == "batch_bytes":
            assert said == "2 MiB"
        else:
            assert said == str(option.default if option.default != () else "none")
    assert rows == {}


def test_the_readme_names_every_mapping_and_its_columns() -> None:
    """Each mapping that comes along is described, with every column by its name."""
    for mapping in defaults():
        assert f"mappings/{mapping.name}.toml" in README
        assert mapping.type in README
        assert all(f"`{name}`" in README for name in mapping.columns), mapping.name


def test_the_mapping_in_the_readme_works(tmp_path: Path) -> None:
    """The example of a mapping of one's own can be copied."""
    (example,) = re.findall(r"```toml\n(type = .*?)```", README, re.DOTALL)
    folder = DropFolder(tmp_path)
    mappings = folder.inbox.with_name("mappings")
    mappings.mkdir()
    (mappings / "own.toml").write_text(example, "utf-8")
    header = "Az.,erfasst,PersonNr,Name,Vorname,geb.,Herkunft,Einzug,durch,Sachbearbeiter"
    row = "U-1,02.03.2026 9:00,P-0815,Weiß,Inge,1.2.1970,6432002,01.03.2026,Amt,xy"
    folder.drop("zuzug-2026.csv", f"{header}\n{row}\n".encode())
    (event,) = folder.take()
    assert event.context.source == "//kurze-wege/06432005/meso"
    assert isinstance(event.data, AddressChangeReported)
    assert (event.data.old_ags, event.data.new_ags) == ("06432002", "06432005")
