"""The hub's one signature on all that it sends to parties because of one thing. Pure."""

from collections.abc import Callable, Sequence
from typing import Final

from hub.domain.decision import Decision, Outgoing
from hub.signing.claims import Claim
from schemas.codec import HEADER_PREFIX, Record
from schemas.signature import (
    SEAL_HEADER,
    SIGNATURE_HEADER,
    Signer,
    digest,
    seal_payload,
    sealed_statement,
)
from schemas.topics import DELIVERY_PREFIX

CAUSE: Final = f"{HEADER_PREFIX}causationid"
Sealer = Callable[[int], Signer | None]
"""Who seals at a moment, seconds since 1970; None: nobody can."""


def sealed(
    decision: Decision, at_s: int, sealer: Sealer | None, claim: Claim | None = None
) -> Decision:
    """The decision with one seal on all that goes to parties; without one where nobody can seal.

    What follows from a signed event, by its `claim`, carries its signature.
    """
    outputs = decision.outputs
    leaving = [n for n, one in enumerate(outputs) if one.topic.startswith(DELIVERY_PREFIX)]
    if not leaving:
        return decision
    records = [outputs[nth].record for nth in leaving]
    if claim is not None:
        records = _with_signature(records, claim)
    signer = sealer(at_s) if sealer is not None else None
    if signer is not None:
        payload = seal_payload([digest(sealed_statement(record)) for record in records])
        seal = (SEAL_HEADER, signer.sign_whole(payload, at_s).encode())
        records = [Record(key, value, [*headers, seal]) for key, value, headers in records]
    for nth, record in zip(leaving, records, strict=True):
        outputs[nth] = Outgoing(outputs[nth].topic, record, outputs[nth].partition)
    return decision


def _with_signature(records: Sequence[Record], claim: Claim) -> list[Record]:
    """The records; those that follow from the event of this claim with its signature."""
    cause = (CAUSE, claim.attributes.get("id", "").encode())
    signature = (SIGNATURE_HEADER, claim.proof())
    return [
        Record(key, value, [*headers, signature] if cause in headers else headers)
        for key, value, headers in records
    ]
