"""What lets a party in at the doors, made as the register says."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from connectors.callers.credentials import Credential
from hub.membership import tokens
from hub.membership.membership import Kind, Membership, State
from hub.settings import Settings

DOOR_TOKENS: Final = "http_tokens"
MAILBOX_TOKENS: Final = "mailbox_tokens"
"""As `hub secrets make` calls them, in the folder of the register unless settings say otherwise."""


def made_so(settings: Settings, member: Membership, now: datetime) -> Iterator[str]:
    """Let the party in by just what it should have; what was done. Raises ConfigError."""
    for file, kinds in _files(settings).items():
        wanted: dict[str, Credential] = {}
        if member.state is State.ACTIVE:
            held = tokens.read(member.held.get(str(file), ()))
            given = (one.token(kind, member.party) for one in member.current(now) for kind in kinds)
            wanted = {one.key: one for one in (*_by_hand(file, member), *held, *given)}
        if tokens.make_so(file, member.party, wanted.values()):
            yield f"{file}: {member.party} has {len(wanted)} token(s) there."


def holding(settings: Settings, member: Membership) -> Membership:
    """The same, which also keeps what lets the party in and was not given to it by `hub party`."""
    held = dict(member.held)
    for file in _files(settings):
        if by_hand := tokens.written(_by_hand(file, member)):
            held[str(file)] = tuple(dict.fromkeys((*held.get(str(file), ()), *by_hand)))
    return member.model_copy(update={"held": held})


def _by_hand(file: Path, member: Membership) -> list[Credential]:
    ours = {token for one in member.credentials for token in (one.door_token, one.mailbox_token)}
    return [one for one in tokens.of(file, member.party) if one.key not in ours]


def _files(settings: Settings) -> dict[Path, list[Kind]]:
    """The doors' files, each with which of the tokens it lists."""
    folder = settings.membership.folder
    door = settings.http_api.tokens_file or folder / DOOR_TOKENS
    mailbox = settings.mailbox.tokens_file or folder / MAILBOX_TOKENS
    found: dict[Path, list[Kind]] = {}
    for file, kind in ((door, Kind.DOOR), (mailbox, Kind.MAILBOX)):
        found.setdefault(file, []).append(kind)
    return found
