"""The way of every event through the hub: read, recognise, admit, judge, route, answer, record."""

from collections.abc import Callable
from dataclasses import replace

from hub.domain import admission, answering, case, disclosure, emission, recognition
from hub.domain.case import Case
from hub.domain.copies import copies
from hub.domain.decision import Decision, Limits, Received, Searchable
from hub.domain.emission import Cause
from hub.domain.meaning import Judge, anything_goes
from hub.domain.parties import Parties
from hub.domain.recipients import route
from hub.domain.recognition import DeliveryNote, Seen
from hub.domain.refusal import Refusal, refusal
from hub.domain.refusing import Refusing
from hub.domain.ringing import Bell, CaughtUp
from hub.domain.standing import check_standing
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.problems import ProblemCode
from schemas.topics import Topic
from schemas.vocabulary import Verdict

Advance = Callable[[Case, Event[Data], tuple[str, ...]], Case]
"""What an event and its recipients change in its case, besides who was told."""


def keep(case: Case, _event: Event[Data], _recipients: tuple[str, ...]) -> Case:
    """Change nothing."""
    return case


class Intake:
    """One processor's way of taking events in: its topic, and what its events mean."""

    def __init__(
        self,
        name: str,
        source: Topic,
        advance: Advance,
        judge: Judge = anything_goes,
        bell: Bell | None = None,
    ) -> None:
        """Keep what makes this processor differ from the others."""
        self.name = name
        self.source = source
        self.advance = advance
        self.judge = judge
        self.bell = bell
        self._refusing = Refusing(source)

    def handle(
        self, received: Received, state: Searchable, parties: Parties, limits: Limits
    ) -> Decision:
        """All that follows from one record; never raises for what a sender did."""
        try:
            event = decode(received.record, received.attributes)
        except Unreadable as error:
            return self._refusing.refuse_unread(
                received, error.attributes, error.problems, self.name, state, parties
            )
        context = event.context
        cause = emission.cause_of_event(received, event, self.name)
        content = recognition.digest(event, received.secret)
        seen_key = recognition.key(context.source, context.id)
        seen = recognition.load(state, seen_key)
        if seen.delivered == content:
            decision = Decision(Verdict.REPEATED)
            deliveries = answering.recalled(cause, seen.deliveries)
            answering.delivered(decision, received, cause, context, deliveries, parties)
            return decision
        rung: CaughtUp | None = None
        try:
            if seen.delivered:
                raise refusal(ProblemCode.ID_REUSED, field="id")
            admission.admit(event, self.source, cause.at, parties, limits)
            if self.bell is not None:
                rung = self.bell.catch_up(context.subject, cause.at, state, parties)
            decision, notes = self._deliver(received, cause, event, rung or state, parties)
            decision.state[seen_key] = recognition.dump(Seen(content, notes))
        except Refusal as refused:
            problems = refused.problems
            decision = self._refusing.refuse(
                received, cause, context, problems, content, state, parties
            )
        return decision if rung is None else rung.before(decision)

    def _deliver(
        self,
        received: Received,
        cause: Cause,
        event: Event[Data],
        state: Searchable,
        parties: Parties,
    ) -> tuple[Decision, tuple[DeliveryNote, ...]]:
        subject, party = event.context.subject, event.context.party
        before = case.load(state, self.source, subject)
        check_standing(event, before)
        judged = self.judge(event, cause, before, state, parties)
        recipients = route(event, judged.case, parties, is_heard=judged.is_heard)
        meaning = judged.then(tuple(recipients))
        now = self.advance(before, event, tuple(recipients))
        if now.sender is None:
            now = replace(now, sender=party)
        blocked = now.blocked or disclosure.says_blocked(event.data)
        made = copies(cause, event, recipients, parties, blocked=blocked)
        deliveries = (*(told for _, told in made), *meaning.deliveries)
        decision = Decision(Verdict.ROUTED, [copy for copy, _ in made])
        decision.outputs += meaning.notices
        is_block = isinstance(event.data, DisclosureBlockSet | DisclosureBlockLifted)
        told = () if is_block else tuple(recipients)  # a block carries no address
        decision.state |= case.changes(self.source, subject, before, now.told(party, told))
        decision.state |= meaning.changes
        context = event.context
        answering.delivered(decision, received, cause, context, deliveries, parties, meaning)
        return decision, tuple((told.to, told.rule, told.left_out) for told in deliveries)
