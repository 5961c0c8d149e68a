"""Whether what is installed is what was tried together."""

import re
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import Final

from hub.doctor.check import Check, Health

DISTRIBUTION: Final = "kurze-wege"
REMEDY: Final = "Install what uv.lock says: make setup"


def versions(requirements: Iterable[str]) -> Iterator[Check]:
    """Whether the libraries pinned to one version are installed in it."""
    for required in requirements:
        pin = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)", required)
        if pin is None:
            continue
        name, wanted = pin.groups()
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = "nothing"
        if found == wanted:
            yield Check(name, Health.OK, wanted)
        else:
            yield Check(name, Health.FAIL, f"{found} is installed, not {wanted}", REMEDY)


def pinned() -> tuple[str, ...]:
    """What the hub requires, as its distribution declares it."""
    return tuple(metadata.requires(DISTRIBUTION) or ())
