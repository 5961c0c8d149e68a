"""How a record stands is told by what can be read of it with the keys that are left."""

import pytest

from hub.vault.keyring import Keys
from hub.vault.standing import Standing, is_of, standing
from schemas.codec import Record, encode
from schemas.encryption import encrypt
from tests.support.builders import a_referral, an_opening
from tests.support.vault import a_key

CASE = "case-0001"
PLAIN = encode(a_referral(on=CASE))
ENCRYPTED = encrypt(PLAIN, a_key(CASE), bytes(12))
KEY: Keys = {CASE: a_key(CASE)}
GONE: Keys = {CASE: None}


@pytest.mark.parametrize(
    ("record", "keys", "expected"),
    [
        (ENCRYPTED, KEY, Standing.READABLE),
        (ENCRYPTED, GONE, Standing.ERASED),
        (ENCRYPTED, {}, Standing.ERASED),
        (ENCRYPTED, {CASE: a_key("another")}, Standing.ERASED),
        (PLAIN, GONE, Standing.READABLE),
        (encrypt(PLAIN, None, bytes(12)), GONE, Standing.ENVELOPE),
        (encode(an_opening(on=CASE)), GONE, Standing.ENVELOPE),
        (Record(CASE.encode(), b"Mia Beispiel", []), GONE, Standing.READABLE),
        (Record(CASE.encode(), None, []), GONE, Standing.ENVELOPE),
    ],
)
def test_standing(record: Record, keys: Keys, expected: Standing) -> None:
    """Encrypted without a key is erased; plain, or what nobody understands, is readable."""
    assert standing(record, CASE, keys) is expected


def test_whose_it_is() -> None:
    """A record is about a subject by its key or by its envelope."""
    assert is_of(ENCRYPTED, CASE)
    assert is_of(ENCRYPTED._replace(key=b"something else"), CASE)
    assert is_of(Record(CASE.encode(), b"", []), CASE)
    assert not is_of(ENCRYPTED, "case-000")
