"""What a caller may do at a door, in the words of OAuth 2.0 (RFC 6749, 3.3)."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from schemas.topics import TOPIC_OF


class Scope(StrEnum):
    """One right; `send` is all of `send:…`."""

    SEND = "send"
    SEND_REFERRALS = "send:referrals"
    SEND_ADDRESS_CHANGES = "send:address-changes"
    SEND_SUPPORT_OFFERS = "send:support-offers"
    SEND_PROBES = "send:probes"
    COLLECT = "collect"
    """To fetch and acknowledge what lies in the party's mailbox."""
    TRACE = "trace"
    """To see what has become of a case in which the party has part."""


Scopes = frozenset[Scope]
ALL: Final[Scopes] = frozenset({Scope.SEND, Scope.COLLECT, Scope.TRACE})
SENDING: Final = tuple(one for one in Scope if one.startswith(Scope.SEND))


def may(scopes: Scopes, wanted: Scope) -> bool:
    """Whether one of these is, or includes, the wanted one."""
    return wanted in scopes or (wanted in SENDING and Scope.SEND in scopes)


def to_send(event_type: str) -> Scope:
    """What is needed to send an event of this type, without version; of one that is handed in."""
    return Scope(f"{Scope.SEND}:{TOPIC_OF[event_type].name}")


def read(words: Iterable[str]) -> Scopes:
    """The scopes of these words; raises ValueError for one that is none."""
    return frozenset(Scope(word) for word in words)


def written(scopes: Scopes) -> str:
    """As they stand in a file: in the order of their declaration, with commas."""
    return ",".join(one for one in Scope if one in scopes)
