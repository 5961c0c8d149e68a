"""The tables of `schemas/README.md` say what the code says."""

import re

import pytest

from schemas import writing
from schemas.documents import envelope_schema, says
from schemas.envelope import Context
from schemas.events import ALL
from schemas.problems import TITLES, ProblemCode
from schemas.topics import DELIVERY_PREFIX, HANDED_IN, LEDGER, MAX_EVENT_BYTES, TOPIC_OF

README = (writing.FOLDER / "README.md").read_text("utf-8")


def table(first_column: str) -> list[list[str]]:
    """The rows of the table whose first column has this head, cells as written."""
    _, found, rest = README.partition(f"| {first_column} |")
    assert found, f"README has no table {first_column}"
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def test_every_attribute_is_explained() -> None:
    """All attributes in order, whether they must be given, and what each says."""
    required = envelope_schema()["required"]
    assert table("attribute") == [
        [f"`{name}`", "yes" if name in required else "no", field.description]
        for name, field in Context.model_fields.items()
    ]


def test_every_event_is_listed() -> None:
    """All versions of all types in the order of the register, with topic and sentence."""
    rows = table("type")
    assert [row[0] for row in rows] == [f"`{model.wire_type()}`" for model in ALL]
    for row, model in zip(rows, ALL, strict=True):
        _, way, topic, lowest, sentence = row
        assert lowest == model.CLASSIFICATION
        assert sentence == says(model)
        assert way.startswith(("hub →", "hub's ")) is (model.TYPE not in HANDED_IN)
        comes = TOPIC_OF.get(model.TYPE)
        home = LEDGER.name if model.TYPE in LEDGER.carries else f"{DELIVERY_PREFIX}<party>"
        assert topic == f"`{comes.name if comes else home}`"


def test_every_problem_code_says_what_to_do() -> None:
    """All codes in order, each with its own sentence and a remedy."""
    rows = table("code")
    assert [row[0] for row in rows] == [f"`{code}`" for code in ProblemCode]
    for (_, sentence, remedy), code in zip(rows, ProblemCode, strict=True):
        assert sentence == TITLES[code]
        assert remedy.endswith(".")


def test_size_limit_is_the_one_that_is_enforced() -> None:
    """The limit stands here in bytes and in KiB."""
    assert f"at most {MAX_EVENT_BYTES:,} bytes ({MAX_EVENT_BYTES // 1024} KiB)" in README


@pytest.mark.parametrize("path", sorted(writing.FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_every_module_is_named(path: object) -> None:
    """No module of the folder is left unexplained."""
    name = str(path).rpartition("/")[2]
    if name != "__init__.py":
        assert f"`{name}`" in README


def test_every_module_named_exists() -> None:
    """No module in the tables is gone."""
    for name in re.findall(r"`([a-z_]+\.py)`", README):
        assert (writing.FOLDER / name).exists(), name
