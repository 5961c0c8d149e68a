"""Stands before and behind the processors: lets in what is signed, seals what goes out. Pure.

What nobody has signed is attributed to nobody: it becomes a dead letter and a line in the ledger
without a sender, nobody is sent a receipt, and nothing is remembered of it. So a forger can
neither write into somebody's inbox nor make the hub forget what it knows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from hub.domain.decision import (
    Decide,
    Decision,
    Due,
    Limits,
    Received,
    Ring,
    Searchable,
    State,
)
from hub.domain.parties import Parties
from hub.domain.refusal import Refusal
from hub.domain.refusing import Refusing
from hub.signing.claims import Claim, claim_of
from hub.signing.keys import Keys
from hub.signing.proof import check, untimely
from hub.signing.sealing import Sealer, sealed
from hub.signing.watched import Watched
from schemas.codec import Headers, Record
from schemas.errors import Unreadable
from schemas.problems import Problem, ProblemCode
from schemas.topics import Topic

REMEMBERED: Final = 50_000
_NOTHING: Final[tuple[Headers, None]] = ((), None)
LookAt = Callable[[Sequence[Claim]], None]


class Notary:
    """Checks by one registry of keys and seals by one sealer."""

    def __init__(
        self,
        keys: Watched[Keys],
        sealer: Sealer | None,
        parties: Parties,
        limits: Limits,
        look_at: LookAt | None = None,
        encrypt: Callable[[Decision], Decision] | None = None,
    ) -> None:
        """`keys` and `sealer` are asked anew each time: keys change while all goes on.

        `sealer`: None for who only looks what would be decided.
        `look_at`: has claims checked that come to be decided soon.
        `encrypt`: encrypts what a refusal says of persons; what else is said comes encrypted.
        """
        self._keys = keys
        self._sealer = sealer
        self._parties = parties
        self._limits = limits
        self._look_at = look_at
        self._encrypt = encrypt
        self._coming: dict[int, tuple[Headers, Claim]] = {}

    def hear(self, records: Iterable[Record]) -> None:
        """Begin to check what comes to be decided soon; whatever is not heard is checked then."""
        if self._look_at is None:
            return
        if len(self._coming) > REMEMBERED:
            self._coming.clear()  # what was fetched and never decided, around rebalances
        keys, claims = self._keys(), []
        for record in records:
            with suppress(Unreadable, Refusal):
                claim = claim_of(record, keys)
                claims.append(claim)
                self._coming[id(record.headers)] = (record.headers, claim)
        self._look_at(claims)

    def admitting(self, decide: Decide, name: str, topic: Topic) -> Decide:
        """What this processor decides of what is signed; the rest is refused."""
        refusing = Refusing(topic)

        def refused(
            received: Received,
            attributes: Mapping[str, str],
            problems: Sequence[Problem],
            state: State,
        ) -> Decision:
            """A refusal of what these attributes name; without any of nobody's."""
            decision = refusing.refuse_unread(
                received, attributes, problems, name, state, self._parties
            )
            if self._encrypt is not None:
                decision = self._encrypt(decision)
            return self._sealed(decision, received.timestamp_ms // 1000)

        def checked(received: Received, state: Searchable) -> Decision:
            at_s = received.timestamp_ms // 1000
            try:
                claim = self._claim(received.record)
                check(claim, at_s)
            except (Unreadable, Refusal) as error:
                return refused(received, {}, error.problems, state)
            late = untimely(claim, at_s, self._limits)
            if late is not None:
                return refused(received, claim.attributes, [late], state)
            apart = received._replace(attributes=claim.headers)
            return self._sealed(decide(apart, state), at_s, claim)

        return checked

    def sealing(self, decide: Decide) -> Decide:
        """What this processor decides, sealed; it reads what only the hub can write."""
        return lambda received, state: self._sealed(
            decide(received, state), received.timestamp_ms // 1000
        )

    def ringing(self, ring: Ring) -> Ring:
        """What a timer leads to, sealed."""

        def sealed_ring(due: Due, state: State) -> Decision:
            return self._sealed(ring(due, state), int(due.now.timestamp()))

        return sealed_ring

    def _claim(self, record: Record) -> Claim:
        """What a record claims; raises Unreadable and Refusal."""
        keys = self._keys()
        headers, claim = self._coming.pop(id(record.headers), _NOTHING)
        if claim is not None and headers is record.headers and claim.key in keys:
            return claim
        try:
            return claim_of(record, keys)
        except Refusal as refused:
            if refused.problems[0].code is not ProblemCode.SIGNING_KEY_UNKNOWN:
                raise
        return claim_of(record, self._keys.now())  # it may have been issued a moment ago

    def _sealed(self, decision: Decision, at_s: int, claim: Claim | None = None) -> Decision:
        return sealed(decision, at_s, self._sealer, claim)
