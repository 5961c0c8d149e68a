"""The OpenAPI document says what the door does: checked from outside and against the door."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import schemas
from connectors.callers.tokens import digest
from connectors.http_api.codes import STATUS
from connectors.http_api.openapi import describe
from schemas.codec import read
from schemas.envelope import Event, party_of
from schemas.topics import HANDED_IN
from tests.support.http_door import (
    AUTHORISED,
    BATCH,
    STRUCTURED,
    TOKEN,
    Remembered,
    an_event,
    client_of,
    door_options,
)

DOCUMENT = describe(door_options())
EXAMPLES = Path(schemas.__file__).parent / "examples"
URI = "urn:kurze-wege:openapi"
REGISTRY: Registry[Any] = Registry().with_resource(
    URI, Resource.from_contents(DOCUMENT, default_specification=DRAFT202012)
)


def validator(name: str) -> Draft202012Validator:
    """An outside validator for one of the document's schemas."""
    schema = {"$ref": f"{URI}#/components/schemas/{name}"}
    return Draft202012Validator(schema, registry=REGISTRY, format_checker=FormatChecker())


def examples(kind: str) -> Iterator[Any]:
    """Every example of the contract of this kind that a party may send, by its path."""
    for path in sorted(EXAMPLES.glob(f"*/*/{kind}/*.json")):
        name = path.relative_to(EXAMPLES)
        if name.parts[0] in HANDED_IN:
            yield pytest.param(json.loads(path.read_text(encoding="utf-8")), id=str(name))


def references(part: object) -> Iterator[str]:
    """Every `$ref` below this part."""
    if isinstance(part, dict):
        for name, inner in part.items():
            if name == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


async def test_served_document_is_the_described_one() -> None:
    """What is served is the document, and it is OpenAPI 3.1 in JSON."""
    async with client_of(Remembered()) as client:
        answer = await client.get("/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(DOCUMENT))
    assert answer.json()["openapi"].startswith("3.1.")


def test_every_schema_is_well_formed_and_used() -> None:
    """Each schema is JSON Schema 2020-12, every reference leads somewhere, none is an orphan."""
    found = DOCUMENT["components"]["schemas"]
    for schema in found.values():
        Draft202012Validator.check_schema(schema)
    used = {name.removeprefix("#/components/schemas/") for name in references(DOCUMENT)}

    assert used == set(found)


async def test_every_described_address_is_there() -> None:
    """The document names exactly the addresses the door has, besides itself."""
    for path, methods in DOCUMENT["paths"].items():
        async with client_of(Remembered()) as client:
            for method in methods:
                answer = await client.request(method, path)
                assert answer.status_code not in {404, 405}
                assert str(answer.status_code) in methods[method]["responses"]


def test_every_code_stands_under_its_status() -> None:
    """Each code the door can say about a request to /events is described with its status."""
    responses = DOCUMENT["paths"]["/events"]["post"]["responses"]
    for code, status in STATUS.items():
        if status not in {404, 405}:
            assert f"`{code}`" in responses[str(status)]["description"]


@pytest.mark.parametrize("event", list(examples("valid")))
async def test_valid_examples_fit_the_document_and_the_door(event: dict[str, Any]) -> None:
    """What the contract shows as valid passes an outside validator, and the door takes it."""
    assert list(validator("Event").iter_errors(event)) == []

    publish = Remembered()
    tokens = {digest(TOKEN): party_of(event["source"])}
    async with client_of(publish, tokens=tokens) as client:
        one = await client.post("/events", json=event, headers=STRUCTURED)
        many = await client.post("/events", json=[event], headers=BATCH)

    assert (one.status_code, many.status_code) == (202, 202)
    assert list(validator("Accepted").iter_errors(one.json())) == []
    said = read({k: v for k, v in event.items() if k != "data"}, json.dumps(event["data"]).encode())
    assert [list(call) for call in publish.calls] == [[said], [said]]
    assert isinstance(said, Event)


@pytest.mark.parametrize("example", list(examples("invalid")))
async def test_invalid_examples_are_refused_in_described_words(example: dict[str, Any]) -> None:
    """What the contract shows as invalid is refused for the reasons it names."""
    async with client_of(Remembered()) as client:
        answer = await client.post("/events", json=example["event"], headers=STRUCTURED)

    assert answer.status_code in {400, 422}
    assert list(validator("ProblemDetails").iter_errors(answer.json())) == []
    found = {(said["code"], said.get("field")) for said in answer.json()["problems"]}
    wanted = {(said["code"], said.get("field") or "data") for said in example["problems"]}
    assert found == wanted


async def test_binary_mode_is_described() -> None:
    """Data alone fit the schema of binary mode, and every header that may stand is named."""
    event = an_event()
    data = event.pop("data")
    headers = {f"ce-{name}": value for name, value in event.items()}
    described = {said["name"] for said in DOCUMENT["paths"]["/events"]["post"]["parameters"]}

    assert list(validator("Data").iter_errors(data)) == []
    assert headers.keys() <= described
    assert not {"ce-sender", "ce-rule"} & described
    async with client_of(Remembered()) as client:
        answer = await client.post("/events", json=data, headers={**AUTHORISED, **headers})
    assert answer.status_code == 202


async def test_page_names_every_code() -> None:
    """The page for people explains each code the door can say."""
    async with client_of(Remembered()) as client:
        page = (await client.get("/docs")).text

    assert all(f'id="{code}"' in page for code in STATUS)
    assert "<script" not in page
