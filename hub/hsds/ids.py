"""The ids in the directory: UUIDv5 (RFC 9562 §5.5) of what a thing is, the same every time."""

from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

NAMESPACE: Final = uuid5(NAMESPACE_URL, "//kurze-wege/hsds")


def service_id(publisher: str, offer_id: str) -> str:
    """An offer's id; two parties may have chosen the same id for two offers."""
    return of("service", publisher, offer_id)


def organization_id(publisher: str, name: str) -> str:
    """The id of whoever makes an offer, as its publisher calls them."""
    return of("organization", publisher, name)


def of(kind: str, *names: object) -> str:
    """The id of a thing of this kind with these names; no two lists of names share one."""
    return str(uuid5(NAMESPACE, "|".join([kind, *(repr(str(name)) for name in names)])))


def is_id(text: str) -> bool:
    """Whether this is a UUID as HSDS writes it: hexadecimal, with hyphens."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
