"""What stands on a party's sheet besides its secrets, and what is left to do when it has them."""

from collections.abc import Iterator
from datetime import datetime

from hub import wiring
from hub.membership.membership import Credentials
from hub.membership.sheet import Addressed
from hub.settings import Settings
from hub.users.members import group_prefix
from schemas.topics import delivery_topic


def addressed(settings: Settings, party: str, credentials: Credentials) -> Addressed:
    """Who gets it, and where everything is, as the settings say."""
    told, prefix, authority = settings.membership, settings.topic_prefix, settings.kafka.ca_file
    groups = group_prefix(prefix, party)
    return Addressed(
        party=party,
        name=wiring.parties(settings).by_id[party].name,
        user=f"{groups}{credentials.number}",
        topic=prefix + delivery_topic(party).name,
        groups=groups,
        bootstrap=told.bootstrap,
        door_url=told.door_url.rstrip("/"),
        mailbox_url=told.mailbox_url.rstrip("/"),
        contact=told.contact or settings.web.contact,
        authority=authority.read_bytes() if authority else None,
    )


def to_do(settings: Settings, party: str, former_until: datetime | None) -> Iterator[str]:
    """What is left to a person."""
    yield "Hand the sheet over in person or sealed, then delete the file."
    if party not in settings.mailbox.parties:
        yield f"It has a mailbox once mailbox.parties names it: {party}"
    if former_until:
        yield f"Let the former credentials end after {said(former_until)}: hub party apply"


def said(moment: datetime) -> str:
    """For the operator."""
    return f"{moment:%Y-%m-%d %H:%M %Z}"
