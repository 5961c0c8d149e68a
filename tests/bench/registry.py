"""A district of a thousand parties: the hub's own registry, and more municipalities."""

from pathlib import Path
from typing import Final

from hub.party_file import load_parties
from tests.support.district import DISTRICT, PARTIES

MOST: Final = 1000
"""The jobcenter and every key of municipalities that the district's number leaves room for."""


def parties(count: int) -> list[str]:
    """The ids of so many parties, the district's own first."""
    more = (f"{DISTRICT}{number:03d}" for number in range(len(PARTIES), MOST))
    return [*PARTIES, *more][:count]


def write_registry(path: Path, shipped: Path, count: int) -> Path:
    """A parties file with so many parties; the path."""
    entries = [
        f'\n[[party]]\nid = "{key}"\nname = "Gemeinde {key}"\n'
        f'kind = "municipality"\narea = "{key}"\n'
        for key in parties(count)[len(PARTIES) :]
    ]
    path.write_text(shipped.read_text("utf-8") + "".join(entries), "utf-8")
    if len(load_parties(path).party) != count:
        raise ValueError(f"the registry has not {count} parties")
    return path
