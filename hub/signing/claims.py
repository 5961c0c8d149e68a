"""What the signatures of events claim, taken apart; whether it holds is found out once."""

from typing import Final

from hub.domain.refusal import refusal
from hub.signing.checker import Question, answer
from hub.signing.keys import Key, Keys
from schemas.codec import Record, taken_apart
from schemas.envelope import SIGNATURE, party_of
from schemas.problems import ProblemCode
from schemas.signature import Jws, NotSigned, attached, signed_bytes, statement
from schemas.signature import taken_apart as signature_of


class Claim:
    """An event says that its sender has signed it with a key of theirs."""

    def __init__(
        self,
        attributes: dict[str, str],
        written: str,
        jws: Jws,
        key: Key,
        said: bytes,
        *,
        structured: bool,
    ) -> None:
        """Nobody has looked yet whether it holds."""
        self.attributes: Final = attributes
        self.headers: Final = None if structured else attributes
        """The attributes where they are the record's headers; None: they are in its value."""
        self.written: Final = written
        self.jws: Final = jws
        self.key: Final = key
        self.message: Final = signed_bytes(jws.protected, said)
        """What must have been signed."""
        self.holds: bool | None = None
        """Whether it was; None: nobody has looked."""

    def question(self) -> Question:
        """What must be asked to know whether it holds."""
        return self.key.raw, self.jws.signature, self.message

    def is_true(self) -> bool:
        """Whether it holds; looks, unless somebody has."""
        if self.holds is None:
            self.holds = bool(answer([self.question()])[0])
        return self.holds

    def proof(self) -> bytes:
        """The signature with what was signed in it, as it travels on."""
        return attached(self.written, self.message)


def claim_of(record: Record, keys: Keys) -> Claim:
    """What a record claims; raises Unreadable, and Refusal where it claims nothing of use."""
    attributes, value = taken_apart(record)
    written = attributes.get(SIGNATURE)
    if not written:
        raise refusal(ProblemCode.SIGNATURE_MISSING, field=SIGNATURE)
    try:
        jws = signature_of(written)
    except NotSigned as error:
        what = f"This is no signature: {error}."
        raise refusal(ProblemCode.SIGNATURE_INVALID, what, SIGNATURE) from None
    key = keys.by_kid.get(jws.head.kid)
    if key is None or not key.speaks_for(party_of(attributes.get("source", ""))):
        raise refusal(ProblemCode.SIGNING_KEY_UNKNOWN, field=SIGNATURE)
    if jws.payload is not None:
        detail = "Leave out what is signed: header..signature."
        raise refusal(ProblemCode.SIGNATURE_INVALID, detail, SIGNATURE)
    structured = value != (record.value or b"")
    said = statement(attributes, value)
    return Claim(attributes, written, jws, key, said, structured=structured)
