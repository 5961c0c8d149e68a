"""What can be proven of an event in a file, by the registry of keys alone. Pure."""

import json
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from hub.signing.keys import HUB, Key, Keys, Use
from schemas.envelope import ENCRYPTED_AS, SEAL, SIGNATURE, Context, party_of
from schemas.events import BY_WIRE_TYPE
from schemas.signature import (
    DATA,
    SEALED,
    Jws,
    NotSigned,
    digest,
    is_by,
    sealed_digests,
    statement,
    statement_of,
    taken_apart,
)
from schemas.topics import HANDED_IN

PROOF: Final = "proof"
"""The member with the attributes, where a row of the inbox tables is given."""


class Unfit(Exception):
    """The file holds no event."""


class Found(StrEnum):
    """What was found of one signature."""

    HOLDS = "holds"
    """It is of this event, by a key that was valid then."""
    COPY = "copy"
    """As HOLDS; this copy says something else than what was signed, by a rule of the hub."""
    ENCRYPTED = "encrypted"
    """As HOLDS, of the data as they lay encrypted; that they are these only their key shows."""
    ERASED = "erased"
    """As HOLDS; the data are gone, so that nobody can say whether it was of them."""
    MISSING = "missing"
    """There is none."""
    UNREADABLE = "unreadable"
    """It is no signature."""
    KEY_UNKNOWN = "key-unknown"
    """The registry has no such key for this party and use."""
    KEY_NOT_VALID = "key-not-valid"
    """The key was not valid when it was made."""
    KEY_REVOKED = "key-revoked"
    """The key had been revoked by the time the event came in."""
    FORGED = "forged"
    """It is of something else than it stands on."""

    @property
    def is_good(self) -> bool:
        """Whether it proves something."""
        return self in (Found.HOLDS, Found.COPY, Found.ENCRYPTED, Found.ERASED)


class Finding(NamedTuple):
    """One signature, and what it proves."""

    found: Found
    what: str
    """`signature`: the sender's; `seal`: the hub's."""
    party: str
    """Who signed, if it holds."""
    kid: str = ""
    at: datetime | None = None
    """When it was made, by its maker."""
    said: Mapping[str, str] = {}
    """What the sender signed, as it was signed."""


Encrypt = Callable[[Mapping[str, str], bytes, bytes], bytes | None]
"""Data with these attributes as they lie encrypted with this nonce; None: their key is not here."""


class Item(NamedTuple):
    """An event of a file."""

    attributes: Mapping[str, str]
    values: Sequence[bytes]
    """How its data may have lain on the topic; empty: they are not there any more."""


def items(content: bytes) -> list[Item]:
    """The events of a file: one as JSON, a list of them, or one a line; raises Unfit.

    Each is a CloudEvent, or a row of the inbox tables with `proof` and `data`.
    """
    try:
        said = [from_json(content, allow_inf_nan=False)]
    except ValueError:
        try:
            said = [from_json(line) for line in content.splitlines() if line.strip()]
        except ValueError as error:
            raise Unfit("it is not JSON") from error
    if len(said) == 1 and isinstance(said[0], list):
        said = said[0]
    if not said:
        raise Unfit("it is empty")
    return [_item(one) for one in said]


def verify(item: Item, keys: Keys, encrypt: Encrypt | None = None) -> Iterator[Finding]:
    """What can be proven of an event: its sender's signature, and the hub's seal if it is one's.

    `encrypt`: shows whether data that lay encrypted are these; without it they are not compared.
    """
    source = item.attributes.get("source", "")
    if party_of(source) != HUB:
        yield _signed(item, keys)
        return
    if item.attributes.get(SIGNATURE) or _is_copy(item):
        yield _carried(item, keys)
    yield _sealed(item, keys, encrypt)


def _item(said: Any) -> Item:  # noqa: ANN401 - any JSON value
    if isinstance(said, dict) and isinstance(said.get(PROOF), dict):
        said = {**said[PROOF], "data": said.get("data")}
    if not isinstance(said, dict) or not isinstance(said.get("type"), str):
        raise Unfit("it holds no CloudEvent")
    attributes = {
        name: said[name] for name in Context.model_fields if isinstance(said.get(name), str)
    }
    return Item(attributes, tuple(dict.fromkeys(_values(said))))


def _values(said: Mapping[str, Any]) -> Iterator[bytes]:
    """As they were sent; as they stand there, without blanks; as the contract writes them."""
    if isinstance(said.get("data_base64"), str):
        yield b64decode(said["data_base64"])
    data = said.get("data")
    if data is None:
        return
    plain = to_json(data)
    yield plain
    yield json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
    model = BY_WIRE_TYPE.get(said["type"])
    if model is not None:
        try:
            read = model.model_validate_json(plain, strict=True)
        except ValidationError:
            return
        yield read.__pydantic_serializer__.to_json(read, exclude_none=True)


def _signed(item: Item, keys: Keys) -> Finding:
    """The signature of an event as its sender sent it."""
    party = party_of(item.attributes.get("source", ""))
    opened = _opened(item, SIGNATURE, party, Use.SIGN, keys)
    if isinstance(opened, Finding):
        return opened
    jws, key = opened
    for value in item.values:
        if is_by(jws, statement(item.attributes, value), key.key):
            said = {**item.attributes, DATA: digest(value)}
            return _dated(Found.HOLDS, SIGNATURE, party, jws, key)._replace(said=said)
    return Finding(Found.FORGED, SIGNATURE, party, key.kid)


def _carried(item: Item, keys: Keys) -> Finding:
    """The sender's signature that a copy carries, with what was signed in it."""
    source = item.attributes.get("sender", "")
    opened = _opened(item, SIGNATURE, party_of(source), Use.SIGN, keys)
    if isinstance(opened, Finding):
        return opened
    jws, key = opened
    party = party_of(source)
    if jws.payload is None or not is_by(jws, jws.payload, key.key):
        return Finding(Found.FORGED, SIGNATURE, party, key.kid)
    said: dict[str, str] = from_json(jws.payload)
    same = ("source", "sender"), ("id", "causationid"), ("subject", "subject")
    if any(said.get(theirs) != item.attributes.get(ours) for theirs, ours in same):
        return Finding(Found.FORGED, SIGNATURE, party, key.kid)
    same_words = said.get(DATA) in {digest(value) for value in item.values}
    found = Found.HOLDS if same_words or not _is_copy(item) else Found.COPY
    if found is Found.COPY and item.attributes.get(ENCRYPTED_AS):
        found = Found.ENCRYPTED
    return _dated(found, SIGNATURE, party, jws, key)._replace(said=said)


def _is_copy(item: Item) -> bool:
    """Whether it is what a party said, and not what the hub says of it."""
    return item.attributes.get("type", "").rpartition(".v")[0] in HANDED_IN


def _sealed(item: Item, keys: Keys, encrypt: Encrypt | None) -> Finding:
    """The hub's seal of what it sent."""
    opened = _opened(item, SEAL, HUB, Use.SEAL, keys)
    if isinstance(opened, Finding):
        return opened
    jws, key = opened
    if jws.payload is None or not is_by(jws, jws.payload, key.key):
        return Finding(Found.FORGED, SEAL, HUB, key.kid)
    try:
        named = sealed_digests(jws.payload)
    except NotSigned:
        return Finding(Found.FORGED, SEAL, HUB, key.kid)
    if not item.values:
        return _dated(Found.ERASED, SEAL, HUB, jws, key)
    found = _of_these(item, named, encrypt)
    if found is Found.FORGED:
        return Finding(found, SEAL, HUB, key.kid)
    return _dated(found, SEAL, HUB, jws, key)


def _of_these(item: Item, named: frozenset[str], encrypt: Encrypt | None) -> Found:
    """Whether a seal that names these digests is of this item's data."""
    lay = item.attributes.get(ENCRYPTED_AS)
    if not lay:
        plain = (digest(statement(item.attributes, value, SEALED)) for value in item.values)
        return Found.HOLDS if any(one in named for one in plain) else Found.FORGED
    nonce, _, data = lay.partition(".")
    if digest(statement_of(item.attributes, data, SEALED)) not in named:
        return Found.FORGED
    if encrypt is None:
        return Found.ENCRYPTED
    raw = urlsafe_b64decode(nonce + "=" * (-len(nonce) % 4))
    again = [encrypt(item.attributes, value, raw) for value in item.values]
    if None in again:
        return Found.ENCRYPTED
    same = any(digest(value) == data for value in again if value is not None)
    return Found.HOLDS if same else Found.FORGED


def _opened(item: Item, what: str, party: str, use: Use, keys: Keys) -> tuple[Jws, Key] | Finding:
    """The signature and its key, or what is wrong with either."""
    written = item.attributes.get(what)
    if not written:
        return Finding(Found.MISSING, what, party)
    try:
        jws = taken_apart(written)
    except NotSigned:
        return Finding(Found.UNREADABLE, what, party)
    key = keys.by_kid.get(jws.head.kid)
    if key is None or not key.speaks_for(party, use):
        return Finding(Found.KEY_UNKNOWN, what, party, jws.head.kid)
    return jws, key


def _dated(found: Found, what: str, party: str, jws: Jws, key: Key) -> Finding:
    """What was found, unless its key did not count then."""
    at_s = jws.head.at_s
    if not key.was_valid(at_s):
        found = Found.KEY_NOT_VALID
    elif key.is_revoked(at_s):
        found = Found.KEY_REVOKED
    return Finding(found, what, party, key.kid, datetime.fromtimestamp(at_s, UTC))
