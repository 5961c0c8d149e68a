"""Rules so small that a test can say on one line what a lane must do.

say X           write X
set S X         a timer that rings S seconds after 1970, for X
unset S X       take it back
keep K X        remember X under the key K
"""

from typing import Final

from hub.domain.decision import TIMER, Decision, Due, Outgoing, Received, State, StateChanges
from schemas.codec import Record
from schemas.vocabulary import Verdict
from tests.support.lane_parts import OUT

NAME: Final = "tiny"


def timer(at_s: int, name: str) -> bytes:
    """The key of a timer."""
    return TIMER + f"{at_s:010d}/{NAME}/{name}".encode()


def decide(received: Received, _state: State) -> Decision:
    """Do what the record says."""
    said = (received.record.value or b"").decode()
    word, _, rest = said.partition(" ")
    first, _, second = rest.partition(" ")
    if word == "set":
        return _decision({timer(int(first), second): second.encode()})
    if word == "unset":
        return _decision({timer(int(first), second): None})
    if word == "keep":
        return _decision({first.encode(): second.encode()})
    return _decision({}, rest)


def ring(due: Due, _state: State) -> Decision:
    """Write what the timer is for; one for "again" sets another a second later."""
    name = due.value.decode()
    after = int(due.key.split(b"/")[1]) + 1
    return _decision({timer(after, "once"): b"once"} if name == "again" else {}, f"ring {name}")


def _decision(changes: StateChanges, *said: str) -> Decision:
    outputs = [Outgoing(OUT, Record(b"k", one.encode(), [])) for one in said]
    return Decision(Verdict.ROUTED, outputs, changes)
