"""The written contract: complete, current, and understood by others."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas import documents, writing
from schemas.data import Data
from schemas.events import ALL, BY_WIRE_TYPE
from tests.support.outside_validator import judge

JSON_FOLDER = writing.FOLDER / "json"
every_event = pytest.mark.parametrize("model", ALL, ids=[model.wire_type() for model in ALL])


def test_committed_documents_are_current() -> None:
    """What is committed is what the code says; else run `hub schemas write`."""
    assert writing.check_current() == []


def test_every_schema_file_belongs_to_an_event_and_every_event_has_one() -> None:
    """No schema is an orphan and none is missing."""
    there = {path.name for path in JSON_FOLDER.iterdir()}
    assert there == {f"{name}.json" for name in [*BY_WIRE_TYPE, documents.ENVELOPE]}


@every_event
def test_every_document_is_a_json_schema(model: type[Data]) -> None:
    """An outside validator accepts each document as JSON Schema 2020-12 with its own id."""
    schema = json.loads((JSON_FOLDER / f"{model.wire_type()}.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == model.schema_uri()
    assert schema["title"] == model.wire_type()
    assert schema["x-classification"] == model.CLASSIFICATION
    assert schema["description"]


@every_event
def test_undeclared_fields_are_refused_everywhere(model: type[Data]) -> None:
    """Every object of every event is closed."""
    schema = documents.schema_of(model)
    for part in [schema, *schema.get("$defs", {}).values()]:
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, part["title"]


def test_envelope_takes_attributes_it_does_not_know() -> None:
    """CloudEvents allows extensions: an unknown one is no reason to refuse an event."""
    said = json.loads(
        (writing.FOLDER / "examples/handover.continued/v1/valid/minimal.json").read_bytes()
    )
    envelope = judge(documents.envelope_schema())
    assert envelope.is_valid(said | {"sequence": "17"})
    assert not envelope.is_valid(said | {"specversion": "0.3"})
    del said["specversion"]
    assert not envelope.is_valid(said)


def test_documents_are_written_the_same_every_time(tmp_path: Path) -> None:
    """Another process with another hash seed writes the same bytes."""
    code = "import sys; from pathlib import Path; from schemas import writing; "
    code += "writing.write(Path(sys.argv[1]))"
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / seed)],
            check=True,
            cwd=writing.FOLDER.parent,
            env={"PYTHONHASHSEED": seed},
        )
    one, two = tmp_path / "1", tmp_path / "2"
    names = sorted(path.relative_to(one) for path in one.rglob("*.json"))
    assert len(names) == len(ALL) + 2
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)
    assert all((one / name).read_bytes().endswith(b"}\n") for name in names)


def test_writing_repairs_a_folder_and_names_what_changed(tmp_path: Path) -> None:
    """A changed, a missing and an orphaned file are named, then set right, then all is current."""
    writing.write(tmp_path)
    (tmp_path / "json/envelope.json").write_text("{}")
    (tmp_path / "asyncapi.json").unlink()
    (tmp_path / "json/referral.dreamt.v1.json").write_text("{}")
    assert writing.check_current(tmp_path) == [
        "asyncapi.json is missing.",
        "json/envelope.json is not what the code says.",
        "json/referral.dreamt.v1.json belongs to no event.",
    ]
    repaired = ["asyncapi.json", "json/envelope.json", "json/referral.dreamt.v1.json"]
    assert writing.write(tmp_path) == repaired
    assert writing.write(tmp_path) == []
    assert writing.check_current(tmp_path) == []


def test_schemas_import_nothing_heavy() -> None:
    """Whoever reads the contract loads pydantic and no client, server or database."""
    code = "import sys, schemas.codec, schemas.writing; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=writing.FOLDER.parent,
    )
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    heavy = {"kafka", "aiokafka", "faust", "sqlalchemy", "fastapi", "structlog", "typer", "asyncio"}
    assert "pydantic" in loaded
    assert loaded.isdisjoint(heavy | {"hub", "connectors"})
