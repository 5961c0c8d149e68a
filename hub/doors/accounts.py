"""Who may come in at pages, by the accounts of one database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from secrets import token_bytes

from hub.access.hashing import Hasher
from hub.access.keeping import Beside
from hub.access.options import AccountOptions
from hub.entry.access import Access, make_access
from hub.entry.at_provider import provider_of
from hub.entry.lobby import Lobby
from hub.entry.site import Site
from hub.stores.accounts.opening import opened


@contextmanager
def access_by(
    url: str,
    name: str,
    options: AccountOptions,
    now: Callable[[], datetime],
    beside: Beside | None = None,
) -> Iterator[Access]:
    """The entrance to the pages of this name; the tables are there. Raises Later.

    `beside` is told each line of the record before it counts.
    """
    with ExitStack() as room:
        kept = room.enter_context(opened(url, beside))
        kept.tidy(now())
        provider = provider_of(options)
        if provider is not None:
            room.enter_context(closing(provider))
        site = Site(name, options.public_url, options.proxies)
        yield make_access(Lobby(site, options, kept, Hasher(), provider, now, token_bytes))
