"""What every peer written in Python does with an event: check it by the contract, find its topic.

It is the hub's own reading (`schemas.codec.decode`), so that validation costs all the same. The
record is sent on as it is: no peer pays for writing JSON.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from schemas.codec import Record, decode
from schemas.topics import DELIVERY_PREFIX, REFERRALS

PARTIES: Final = ("kfb", *(f"064320{number:02d}" for number in range(1, 24)))


@dataclass(frozen=True, slots=True)
class Told:
    """The command line of a peer."""

    bootstrap: str
    prefix: str
    group: str
    batch: int
    """How many events it may take at once, as the hub may."""

    @property
    def source(self) -> str:
        """Where the events lie."""
        return self.prefix + REFERRALS.name

    @property
    def destinations(self) -> list[str]:
        """Where they may have to go."""
        return [f"{self.prefix}{DELIVERY_PREFIX}{party}" for party in PARTIES]

    def destination(
        self, key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes]]
    ) -> str:
        """Check an event and name the topic it must go to; raises Unreadable."""
        recipient = decode(Record(key, value, tuple(headers))).context.recipient
        return f"{self.prefix}{DELIVERY_PREFIX}{recipient}"


def told() -> Told:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    for name in ("bootstrap", "prefix", "group"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--batch", type=int, required=True)
    return Told(**vars(parser.parse_args()))
