"""What a processor is given and what it answers; both are plain values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, Protocol

from hub.domain.parties import Parties
from schemas.codec import Record
from schemas.problems import Problem
from schemas.topics import Topic
from schemas.vocabulary import Verdict

LAST_MS: Final = 253_402_300_799_000
"""The last second of the year 9999: as far as a calendar goes."""
TIMER: Final = b"timer/"
"""The family of keys that ring: `timer/<epoch seconds, 10 digits>/<processor>/…`."""
EVERY_PARTITION: Final = -1
"""Where a record lies that every lane must read: once on each partition of its topic."""
StateChanges = dict[bytes, bytes | None]
"""New value of each key of the state; None forgets it."""
Entries = Iterator[tuple[bytes, bytes]]
"""Keys with their values."""


class State(Protocol):
    """What a lane remembers: a dict will do."""

    def get(self, key: bytes, /) -> bytes | None:
        """The value kept under this key."""


class Searchable(State, Protocol):
    """What a lane remembers, where it can be gone through as well."""

    def under(self, family: bytes, /) -> Entries:
        """Every key of this family, `name/`, in an order that means nothing.

        It is as much work as the family has keys: only what is rare may ask.
        """


class Kept(dict[bytes, bytes]):
    """A state of its own, without a lane: for an explanation, for a test."""

    def under(self, family: bytes, /) -> Entries:
        """Every key of this family."""
        return ((key, value) for key, value in self.items() if key.startswith(family))

    def remember(self, changes: StateChanges) -> None:
        """Make these changes."""
        for key, value in changes.items():
            if value is None:
                self.pop(key, None)
            else:
                self[key] = value


def overlaid(changes: StateChanges, below: Entries, family: bytes) -> Entries:
    """What is under a family once these changes lie over what was there."""
    yield from ((key, value) for key, value in below if key not in changes)
    for key, value in changes.items():
        if value is not None and key.startswith(family):
            yield key, value


class Received(NamedTuple):
    """A record as it lay on its topic."""

    topic: str
    """With the prefix, as the broker knows it."""
    partition: int
    offset: int
    timestamp_ms: int
    """When the broker or the sender's client stamped it, milliseconds since 1970."""
    record: Record
    """What it says; opened, where it lay there encrypted."""
    came_as: Record | None = None
    """As it lay there, where it was encrypted."""
    secret: bytes = b""
    """Keys the digest of what it says, where its subject has a key."""
    attributes: dict[str, str] | None = None
    """Its attributes, where somebody has taken it apart; None: nobody has, or it is structured."""

    @property
    def received_at(self) -> datetime:
        """When it was stamped; a stamp that no calendar has is drawn to the nearest it has."""
        stamp = min(max(self.timestamp_ms, 0), LAST_MS)
        return datetime.fromtimestamp(stamp / 1000, tz=UTC)


class Due(NamedTuple):
    """A timer whose time has come; it is forgotten in the transaction of what it leads to."""

    key: bytes
    """`timer/<epoch seconds>/<processor>/…` as it was set."""
    value: bytes
    now: datetime

    @property
    def processor(self) -> str:
        """The name of the processor that set it."""
        return self.key.split(b"/", 3)[2].decode()


class Outgoing(NamedTuple):
    """A record to write, in the transaction of the record that led to it."""

    topic: str
    """Without the prefix."""
    record: Record
    partition: int | None = None
    """Where it must lie; None: by its key; EVERY_PARTITION: on each."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How old and how far ahead of its arrival an event's time may be."""

    max_age: timedelta = timedelta(days=30)
    max_ahead: timedelta = timedelta(minutes=5)


@dataclass(slots=True)
class Decision:
    """What is written because of one record, all of it or nothing."""

    verdict: Verdict
    outputs: list[Outgoing] = field(default_factory=list)
    state: StateChanges = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    """Why it was refused."""
    note: Mapping[str, object] = field(default_factory=dict)
    """For the log line: ids, rules and codes; nothing of the content."""


Decide = Callable[[Received, Searchable], Decision]
"""What one record leads to: by the processor of its topic, parties and limits already given."""
Ring = Callable[[Due, State], Decision]
"""What a timer leads to: by the processor that set it."""


class Handle(Protocol):
    """How a processor decides."""

    def __call__(
        self, received: Received, state: Searchable, parties: Parties, limits: Limits
    ) -> Decision:
        """All that follows from one record; never raises for what a sender did."""


class OnTime(Protocol):
    """What a processor does when a timer it set is due."""

    def __call__(self, due: Due, state: State, parties: Parties) -> Decision:
        """All that follows from the time being over; never raises."""


def no_timers(due: Due, state: State, parties: Parties) -> Decision:  # noqa: ARG001 - as OnTime
    """For a processor that sets none: raises LookupError."""
    raise LookupError(f"{due.processor} sets no timers")


class Processor(Protocol):
    """What a module in `hub/processors` offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant
        """Its name: the module's."""

    @property
    def SOURCE(self) -> Topic:  # noqa: N802 - a module's constant
        """The topic it reads."""

    @property
    def EMITS(self) -> Sequence[str]:  # noqa: N802 - a module's constant
        """The event types it can write, without version."""

    @property
    def handle(self) -> Handle:
        """Decides what one record leads to."""

    @property
    def on_time(self) -> OnTime:
        """Decides what a timer leads to that it set."""
