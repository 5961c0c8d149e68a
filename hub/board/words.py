"""The words of the desk: what becomes of a letter, what was done with it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from hub.entry.words import NOT_AUDITED, RECORDED, ROLES
from hub.letters.desk import Failure, State
from hub.letters.journal import Act
from hub.letters.replay import Fate
from hub.letters.shelf import Status
from hub.pages.marking import N_

STATUSES: Final = {
    Status.OPEN: N_("open"),
    Status.REPLAYED: N_("sent again and taken"),
    Status.DISCARDED: N_("put aside"),
}
ACTS: Final = {
    Act.REVEALED: N_("read"),
    Act.REPLAYED: N_("sent again and taken"),
    Act.REFUSED: N_("sent again and refused again"),
    Act.DISCARDED: N_("put aside"),
}
FATES: Final = {
    Fate.SEND: N_("would be sent"),
    Fate.REFUSED: N_("would be refused again"),
    Fate.WAITS: N_("waits for an earlier letter of its case"),
}
STATES: Final = {
    State.GOES_ON: N_("is being sent"),
    State.STOPS: N_("is being stopped; what is on its way is still waited for"),
    State.OVER: N_("over"),
    State.FAILED: N_("ended early"),
}
FAILURES: Final = {
    Failure.NOT_JUDGED: N_(
        "The hub has not judged what was sent again within a minute: look whether workers run."
    ),
    Failure.NOT_AUDITED: NOT_AUDITED[0],
    Failure.NO_BROKER: N_("Kafka does not answer right now"),
    Failure.FAULT: N_("Something went wrong on our side. It stands in the monitor's log."),
}
_TABLES: Final[tuple[Mapping[Any, str], ...]] = (
    *(STATUSES, ACTS, FATES, STATES, FAILURES),
    *(ROLES, RECORDED),
)
_BY_TYPE: Final = {type(next(iter(table))): table for table in _TABLES}
NEEDS_REASON: Final = N_("Say why, in 3 to 300 letters and in words that name nobody.")
NEEDS_PACE: Final = N_("Give a whole number from 1 to 1,000.")


def text_of(code: StrEnum) -> str:
    """The English text of a code."""
    return _BY_TYPE[type(code)][code]
