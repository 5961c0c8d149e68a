"""Sends word to whoever sent what its recipient does not collect from its mailbox.

The mailbox is the hub's own and says what lies there too long. It is believed of what the hub
delivered: nobody is reminded of anything else.
"""

from typing import Final

from hub.domain import answering, collection, emission, recognition
from hub.domain.decision import Decision, Limits, Received, State, no_timers
from hub.domain.emission import HUB, Cause
from hub.domain.meaning import Meaning
from hub.domain.parties import Parties
from hub.domain.recognition import Seen
from hub.domain.refusal import Refusal, refusal
from hub.domain.refusing import Refusing
from hub.domain.reminders import reminders
from schemas import topics
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event, party_of
from schemas.errors import Unreadable
from schemas.events.delivery_uncollected import DeliveryUncollected
from schemas.problems import ProblemCode
from schemas.vocabulary import LegalBasis, Purpose, Verdict

NAME: Final = "report_uncollected"
SOURCE: Final = topics.MAILBOXES
EMITS: Final = ("reminder.overdue",)
GROUND: Final = (Purpose.ACCOUNTABILITY, LegalBasis.GDPR_5_2)
"""Why a sender is told: as receipts are."""
_refusing: Final = Refusing(SOURCE)


def handle(received: Received, state: State, parties: Parties, limits: Limits) -> Decision:
    """All that follows from one report, whatever its age; never raises for what it says."""
    del limits
    try:
        event = decode(received.record)
    except Unreadable as error:
        return _refusing.refuse_unread(
            received, error.attributes, error.problems, NAME, state, parties
        )
    cause = emission.cause_of_event(received, event, NAME)
    content = recognition.digest(event)
    key = recognition.key(event.context.source, event.context.id)
    seen = recognition.load(state, key)
    if seen.delivered == content:
        decision = Decision(Verdict.REPEATED)
        answering.delivered(decision, received, cause, event.context, (), parties)
        return decision
    try:
        if seen.delivered:
            raise refusal(ProblemCode.ID_REUSED, field="id")
        said = _believed(event)
    except Refusal as refused:
        problems = refused.problems
        return _refusing.refuse(received, cause, event.context, problems, content, state, parties)
    decision = Decision(Verdict.ROUTED, state={key: recognition.dump(Seen(content))})
    _remind(decision, received, cause, event, said, parties)
    return decision


def _believed(event: Event[Data]) -> DeliveryUncollected:
    """The report; raises Refusal if it is none, or not of what the hub delivered."""
    if not isinstance(event.data, DeliveryUncollected):
        raise refusal(ProblemCode.WRONG_TOPIC, field="type")
    if not event.context.source.startswith(HUB):
        raise refusal(ProblemCode.SENDER_NOT_PERMITTED, field="type")
    if not collection.is_ours(event.data, event.context.subject):
        raise refusal(ProblemCode.FIELD_INVALID, "No such copy was delivered.", "delivery_id")
    return event.data


def _remind(
    decision: Decision,
    received: Received,
    cause: Cause,
    event: Event[Data],
    said: DeliveryUncollected,
    parties: Parties,
) -> None:
    """Tell the sender, unless it has left the registry; write it into the ledger."""
    notices = tuple(
        emission.notice(
            cause, one.data.model_copy(update={"event_id": said.event_id}), one.to, one.rule, GROUND
        )
        for one in reminders(collection.over(said), party_of(said.sent_by), parties)
    )
    decision.outputs += notices
    meaning = Meaning({}, notices)
    answering.delivered(decision, received, cause, event.context, (), parties, meaning)


on_time: Final = no_timers
