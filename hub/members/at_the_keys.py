"""A party's own key to sign with: made, ended and revoked with its credentials."""

from collections.abc import Iterator
from datetime import datetime

from hub.membership.membership import Credentials
from hub.settings import Settings
from hub.signing import issuing


def given(
    settings: Settings, party: str, new: Credentials, now: datetime, former_until: datetime | None
) -> Iterator[str]:
    """Give the party a key for as long as its new credentials; what was done.

    The keys before it count until the former credentials end, and no more if they ended at once:
    then somebody else may have them. Nothing where no place for private keys is set.
    Raises HubError for a registry or folder that cannot be written to.
    """
    registry, private = settings.signatures.keys_file, settings.signatures.private_keys
    if registry is None or private is None:
        return
    valid = new.until - now
    key = issuing.issue(registry, private, [party], now, valid=valid)
    yield f"The key {key.kid} was made; its private half lies in {private}."
    if former_until is None:
        yield from revoked(settings, party, now, but=key.kid)
    else:
        for one in issuing.retire(registry, key, now, former_until - now):
            yield f"The key {one.kid} signs until {one.valid_until:%Y-%m-%d %H:%M %Z}."


def revoked(settings: Settings, party: str, now: datetime, but: str = "") -> Iterator[str]:
    """Let no key of the party alone count from now on, save that one; what was done.

    Raises HubError for a registry that cannot be written to.
    """
    registry = settings.signatures.keys_file
    if registry is None:
        return
    for key in issuing.issued(registry):
        mine = key.parties == (party,) and key.kid != but
        if mine and key.is_usable(now.timestamp()):
            issuing.revoke(registry, key.kid, now)
            yield f"The key {key.kid} was revoked."
