"""A person is found in files by what is theirs alone."""

import json
from pathlib import Path

import pytest

from hub.vault.traces import files_with, traces
from tests.support.builders import a_move, a_referral, an_offer

MIA = {"client_id": "epp-4711", "family_name": "Beispiel", "given_names": "Mia Söphie"}
DATA = a_referral(
    client={**MIA, "birth_date": "1991-05-04", "ags": "06432005"},
    note="Kommt mit dem Bus und bringt eine Nachbarin mit.",
).data
SOUGHT = traces([DATA])


def _is_found(folder: Path, content: bytes) -> bool:
    (folder / "file").write_bytes(content)
    return [*files_with([folder], SOUGHT)] == [folder / "file"]


@pytest.mark.parametrize(
    "content",
    [
        DATA.model_dump_json().encode(),
        json.dumps(DATA.model_dump(mode="json")).encode(),
        b"x" * 100_000 + "Söphie; Mia Söphie; 1991-05-04".encode() + b"x" * 100_000,
        b"... bringt. Kommt mit dem Bus und bringt eine Nachbarin mit. ...",
        b"epp-4711" + b"x" * 400 + b"1991-05-04",
    ],
    ids=[
        "as it travels",
        "as a database escapes it",
        "in the midst",
        "a note alone",
        "two of them",
    ],
)
def test_found(tmp_path: Path, content: bytes) -> None:
    """Where two of a person's own values stand near each other, or a long one, they are found."""
    assert _is_found(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Beispiel, Musterweg 12a, 64859 Eppertshausen",
        b"1991-05-04" * 50,
        b"epp-4711" + b"x" * 2000 + b"1991-05-04",
    ],
    ids=["nothing", "their household", "one value", "far apart"],
)
def test_not_found(tmp_path: Path, content: bytes) -> None:
    """Name and address are a household's, and one value alone may be anybody's."""
    assert not _is_found(tmp_path, content)


def test_nobody_to_look_for() -> None:
    """In an event about nobody there is nothing to look for; in a move there is."""
    assert traces([an_offer().data]) == frozenset()
    assert traces([a_move().data]) != frozenset()


def test_a_file_is_a_place(tmp_path: Path) -> None:
    """A single file can be looked through, and what is not there is passed over."""
    (tmp_path / "one").write_bytes(DATA.model_dump_json().encode())
    assert [*files_with([tmp_path / "one", tmp_path / "none"], SOUGHT)] == [tmp_path / "one"]
