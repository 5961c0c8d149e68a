"""Whether a root folder is served can be seen from outside."""

from pathlib import Path

import pytest

from connectors.file_drop.options import FileDropOptions
from connectors.file_drop.presence import is_served
from connectors.file_drop.source import FileDropSource


def test_served_as_long_as_anybody_serves(tmp_path: Path) -> None:
    """A folder is served while at least one source is open on it; looking disturbs none."""
    first = FileDropSource(FileDropOptions(root=tmp_path))
    second = FileDropSource(FileDropOptions(root=tmp_path))

    assert is_served(tmp_path)
    first.close()
    assert is_served(tmp_path)
    second.close()
    assert not is_served(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_away(tmp_path: Path) -> None:
    """Of a folder that is not there nothing is claimed."""
    with pytest.raises(FileNotFoundError):
        is_served(tmp_path / "away")
