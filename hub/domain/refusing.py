"""Refuses a record: a dead letter, the answer to its sender, a line in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hub.domain import answering, emission, recognition
from hub.domain.dead_letters import dead_letter
from hub.domain.decision import Decision, Received, State
from hub.domain.emission import Cause
from hub.domain.parties import Parties
from hub.domain.recognition import Seen
from schemas.envelope import Context
from schemas.problems import Problem
from schemas.topics import Topic
from schemas.vocabulary import Verdict


class Refusing:
    """Refuses what came in on one topic."""

    def __init__(self, source: Topic) -> None:
        """Dead letters go beside this topic."""
        self._source = source

    def refuse_unread(
        self,
        received: Received,
        attributes: Mapping[str, str],
        problems: Sequence[Problem],
        processor: str,
        state: State,
        parties: Parties,
    ) -> Decision:
        """The same of a record that is no event to us: all that is known are these attributes."""
        cause = emission.cause_of(received, attributes, processor)
        content = recognition.digest_unread(received.record, attributes, received.secret)
        return self.refuse(received, cause, None, problems, content, state, parties)

    def refuse(
        self,
        received: Received,
        cause: Cause,
        context: Context | None,
        problems: Sequence[Problem],
        content: str,
        state: State,
        parties: Parties,
    ) -> Decision:
        """A refusal; the same event refused again leaves no second dead letter.

        It is judged anew each time, so that a dead letter can be sent again once what was in
        its way is gone. `context`: the event's, if it could be read; `content`: its digest.
        """
        seen_key = recognition.key(cause.source, cause.id) if cause.source and cause.id else None
        seen = recognition.load(state, seen_key) if seen_key else Seen()
        if seen.refused == content:
            decision = Decision(Verdict.REPEATED)
        else:
            decision = Decision(Verdict.REFUSED)
            decision.outputs.append(dead_letter(received, problems, self._source))
            if seen_key:
                decision.state[seen_key] = recognition.dump(replace(seen, refused=content))
        answering.refused(decision, received, cause, context, problems, parties)
        return decision
