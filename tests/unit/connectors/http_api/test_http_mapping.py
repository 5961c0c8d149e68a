"""What a request says, as the CloudEvents HTTP binding and JSON format write it."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.http_api.mapping import Mode, mode_of, read
from connectors.http_api.problems import NotAccepted
from connectors.http_api.said import Said

VERSION = (b"ce-specversion", b"1.0")
SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


def binary(*headers: tuple[bytes, bytes]) -> Said:
    """What these headers say in binary mode."""
    return read(Mode.BINARY, [VERSION, *headers], b"{}", 1)[0]


def structured(**members: object) -> Said:
    """What this JSON object says."""
    body = json.dumps({"specversion": "1.0", **members}).encode()
    return read(Mode.STRUCTURED, [], body, 1)[0]


def found(said: Said) -> list[tuple[str, str | None]]:
    """Code and field of each problem."""
    return [(problem.code.value, problem.field) for problem in said.problems]


@pytest.mark.parametrize(
    ("declared", "mode"),
    [
        (b"application/cloudevents+json", Mode.STRUCTURED),
        (b'Application/CloudEvents+JSON; charset="UTF-8"', Mode.STRUCTURED),
        (b"application/cloudevents-batch+json;charset=utf8", Mode.BATCH),
        (b"application/json ; charset=utf-8", Mode.BINARY),
    ],
)
def test_content_type_decides_the_mode(declared: bytes, mode: Mode) -> None:
    """Case, blanks and UTF-8 parameters do not matter."""
    assert mode_of([(b"content-type", declared), VERSION]) is mode


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"content-type", b"application/cloudevents")],
        [(b"content-type", b"application/cloudevents+avro")],
        [(b"content-type", b"application/xml"), VERSION],
        [(b"content-type", b"application/json; charset=iso-8859-1"), VERSION],
        [(b"content-type", b"application/json")],
        [(b"content-type", b"application/json"), (b"content-type", b"text/xml"), VERSION],
        [(b"content-type", b"\xff"), VERSION],
    ],
)
def test_other_content_types_are_refused(headers: list[tuple[bytes, bytes]]) -> None:
    """What is not one of the three modes, or is so twice, is 415."""
    with pytest.raises(NotAccepted) as refused:
        mode_of(headers)

    assert refused.value.status == 415


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        (b"%e2%82%ac", "€"),
        (b"%41%42", "AB"),
        (b'"Euro %E2%82%AC"', "Euro €"),
        (b'"a \\"quoted\\" \\\\ word"', 'a "quoted" \\ word'),
        (b"%2525", "%25"),
        (b"100%", "100%"),
    ],
)
def test_header_values_are_decoded_once(raw: bytes, value: str) -> None:
    """Quotes are taken off, then one round of percent-decoding (binding 3.1.3.2)."""
    assert binary((b"ce-subject", raw)).attributes["subject"] == value


@pytest.mark.parametrize("raw", [b"%C0%A0", b"%ff", b"\xc3\xbc"])
def test_header_that_is_not_utf8_is_named(raw: bytes) -> None:
    """Invalid UTF-8, overlong forms and raw bytes are refused."""
    assert found(binary((b"ce-subject", raw))) == [("attribute-invalid", "subject")]


def test_attribute_given_twice_is_named() -> None:
    """Two values for one attribute are no value."""
    said = binary((b"ce-source", b"//kurze-wege/kfb/a"), (b"ce-source", b"//kurze-wege/kfb/b"))

    assert found(said) == [("attribute-invalid", "source")]


def test_unknown_headers_do_not_matter() -> None:
    """An extension nobody declared is read over, even if it is garbled."""
    assert found(binary((b"ce-vendor", b"\xff"), (b"x-other", b"\xff"))) == []


def test_specversion_is_required() -> None:
    """Without it nothing is a CloudEvent, in either mode."""
    missing = [("attribute-missing", "specversion")]

    assert found(read(Mode.BINARY, [(b"ce-id", b"e-1")], b"{}", 1)[0]) == missing
    assert found(structured(specversion=None, data={})) == missing


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_text_survives_the_headers(text: str) -> None:
    """What is encoded as the binding says is read back as it was."""
    said = binary((b"ce-subject", quote(text, safe=SAFE).encode()))

    assert said.attributes["subject"] == text


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9))
def test_data_means_the_same_afterwards(data: object) -> None:
    """Data in a JSON object and the bytes handed on are the same JSON value."""
    said = structured(data=data)

    assert said.data is not None
    assert json.loads(said.data) == data


def test_null_and_empty_attributes_are_not_set() -> None:
    """Null is the same as leaving the member out (JSON format 2.2)."""
    said = structured(subject=None, recipient="", data={})

    assert said.attributes == {"specversion": "1.0"}
    assert said.problems == ()


def test_attribute_that_is_no_string_is_named() -> None:
    """A declared attribute must be a string; an unknown extension may be anything."""
    said = structured(id=5, time={"at": 1}, vendor=7, data={})

    assert found(said) == [("attribute-invalid", "id"), ("attribute-invalid", "time")]


def test_base64_data_are_decoded() -> None:
    """data_base64 with a JSON type carries the same bytes."""
    encoded = base64.b64encode(b'{"a": 1}').decode()

    assert structured(datacontenttype="application/json", data_base64=encoded).data == b'{"a": 1}'


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({}, ("field-missing", "data")),
        ({"data_base64": "e30="}, ("attribute-missing", "datacontenttype")),
        (
            {"data_base64": "e30", "datacontenttype": "application/json"},
            ("field-invalid", "data_base64"),
        ),
        (
            {"data_base64": 5, "datacontenttype": "application/json"},
            ("field-invalid", "data_base64"),
        ),
        ({"data": {}, "data_base64": "e30="}, ("field-invalid", "data_base64")),
        ({"data": {}, "datacontenttype": "text/xml"}, ("attribute-invalid", "datacontenttype")),
    ],
)
def test_data_that_cannot_be_taken_out_are_named(
    members: dict[str, object], problem: tuple[str, str]
) -> None:
    """Missing, doubled, undeclared or garbled data are said by code and field."""
    said = structured(**members)

    assert found(said) == [problem]
    assert said.data is None


@pytest.mark.parametrize("declared", ["text/json", "application/vnd.town+json; charset=utf-8"])
def test_every_json_type_is_json(declared: str) -> None:
    """`*/json` and `*/*+json` declare JSON (JSON format 3.1.1)."""
    assert found(structured(datacontenttype=declared, data={})) == []


def test_batch_items_are_told_apart() -> None:
    """What is wrong with one item of a batch does not touch the others."""
    good = {"specversion": "1.0", "data": {}}

    sayings = read(Mode.BATCH, [], json.dumps([good, 5, good]).encode(), 3)

    assert [found(said) for said in sayings] == [[], [("value-unreadable", None)], []]


@pytest.mark.parametrize(("body", "status"), [(b"{}", 400), (b"[1,2,3]", 413), (b"[", 400)])
def test_what_is_no_batch_is_refused(body: bytes, status: int) -> None:
    """An object, too many items, broken JSON."""
    with pytest.raises(NotAccepted) as refused:
        read(Mode.BATCH, [], body, 2)

    assert refused.value.status == status
