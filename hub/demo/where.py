"""Where to look while a demo stays up, and what to try."""

from collections.abc import Iterator
from typing import Final

from hub.demo.parts import Parts
from schemas.topics import delivery_topic

EXAMPLE: Final = "06432005"
"""Eppertshausen, where the pilot is."""
BY_RULE: Final = "select rule, count(*) from inbox group by rule"


def where_to_look(parts: Parts) -> Iterator[str]:
    """A line for each place and each command."""
    settings = parts.settings
    bootstrap, prefix = settings.kafka.bootstrap, settings.topic_prefix
    door = f"http://127.0.0.1:{parts.port}"
    token = parts.folder / "tokens.txt"
    token.touch(mode=0o600)
    token.write_text("".join(f"{party} {one}\n" for party, one in parts.tokens.items()), "utf-8")
    also = f" --set topic_prefix={prefix}" if prefix else ""
    yield ""
    yield "The hub runs; Ctrl-C ends it."
    yield f"  Folders   {parts.parties}/<party>/in, done, refused"
    yield f"  HTTP      {door}/events   (what it takes: {door}/openapi.json)"
    yield f"  Tokens    {token}"
    yield f"  Inbox     {parts.database}   (tables inbox, receipts)"
    yield f"  Kafka     {bootstrap}   (one topic for each party: {prefix}to.<party>)"
    yield f"  Logs      {parts.logs}"
    yield "Try:"
    yield f"  kcat -b {bootstrap} -C -e -t {prefix}{delivery_topic(EXAMPLE).name}"
    yield f"  sqlite3 {parts.database} '{BY_RULE}'"
    yield f"  hub report --set ledger.database={settings.ledger.database.get_secret_value()}"
    yield f"  hub topics drift --bootstrap {bootstrap}{also}"
