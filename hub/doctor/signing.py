"""The keys that this process signs with: there, and not about to end."""

from collections.abc import Iterator
from datetime import datetime

from hub.doctor.check import Check, Health
from hub.errors import HubError
from hub.monitor.expiring import SOON
from hub.settings import Settings
from hub.signing.keys import Key
from hub.signing.keys_file import load_keys
from hub.signing.private_keys import load_signers


def of(settings: Settings, now: datetime) -> Iterator[Check]:
    """The registry, and for each group of parties the newest key that is here."""
    file, private = settings.signatures.keys_file, settings.signatures.private_keys
    if file is None:
        return
    try:
        keys = load_keys(file)
        own = {} if private is None else load_signers(private, keys)
    except HubError as error:
        yield Check("signatures", Health.FAIL, str(error), error.remedy)
        return
    yield Check(
        "signatures", Health.OK, f"{file}: {len(keys.by_kid)} keys, {len(own)} to sign with"
    )
    newest: dict[tuple[str, ...], Key] = {}
    for key in sorted((keys.by_kid[kid] for kid in own), key=lambda key: key.valid_until):
        if not key.is_revoked(now.timestamp()):
            newest[(key.use, *key.parties)] = key
    yield from (_key(key, now) for key in newest.values())


def _key(key: Key, now: datetime) -> Check:
    part, said = f"key {key.kid}", f"good until {key.valid_until:%Y-%m-%d}"
    seal = " --seal" if key.use == "seal" else ""
    remedy = f"hub signing rotate {' '.join(key.parties)}{seal}"
    if key.valid_until <= now:
        return Check(part, Health.FAIL, f"{said}, expired", remedy)
    if key.valid_until - now < SOON:
        return Check(part, Health.WARN, f"{said}, {(key.valid_until - now).days} days", remedy)
    return Check(part, Health.OK, said)
