"""What is said of a person is encrypted with its subject's key; the envelope stays readable."""

import pytest
from hypothesis import given
from hypothesis.strategies import binary
from pydantic import TypeAdapter, ValidationError

from schemas.codec import Record, decode, encode
from schemas.encryption import encrypt, is_encrypted, opened, subject_of
from schemas.errors import Unreadable
from schemas.events import ALL
from schemas.model import CaseId
from schemas.vocabulary import Classification
from tests.support.builders import a_capacity, a_move, a_referral, an_offer, an_opening
from tests.support.vault import a_key

NONCE = bytes(12)
EVENT = a_referral(on="case-0001")
RECORD = encode(EVENT)
ENCRYPTED = encrypt(RECORD, a_key(), NONCE)


def _codes(record: Record) -> list[str]:
    with pytest.raises(Unreadable) as said:
        decode(record)
    return [one.code for one in said.value.problems]


def test_opened_it_is_the_same() -> None:
    """Encrypted and opened with its key a record is what it was, byte for byte."""
    assert opened(ENCRYPTED, a_key()) == RECORD


def test_nothing_readable() -> None:
    """Of the data nothing stands in the encrypted value, neither a value nor a field's name."""
    value = ENCRYPTED.value or b""
    assert b"Beispiel" in (RECORD.value or b"")
    assert not any(word in value for word in (b"Beispiel", b"Mia", b"Musterweg", b"client"))


def test_envelope_stays_readable() -> None:
    """Every context attribute, the key and the order of the headers stay as they were."""
    assert ENCRYPTED.key == RECORD.key
    assert list(ENCRYPTED.headers)[1:] == list(RECORD.headers)[1:]


def test_another_key_does_not_open() -> None:
    """With another subject's key nothing is opened."""
    assert opened(ENCRYPTED, a_key("case-0002")) is None


@pytest.mark.parametrize("name", ["ce_id", "ce_source", "ce_type", "ce_subject"])
def test_bound_to_its_envelope(name: str) -> None:
    """Moved to an envelope with another id, source, type or subject the data do not open."""
    headers = [(one, b"other" if one == name else value) for one, value in ENCRYPTED.headers]
    assert opened(ENCRYPTED._replace(headers=headers), a_key()) is None


@pytest.mark.parametrize("spoil", [0, 1, 13, -1])
def test_one_bit_is_enough(spoil: int) -> None:
    """A value in which one bit was turned does not open, wherever it stands."""
    value = bytearray(ENCRYPTED.value or b"")
    value[spoil] ^= 1
    assert opened(ENCRYPTED._replace(value=bytes(value)), a_key()) is None


@pytest.mark.parametrize("value", [b"\x01", b"\x01" + NONCE, b"\x01" + NONCE + b"short", b"{}"])
def test_cut_off(value: bytes) -> None:
    """What is too short to be encrypted does not open, and raises nothing."""
    assert opened(ENCRYPTED._replace(value=value), a_key()) is None


@given(binary(max_size=200))
def test_whatever_a_stranger_writes(value: bytes) -> None:
    """Any bytes that claim to be encrypted open to nothing, raise nothing, and are refused."""
    claimed = ENCRYPTED._replace(value=value)
    assert opened(claimed, a_key()) in (None, claimed)
    assert _codes(claimed) == ["content-encrypted" if value else "subject-erased"]


def test_encrypted_is_refused_with_a_code() -> None:
    """Whoever reads an encrypted record without opening it is told so, and who sent it."""
    assert _codes(ENCRYPTED) == ["content-encrypted"]


def test_destroyed_is_refused_with_a_code() -> None:
    """With a key that was destroyed a record has no value, opened or encrypted anew."""
    assert _codes(opened(ENCRYPTED, None) or RECORD) == ["subject-erased"]
    assert _codes(encrypt(RECORD, None, NONCE)) == ["subject-erased"]
    assert opened(encrypt(RECORD, None, NONCE), a_key()) == encrypt(RECORD, None, NONCE)


def test_who_sent_it_can_be_told() -> None:
    """A record that cannot be opened still says its id, source and subject."""
    with pytest.raises(Unreadable) as said:
        decode(ENCRYPTED)
    assert said.value.attributes["id"] == EVENT.context.id
    assert said.value.attributes["subject"] == "case-0001"


@pytest.mark.parametrize("event", [a_referral(on="case-9"), a_move(on="case-9")])
def test_of_persons(event: object) -> None:
    """Referrals and moves are encrypted with the key of their case."""
    assert subject_of(encode(event)) == "case-9"  # type: ignore[arg-type]


@pytest.mark.parametrize("event", [an_offer(), a_capacity(), an_opening()])
def test_of_nobody(event: object) -> None:
    """Offers, and what has no content, travel as they are."""
    assert subject_of(encode(event)) is None  # type: ignore[arg-type]


def test_every_social_type_is_encrypted() -> None:
    """Whatever a sender writes as its classification, a type of social data is encrypted."""
    for model in ALL:
        low = Record(
            b"c-1", b"{}", [("ce_type", model.wire_type().encode()), ("ce_subject", b"c-1")]
        )
        expected = "c-1" if model.CLASSIFICATION is Classification.SOCIAL else None
        assert subject_of(low) == expected, model.wire_type()


@pytest.mark.parametrize(
    "subject", ["", "ab", "x" * 65, "a b c", "a\x00bc", "Zwölf", "../../etc", "case-1\n"]
)
def test_no_subject(subject: str) -> None:
    """What can be no case's id never comes to the vault: it would refuse to keep a key for it."""
    name = subject.encode()
    record = Record(name, b"{}", [("ce_type", b"referral.requested.v1"), ("ce_subject", name)])
    assert subject_of(record) is None
    with pytest.raises(ValidationError):
        TypeAdapter(CaseId).validate_python(subject)


def test_what_a_sender_calls_social_is_encrypted() -> None:
    """An event of a public type is encrypted where its sender classifies it as social data."""
    assert subject_of(encode(an_offer(on="offer-1", dataclassification="social"))) == "offer-1"


def test_is_encrypted() -> None:
    """Encrypted is told from plain by the content type."""
    assert is_encrypted(ENCRYPTED)
    assert not is_encrypted(RECORD)
