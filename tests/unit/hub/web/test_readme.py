"""The README of the pages says what is true today."""

import re
from pathlib import Path

from hub.access.roles import Role

README = Path("hub/web/README.md").read_text(encoding="utf-8")
ROOM = Path("hub/web")


def test_every_test_it_names_is_there() -> None:
    """Who looks up how a point of the list is checked finds the test."""
    units = [Path("tests/unit/hub/web"), Path("tests/unit/hub/pages")]
    files = [file for folder in units for file in folder.rglob("test_*.py")]
    files += Path("tests/browser").glob("*.py")
    written = "".join(file.read_text(encoding="utf-8") for file in files)
    named = set(re.findall(r"`(test_\w+)`", README))

    assert named
    assert [name for name in sorted(named) if f"def {name}(" not in written] == []


def test_every_file_it_names_is_there() -> None:
    """The rooms of its table exist."""
    named = re.findall(r"`((?:static/|locale/)?\w+(?:\.py|\.css|/de|/))`", README)

    assert named
    assert [name for name in named if not (ROOM / name).exists()] == []


def test_every_role_is_in_its_table() -> None:
    """Nobody's rights are left out."""
    assert [role for role in Role if f"| {role} |" not in README] == []
