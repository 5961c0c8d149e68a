"""Where to look while a demo stays up, and what to try."""

from collections.abc import Iterator, Sequence
from typing import Final

from hub.demo.offices import Office
from hub.demo.parts import Parts
from hub.demo.staff import STAFF, TOWN_HALL
from schemas.topics import delivery_topic

A_ROW: Final = "select proof, data from inbox limit 1"
BY_RULE: Final = "select rule, count(*) from inbox group by rule"


def where_to_look(parts: Parts, offices: Sequence[Office]) -> Iterator[str]:
    """A line for each place and each command; the back offices first."""
    settings = parts.settings
    bootstrap, prefix = settings.kafka.bootstrap, settings.topic_prefix
    door = f"http://127.0.0.1:{parts.port}"
    token = parts.folder / "tokens.txt"
    token.touch(mode=0o600)
    token.write_text("".join(f"{party} {one}\n" for party, one in parts.tokens.items()), "utf-8")
    also = f" --set topic_prefix={prefix}" if prefix else ""
    yield ""
    yield "The hub runs; Ctrl-C ends it."
    for office in offices:
        yield from _office(office)
    yield f"  Folders   {parts.parties}/<party>/in, done, refused"
    yield f"  HTTP      {door}/events   (what it takes: {door}/openapi.json)"
    yield f"  Tokens    {token}"
    yield f"  Tables    {parts.database}   (inbox, receipts)"
    yield f"  Kafka     {bootstrap}   (one topic for each party: {prefix}to.<party>)"
    if settings.vault.database.get_secret_value():
        vault = parts.folder / "vault.sqlite"
        yield f"  Keys      {vault}   (what is said of persons lies encrypted)"
    yield f"  Logs      {parts.logs}"
    yield "Try:"
    yield f"  kcat -b {bootstrap} -C -e -t {prefix}{delivery_topic(TOWN_HALL).name}"
    yield f"  sqlite3 {parts.database} '{BY_RULE}'"
    keys = parts.folder / "keys.toml"
    yield f"  sqlite3 -json {parts.database} '{A_ROW}' | hub verify - --keys {keys}"
    yield f"  hub report --set ledger.database={settings.ledger.database.get_secret_value()}"
    yield f"  hub topics drift --bootstrap {bootstrap}{also}"


def _office(office: Office) -> Iterator[str]:
    """Its pages, and who may sign in there."""
    is_town_hall = office.here.party == TOWN_HALL
    if is_town_hall:  # what it has asked others stands there, and how far they are
        yield f"  Town hall {office.address}inbox/waiting"
    else:
        yield f"  Inbox     {office.address}"
    for one in STAFF[office.here.party]:
        who = f"{one.name} / {office.passwords[one.name]}"
        yield f"            sign in as {who}   ({one.shown}, {one.role})"
