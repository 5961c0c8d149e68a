"""A signature holds for exactly what was signed, and any JOSE library can check it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from schemas.codec import Record, decode, encode, read, taken_apart
from schemas.envelope import Context
from schemas.signature import (
    SIGNATURE_HEADER,
    SIGNED,
    NotSigned,
    Signer,
    attached,
    is_by,
    public_key,
    public_text,
    seal_payload,
    sealed_digests,
    signed_bytes,
    signed_statement,
    statement,
)
from schemas.signature import taken_apart as signature_of
from tests.support.builders import a_move, a_referral

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
SIGNER = Signer("06432005-test", KEY)
AT_S = 1_772_442_900
RECORD = encode(a_referral(correlationid="folge-1", to="kfb"))
ATTRIBUTES, VALUE = taken_apart(RECORD)
PAYLOAD = statement(ATTRIBUTES, VALUE)
WRITTEN = SIGNER.sign(PAYLOAD, AT_S)
JWS = signature_of(WRITTEN)


def holds(attributes: dict[str, str], value: bytes) -> bool:
    """Whether the signature is of this event."""
    return is_by(JWS, statement(attributes, value), PUBLIC)


def test_an_untouched_event_is_known_as_its_signers() -> None:
    """What was signed is found to be signed; the header says by which key and when."""
    assert holds(ATTRIBUTES, VALUE)
    assert JWS.head == ("06432005-test", AT_S)


NOT_SIGNED = {"traceparent", "signature", "seal", "encryptedas"}


def test_everything_declared_but_the_trace_and_the_proofs_is_signed() -> None:
    """A new attribute of the contract is signed unless somebody decides otherwise."""
    assert {*SIGNED} == {"data", *Context.model_fields} - NOT_SIGNED


@given(st.sampled_from([name for name in SIGNED if name != "data"]), st.text(max_size=40))
def test_any_changed_attribute_is_noticed(name: str, text: str) -> None:
    """Whatever attribute is changed, added or taken away: the signature no longer holds."""
    changed = {**ATTRIBUTES, name: text}
    if {key: said for key, said in changed.items() if said} != ATTRIBUTES:
        assert not holds(changed, VALUE)


@given(st.integers(0, len(VALUE) - 1), st.integers(1, 255))
def test_any_changed_byte_of_the_data_is_noticed(place: int, mask: int) -> None:
    """One bit is enough."""
    changed = bytearray(VALUE)
    changed[place] ^= mask
    assert not holds(ATTRIBUTES, bytes(changed))


@given(st.integers(0, len(WRITTEN) - 1), st.sampled_from("Aa0-_.b9"))
def test_any_changed_character_of_the_signature_is_noticed(place: int, character: str) -> None:
    """A signature has one spelling: another text is none, or does not hold."""
    changed = WRITTEN[:place] + character + WRITTEN[place + 1 :]
    if changed == WRITTEN:
        return
    try:
        found = signature_of(changed)
    except NotSigned:
        return
    assert found.payload is not None or not is_by(found, statement(ATTRIBUTES, VALUE), PUBLIC)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    """What is no signature is said to be none, whatever it is."""
    with pytest.raises(NotSigned):
        signature_of(text)


@given(st.dictionaries(st.sampled_from(SIGNED), st.text(), max_size=6), st.binary(max_size=20))
def test_what_is_signed_is_canonical_json(attributes: dict[str, str], value: bytes) -> None:
    """The statement is what RFC 8785 makes of it: sorted, without blanks, as short as can be."""
    try:
        said = statement(attributes, value)
    except UnicodeEncodeError:  # half a surrogate pair is no text
        return
    plain = json.loads(said)
    again = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert said == again.encode()


@pytest.mark.parametrize(
    "whole",
    [
        attached(WRITTEN, signed_bytes(JWS.protected, PAYLOAD)).decode(),
        SIGNER.sign_whole(PAYLOAD, AT_S),
    ],
    ids=["put in later", "from the beginning"],
)
def test_a_jose_library_checks_it_with_what_was_signed_in_it(whole: str) -> None:
    """Who has the public key needs nothing of ours: joserfc reads it, and what was signed."""
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": public_text(PUBLIC)})
    # as RFC 7515, 4, has it: a member of the header that is not known is read over
    lenient = jws.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)
    found = jws.deserialize_compact(whole, key, registry=lenient)
    said = json.loads(found.payload)
    assert said["recipient"] == "kfb"
    assert said["id"] == ATTRIBUTES["id"]
    assert found.headers() == {"alg": "Ed25519", "iat": AT_S, "kid": "06432005-test"}


def test_a_record_is_signed_as_its_attributes_are() -> None:
    """Signing a record and checking the attributes that were read from it is the same."""
    assert signed_statement(RECORD) == statement(ATTRIBUTES, VALUE)


@pytest.mark.parametrize(
    "head",
    [
        {"alg": "none", "iat": 1, "kid": "k"},
        {"alg": "HS256", "iat": 1, "kid": "k"},
        {"alg": "EdDSA", "iat": 1, "kid": "k", "crit": ["b64"], "b64": False},
        {"alg": "EdDSA", "iat": True, "kid": "k"},
        {"alg": "EdDSA", "iat": "1", "kid": "k"},
        {"alg": "EdDSA", "iat": 1},
        {"alg": "EdDSA", "kid": "k"},
        [],
    ],
)
def test_a_header_of_another_kind_is_none(head: object) -> None:
    """Only Ed25519, with a key's name and a time, and nothing that must be understood besides."""
    protected = urlsafe_b64encode(json.dumps(head).encode()).rstrip(b"=").decode()
    with pytest.raises(NotSigned):
        signature_of(f"{protected}..{WRITTEN.rpartition('.')[2]}")


def test_a_signed_event_goes_on_as_it_was_written() -> None:
    """A door that reads a signed event and writes it again changes no attribute and no byte."""
    value = VALUE.replace(b",", b" ,\n").replace(b'"epp-4711"', b'"\\u0065pp-4711"')
    written = SIGNER.sign(statement(ATTRIBUTES, value), AT_S)
    attributes = {**ATTRIBUTES, "time": "2026-03-02T09:15:00.000Z", "signature": written}
    record = encode(read(attributes, value))
    assert record.value == value
    said, data = taken_apart(record)
    assert said == attributes
    assert data == value


def test_an_event_that_is_not_signed_is_written_anew() -> None:
    """What nobody has signed is written as the contract writes it."""
    assert read(ATTRIBUTES, VALUE + b" ").signed is None
    assert encode(read(ATTRIBUTES, VALUE + b" ")).value == VALUE


def test_signature_and_seal_do_not_count_as_weight() -> None:
    """An event of the largest size can still be signed, and its delivery sealed."""
    move = encode(a_move())
    signed = Record(move.key, move.value, [*move.headers, (SIGNATURE_HEADER, b"s" * 4096)])
    assert signed.size() == move.size()
    heavy = Record(move.key, move.value, [*move.headers, (SIGNATURE_HEADER, b"s" * 4097)])
    assert heavy.size() > move.size() + 4096


def test_a_seal_names_all_it_was_made_for() -> None:
    """What a seal was made for can be read from it; what is no seal says so."""
    assert sealed_digests(seal_payload(["a", "b"])) == {"a", "b"}
    for nonsense in (b"", b"[]", b'{"outputs":"a"}', b'{"outputs":[1]}'):
        with pytest.raises(NotSigned):
            sealed_digests(nonsense)


def test_a_public_key_is_its_32_bytes() -> None:
    """As RFC 8037 writes it; anything else is refused."""
    assert public_key(public_text(PUBLIC)) == PUBLIC
    assert len(urlsafe_b64decode(public_text(PUBLIC) + "=")) == 32
    for nonsense in ("", "abc", "=" * 43, "A" * 44):
        with pytest.raises(ValueError, match=r"base64url|32 bytes"):
            public_key(nonsense)


def test_the_signature_is_an_attribute_of_the_contract() -> None:
    """It is read with the event, and refused where it does not look like one."""
    event = decode(
        Record(RECORD.key, VALUE, [*RECORD.headers, (SIGNATURE_HEADER, WRITTEN.encode())])
    )
    assert event.context.signature == WRITTEN
