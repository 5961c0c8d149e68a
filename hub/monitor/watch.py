"""What the monitor watches, and what it takes for a fault."""

from collections.abc import Collection
from typing import NamedTuple

from hub.monitor.limits import Limits


class Watch(NamedTuple):
    """What is watched, and how."""

    own: Collection[str] = ()
    """The groups that the hub itself needs."""
    joining: Collection[str] = ()
    """Those of them that have members whenever they run."""
    dead: Collection[str] = ()
    """The dead-letter topics, full names."""
    prefix: str = ""
    """Stands before every topic name."""
    limits: Limits = Limits()
    channels: tuple[str, ...] = ()
    """Where incidents are told."""
