"""The way of every event through the hub: read, recognise, admit, route, answer, record."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hub.domain import admission, answering, case, disclosure, emission, recognition
from hub.domain.case import Case
from hub.domain.dead_letters import dead_letter
from hub.domain.decision import Decision, Limits, Outgoing, Received, State
from hub.domain.emission import Cause
from hub.domain.parties import Parties
from hub.domain.recognition import DeliveryNote, Seen
from hub.domain.refusal import Refusal
from hub.domain.routing import route
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.problems import Problem, ProblemCode, problem
from schemas.topics import Topic
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
            return self._refuse(received, cause, error.problems, parties)
        cause = emission.cause_of_event(received, event, self.name)
        seen_key = recognition.key(event.context.source, event.context.id)
        content = recognition.digest(received.record, event.context.type)
        seen = recognition.load(state, seen_key)
        if seen is not None and seen.digest == content:
            return self._repeat(received, cause, seen, parties)
        try:
            _check_not_reused(seen)
            admission.admit(event, self.source, cause.at, parties, limits)
            decision, deliveries = self._deliver(received, cause, event, state, parties)
            decision.state[seen_key] = recognition.dump(Seen(content, deliveries))
        except Refusal as refused:
            decision = self._refuse(received, cause, refused.problems, parties)
            if seen is None or not seen.deliveries:
                problems = tuple((p.code, p.detail, p.field) for p in refused.problems)
                decision.state[seen_key] = recognition.dump(Seen(content, problems=problems))
        return decision

    def _deliver(
        self,
        received: Received,
        cause: Cause,
        event: Event[Data],
        state: State,
        parties: Parties,
    ) -> tuple[Decision, tuple[DeliveryNote, ...]]:
        before = case.load(state, event.context.subject)
        recipients = route(event, before, parties)
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
        after = now.told(tuple(recipients))
        if after != before:
            decision.state[case.key(event.context.subject)] = case.dump(after)
        answering.delivered(decision, received, cause, deliveries, parties)
        return decision, tuple(deliveries)

    def _repeat(self, received: Received, cause: Cause, seen: Seen, parties: Parties) -> Decision:
        decision = Decision(Verdict.REPEATED)
        if seen.deliveries:
            answering.delivered(decision, received, cause, seen.deliveries, parties)
        else:
            problems = tuple(problem(*found) for found in seen.problems)
            answering.refused(decision, received, cause, problems, parties)
        return decision

    def _refuse(
        self, received: Received, cause: Cause, problems: Sequence[Problem], parties: Parties
    ) -> Decision:
        decision = Decision(Verdict.REFUSED)
        decision.outputs.append(dead_letter(received, problems, self.source))
        answering.refused(decision, received, cause, problems, parties)
        return decision


def _check_not_reused(seen: Seen | None) -> None:
    """A refused event may come again, mended; a delivered one may not change its content."""
    if seen is not None and seen.deliveries:
        raise Refusal(problem(ProblemCode.ID_REUSED, field="id"))
