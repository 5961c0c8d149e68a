"""The README of those who call says what is so."""

from pathlib import Path

from connectors import callers
from connectors.callers.codes import MEANINGS
from connectors.callers.scopes import Scope

README = (Path(callers.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_every_code_stands_there() -> None:
    """The table has each code with its status and its words."""
    for code, (status, title) in MEANINGS.items():
        assert f"| `{code}` | {status} | {title} |" in README


def test_every_scope_stands_there() -> None:
    """The table has each scope."""
    table = README.partition("| scope | allows |")[2]
    assert [one for one in Scope if f"`{one}`" not in table] == []
