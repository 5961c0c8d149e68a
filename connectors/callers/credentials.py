"""What callers show, whose it is, what it is good for and until when. Pure.

A credential is known by its key: of a token its SHA-256 alone, of a certificate
`certificate:<SHA-256>` or a name that it bears (`dns:…`, `uri:…`), of a client of the
authorization server `client:<id>`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from hmac import compare_digest
from typing import Final, NamedTuple

from connectors.callers.scopes import ALL, Scope, Scopes, read, written

_LINE: Final = re.compile(
    r"([0-9a-f]{64}|certificate:[0-9a-f]{64}|(?:dns|uri|client):[!-~]{1,200})"
    r"[ \t]+\*?([a-z0-9][a-z0-9-]{1,31})((?:[ \t]+(?:scopes|until)=[!-~]+)*)"
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
REMEDY: Final = (
    "write the token's SHA-256 (64 lower-case hexadecimal digits), a blank and the party's id; "
    "never the token itself"
)


class Malformed(ValueError):
    """The line is not understood; the message says what to write and never repeats the line."""


class Credential(NamedTuple):
    """One credential."""

    key: str
    party: str
    scopes: Scopes = ALL
    until: datetime | None = None
    """From then on it opens nothing; None: it has no end."""
    note: str = ""
    """What people wrote beside it."""

    @property
    def kind(self) -> str:
        """What is shown: `token`, `certificate`, `dns`, `uri` or `client`."""
        kind, colon, _ = self.key.partition(":")
        return kind if colon else "token"

    @property
    def name(self) -> str:
        """What people tell it by, which opens nothing: of a hash its first eight digits."""
        if self.kind in ("token", "certificate"):
            return self.key.rpartition(":")[2][:8]
        return self.key

    def is_over(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.until is not None and now >= self.until


class Credentials:
    """Credentials by their keys."""

    def __init__(self, known: Iterable[Credential] = ()) -> None:
        """Keep these, of each key the last."""
        self._known = {one.key: one for one in known}

    def find(self, key: str) -> Credential | None:
        """The one with this key, or None; takes equally long whichever it is."""
        found = None
        for known, credential in self._known.items():
            if compare_digest(known, key):
                found = credential
        return found

    def __iter__(self) -> Iterator[Credential]:
        """All of them, as they were given."""
        return iter(self._known.values())


def read_line(line: str) -> Credential | None:
    """The credential on a line of a file, or None for a comment; raises Malformed."""
    said, _, note = line.partition("#")
    if not said.strip():
        return None
    match = _LINE.fullmatch(said.strip())
    if match is None:
        raise Malformed(REMEDY)
    more = [word.partition("=") for word in match[3].split()]
    given = {name: value for name, _, value in more}
    if len(given) < len(more):
        raise Malformed("say scopes and until once each")
    scopes = _scopes(given["scopes"]) if "scopes" in given else ALL
    until = _until(given["until"]) if "until" in given else None
    return Credential(match[1], match[2], scopes, until, note.strip())


def line_of(credential: Credential) -> str:
    """The line that says this."""
    words = [credential.key, credential.party, f"scopes={written(credential.scopes)}"]
    if credential.until is not None:
        words.append(f"until={credential.until.astimezone(UTC).isoformat().replace('+00:00', 'Z')}")
    return " ".join(words) + (f"  # {credential.note}" if credential.note else "")


def end_of(day: date) -> datetime:
    """The moment at which a day is over, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _scopes(said: str) -> Scopes:
    try:
        return read(said.split(","))
    except ValueError:
        raise Malformed(f"scopes are some of {','.join(Scope)}, with commas") from None


def _until(said: str) -> datetime:
    try:
        if _DAY.fullmatch(said):
            return end_of(date.fromisoformat(said))
        moment = datetime.fromisoformat(said)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Malformed("until is a day, 2027-12-31, or a moment, 2027-12-31T12:00:00Z") from None
    return moment
