"""What waits for one receiver, each case in its order."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic_core import from_json

from connectors.webhook.store import Store
from schemas.events.subject_erased import SubjectErased

_FIRST = """\
SELECT number, message_id, event_id, body, attempts, due_at, stored_at FROM outgoing AS this
WHERE party = ? AND delivered_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM outgoing AS earlier
    WHERE earlier.party = this.party AND earlier.subject = this.subject
    AND earlier.number < this.number AND earlier.delivered_at IS NULL
)
ORDER BY due_at, number LIMIT 1"""
_WAITING = """\
SELECT party, count(*) AS events, min(stored_at) AS oldest, max(attempts) AS attempts,
    count(DISTINCT CASE WHEN attempts > 0 THEN subject END) AS cases,
    (SELECT since FROM gone WHERE gone.party = outgoing.party) AS gone
FROM outgoing WHERE delivered_at IS NULL GROUP BY party ORDER BY party"""


class First(NamedTuple):
    """The event of a case that is to be sent before all others of the case."""

    number: int
    message_id: str
    event_id: str
    body: bytes
    attempts: int
    due_at: float
    """Not before then, seconds since 1970."""
    stored_at: float


class Waiting(NamedTuple):
    """What waits for a receiver, for the eyes of operations."""

    party: str
    events: int
    oldest_s: float
    """How long the oldest has waited."""
    attempts: int
    """How often the one was sent that was sent most often."""
    cases_held: int
    """Cases whose first event was refused, or could not be brought."""
    gone_s: float | None
    """How long ago the receiver said that it does not want to be called any more."""


class Queue:
    """The events for one party; used from one thread at a time."""

    def __init__(self, store: Store, party: str, address: str) -> None:
        """`address` tells whether it is still the receiver that said it is gone."""
        self._store = store
        self._party = party
        self._address = address

    def first(self) -> First | None:
        """Of the first events of all cases the one that is due next."""
        with self._store.reading() as connection:
            row = connection.execute(_FIRST, (self._party,)).fetchone()
        return None if row is None else First(*row)

    def delivered(self, first: First, now: float) -> None:
        """The receiver has it; only that is remembered."""
        self._do(
            "UPDATE outgoing SET delivered_at = ?, attempts = attempts + 1, body = NULL"
            " WHERE number = ?",
            now,
            first.number,
        )

    def again(self, first: First, due_at: float) -> None:
        """Send it again, not before then; what comes later in its case waits for it."""
        self._do(
            "UPDATE outgoing SET attempts = attempts + 1, due_at = ? WHERE number = ?",
            due_at,
            first.number,
        )

    def all_due(self, now: float) -> None:
        """The receiver is back: whatever waits may go."""
        self._do(
            "UPDATE outgoing SET due_at = ? WHERE party = ? AND delivered_at IS NULL"
            " AND due_at > ?",
            now,
            self._party,
            now,
        )

    def forget(self, before: float) -> None:
        """No longer remember what was delivered before then."""
        self._do("DELETE FROM outgoing WHERE delivered_at < ?", before)

    def is_gone(self) -> bool:
        """Whether this receiver, at this address, said that it is gone."""
        with self._store.reading() as connection:
            row = connection.execute(
                "SELECT address FROM gone WHERE party = ?", (self._party,)
            ).fetchone()
        return row is not None and row["address"] == self._address

    def gone(self, now: float) -> None:
        """It does not want to be called any more; what waits for it is kept."""
        self._do("INSERT OR REPLACE INTO gone VALUES (?, ?, ?)", self._party, self._address, now)

    def call_again(self) -> None:
        """Call it again, by a person's decision."""
        self._do("DELETE FROM gone WHERE party = ?", self._party)

    def _do(self, statement: str, *values: object) -> None:
        with self._store.writing() as connection:
            connection.execute(statement, values)


def readable(store: Store, subject: str) -> int:
    """How many events of this case wait with a content, but for the notice of its erasure."""
    query = "SELECT body FROM outgoing WHERE subject = ? AND body IS NOT NULL"
    with store.reading() as connection:
        bodies = [row["body"] for row in connection.execute(query, (subject,))]
    return sum(from_json(body)["type"] != SubjectErased.wire_type() for body in bodies)


def waiting(store: Store, now: float) -> Sequence[Waiting]:
    """What waits, by party."""
    with store.reading() as connection:
        rows = connection.execute(_WAITING).fetchall()
    return [
        Waiting(
            party=row["party"],
            events=row["events"],
            oldest_s=now - row["oldest"],
            attempts=row["attempts"],
            cases_held=row["cases"],
            gone_s=None if row["gone"] is None else now - row["gone"],
        )
        for row in rows
    ]
