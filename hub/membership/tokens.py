"""Lets a party in at a door by just the tokens it should have; others' lines are never touched."""

from collections.abc import Collection, Iterable
from pathlib import Path

from connectors.callers import credential_file
from connectors.callers.credential_file import TokensUnreadable
from connectors.callers.credentials import Credential, line_of, read_line
from hub.errors import ConfigError


def of(file: Path, party: str) -> list[Credential]:
    """What lets this party in; nothing where there is no file. Raises ConfigError."""
    try:
        found = credential_file.read_credentials(file) if file.exists() else []
    except TokensUnreadable as error:
        raise ConfigError(str(error), where=str(file), remedy="Correct the file.") from None
    return [one for one in found if one.party == party]


def make_so(file: Path, party: str, wanted: Collection[Credential]) -> int:
    """Let a party in by these alone; how many lines had to be changed.

    A file that is not there is made. A running door knows it from the next request on. Raises
    ConfigError.
    """
    there = {one.key: one for one in of(file, party)}
    keys = {one.key for one in wanted}
    changed = 0
    for one in there.values():
        if one.key not in keys:
            credential_file.revoke(file, one.key)
            changed += 1
    for one in wanted:
        old = there.get(one.key)
        if old is None:
            credential_file.add_credential(file, one)
        elif one.until is not None and old.until != one.until:
            credential_file.set_end(file, one.key, one.until)
        else:
            continue
        changed += 1
    return changed


def written(credentials: Iterable[Credential]) -> tuple[str, ...]:
    """As they are kept while a party is suspended."""
    return tuple(line_of(one) for one in credentials)


def read(lines: Iterable[str]) -> list[Credential]:
    """The same, read again."""
    return [found for line in lines if (found := read_line(line)) is not None]
