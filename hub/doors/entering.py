"""Who may come in at the doors: what the settings and their files say, checked before it starts."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hub.doors.asked import known
from hub.errors import ConfigError
from hub.settings import Settings

if TYPE_CHECKING:
    from connectors.callers.entrance import Entrance, Rate
    from connectors.http_api.options import Options as HttpApi
    from connectors.mailbox.options import Options as Mailbox

REMEDY = "Make a token with: hub token make PARTY"


@contextmanager
def entrance(
    settings: Settings, options: "HttpApi | Mailbox", section: str
) -> "Iterator[Entrance]":
    """The entrance of the door with these settings; raises ConfigError."""
    from connectors.callers.access_tokens import AccessTokens
    from connectors.callers.credential_file import TokensUnreadable
    from connectors.callers.entrance import Entrance
    from connectors.callers.watched_file import WatchedFile

    may_probe = section == "http_api"
    known(settings, tuple(options.tokens.values()), f"{section}.tokens", may_probe=may_probe)
    known(settings, tuple(options.party_limits), f"{section}.party_limits")
    where = f"{section}.tokens_file"
    if not options.tokens and options.tokens_file is None:
        raise ConfigError("Nobody could come in: there are no tokens.", where=where, remedy=REMEDY)
    try:
        credentials = WatchedFile(options.tokens, options.tokens_file, _now)
    except TokensUnreadable as error:
        raise ConfigError(str(error), where=where, remedy=REMEDY) from error
    with ExitStack() as room:
        access_tokens = AccessTokens.of(options.oauth) if options.oauth.issuer else None
        if access_tokens is not None:
            room.callback(access_tokens.close)
        yield Entrance(credentials.current, _now, access_tokens, _rate(options))


def _rate(options: "HttpApi | Mailbox") -> "Rate":
    from connectors.callers.entrance import Rate
    from connectors.callers.limits import Limits

    given = options.party_limits.items()
    own = {party: one.requests_per_minute for party, one in given if one.requests_per_minute}
    return Rate(Limits(options.requests_per_minute, options.burst_s, own), time.monotonic)


def _now() -> datetime:
    return datetime.now(UTC)
