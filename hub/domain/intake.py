"""The way of every event through the hub: read, recognise, admit, route, answer, record."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hub.domain import admission, answering, case, disclosure, emission, recognition
from hub.domain.case import Case
from hub.domain.dead_letters import dead_letter
from hub.domain.decision import Decision, Limits, Outgoing, Received, State
from hub.domain.emission import Cause
from hub.domain.parties import Parties
from hub.domain.recipients import route
from hub.domain.recognition import DeliveryNote, Seen
from hub.domain.refusal import Refusal, refusal
from hub.domain.standing import check_standing
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.problems import Problem, ProblemCode
from schemas.topics import REFERRALS, Topic
from schemas.vocabulary import Verdict

Advance = Callable[[Case, Event[Data], tuple[str, ...]], Case]
"""What an event and its recipients change in its case, besides who was told."""
Notices = Callable[[Cause, Event[Data], Parties], list[Outgoing]]
"""What else the hub says because of an event."""


def keep(case: Case, _event: Event[Data], _recipients: tuple[str, ...]) -> Case:
    """Change nothing."""
    return case


def no_notices(_cause: Cause, _event: Event[Data], _parties: Parties) -> list[Outgoing]:
    """Nothing else."""
    return []


class Intake:
    """One processor's way of taking events in: its topic, and what its events change."""

    def __init__(
        self, name: str, source: Topic, advance: Advance, notices: Notices = no_notices
    ) -> None:
        """Keep what makes this processor differ from the others."""
        self.name = name
        self.source = source
        self.advance = advance
        self.notices = notices

    def handle(
        self, received: Received, state: State, parties: Parties, limits: Limits
    ) -> Decision:
        """All that follows from one record; never raises for what a sender did."""
        try:
            event = decode(received.record)
        except Unreadable as error:
            cause = emission.cause_of(received, error.attributes, self.name)
            content = recognition.digest_unread(received.record, error.attributes)
            return self._refuse(received, cause, error.problems, content, state, parties)
        cause = emission.cause_of_event(received, event, self.name)
        content = recognition.digest(event)
        seen_key = recognition.key(event.context.source, event.context.id)
        seen = recognition.load(state, seen_key)
        if seen.delivered == content:
            decision = Decision(Verdict.REPEATED)
            answering.delivered(decision, received, cause, seen.deliveries, parties)
            return decision
        try:
            if seen.delivered:
                raise refusal(ProblemCode.ID_REUSED, field="id")
            admission.admit(event, self.source, cause.at, parties, limits)
            decision, deliveries = self._deliver(received, cause, event, state, parties)
        except Refusal as refused:
            return self._refuse(received, cause, refused.problems, content, state, parties)
        decision.state[seen_key] = recognition.dump(Seen(content, deliveries))
        return decision

    def _deliver(
        self,
        received: Received,
        cause: Cause,
        event: Event[Data],
        state: State,
        parties: Parties,
    ) -> tuple[Decision, tuple[DeliveryNote, ...]]:
        before = case.load(state, self.source, event.context.subject)
        check_standing(event, before)
        is_block = isinstance(event.data, DisclosureBlockSet | DisclosureBlockLifted)
        concerned = before
        if is_block:  # whoever was sent a referral was sent the address, too
            referral = case.load(state, REFERRALS, event.context.subject)
            concerned = before.with_holders(referral.holders)
        recipients = route(event, concerned, parties)
        now = self.advance(before, event, tuple(recipients))
        if now.sender is None:
            now = replace(now, sender=event.context.party)
        blocked = now.blocked or disclosure.says_blocked(event.data)
        decision = Decision(Verdict.ROUTED)
        deliveries = []
        for recipient, rule in recipients.items():
            data, left_out = disclosure.copy_for(
                parties.by_id[recipient], event.data, blocked=blocked
            )
            decision.outputs.append(emission.delivery(cause, event, data, recipient, rule.id))
            deliveries.append((recipient, rule.id, left_out))
        decision.outputs += self.notices(cause, event, parties)
        told = () if is_block else tuple(recipients)  # a block carries no address
        after = now.told(event.context.party, told)
        decision.state |= case.changes(self.source, event.context.subject, before, after)
        answering.delivered(decision, received, cause, deliveries, parties)
        return decision, tuple(deliveries)

    def _refuse(
        self,
        received: Received,
        cause: Cause,
        problems: Sequence[Problem],
        content: str,
        state: State,
        parties: Parties,
    ) -> Decision:
        """A refusal; the same event refused again leaves no second dead letter.

        It is judged anew each time, so that a dead letter can be sent again once what was in
        its way is gone.
        """
        seen_key = recognition.key(cause.source, cause.id) if cause.source and cause.id else None
        seen = recognition.load(state, seen_key) if seen_key else Seen()
        if seen.refused == content:
            decision = Decision(Verdict.REPEATED)
        else:
            decision = Decision(Verdict.REFUSED)
            decision.outputs.append(dead_letter(received, problems, self.source))
            if seen_key:
                decision.state[seen_key] = recognition.dump(replace(seen, refused=content))
        answering.refused(decision, received, cause, problems, parties)
        return decision
