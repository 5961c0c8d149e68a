"""The recipients' copies of an event: to each what they may have of it, and why."""

from collections.abc import Mapping
from typing import Final

from hub.domain import disclosure
from hub.domain.decision import Outgoing
from hub.domain.emission import Cause, derived_id
from hub.domain.parties import Parties
from hub.domain.routing import Rule
from schemas.codec import HEADER_PREFIX, write
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.receipt_delivered import Delivery
from schemas.topics import DELIVERY_PREFIX

KIND: Final = "delivery"
"""What names a copy among all that follows from an event."""
_ID: Final = f"{HEADER_PREFIX}id"
_RECIPIENT: Final = f"{HEADER_PREFIX}recipient"
_RULE: Final = f"{HEADER_PREFIX}rule"
Copies = list[tuple[Outgoing, Delivery]]
"""Each copy with what its sender reads of it."""


def copies(
    cause: Cause,
    event: Event[Data],
    recipients: Mapping[str, Rule],
    parties: Parties,
    *,
    blocked: bool,
) -> Copies:
    """A copy for each recipient that may have something of the event.

    `blocked`: an Auskunftssperre (BMG §51) stands.
    """
    made: Copies = []
    whole: Outgoing | None = None
    for recipient, rule in recipients.items():
        to = parties.by_id[recipient]
        data, left_out = disclosure.copy_for(to, event.data, rule.id, blocked=blocked)
        if data is None:
            continue
        told = Delivery(
            to=recipient,
            rule=rule.id,
            delivery_id=derived_id(cause.name, recipient, KIND),
            left_out=left_out,
        )
        if data is event.data and whole is not None:
            copy = _the_same(whole, told)
        else:
            copy = _copy(cause, event, data, told)
            whole = copy if data is event.data else whole
        made.append((copy, told))
    return made


def _copy(cause: Cause, event: Event[Data], data: Data, told: Delivery) -> Outgoing:
    context = event.context
    attributes = vars(context) | {
        "type": data.wire_type(),
        "id": told.delivery_id,
        "source": cause.speaker,
        "sender": context.source,
        "recordedtime": cause.at,
        "causationid": context.id,
        "recipient": told.to,
        "rule": told.rule,
        "dataschema": data.schema_uri(),
        "signature": None,  # it is of the event, not of the copy
        "seal": None,  # nobody but the hub seals, and it has not yet
    }
    return Outgoing(DELIVERY_PREFIX + told.to, write(attributes, data))


def _the_same(whole: Outgoing, told: Delivery) -> Outgoing:
    """Another recipient's copy of the same data: only what is the recipient's own differs."""
    own = {_ID: told.delivery_id, _RECIPIENT: told.to, _RULE: told.rule}
    headers = [
        (name, own[name].encode() if name in own else value) for name, value in whole.record.headers
    ]
    return Outgoing(DELIVERY_PREFIX + told.to, whole.record._replace(headers=headers))
