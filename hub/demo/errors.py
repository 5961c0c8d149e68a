"""What can end a demo before its day is over.

HubError
├── PartNotReady: a process did not get ready in time; its log says why
└── Interrupted: it was told to stop
"""

from hub.errors import HubError


class PartNotReady(HubError):
    """A part of the hub did not get ready in time."""


class Interrupted(HubError):
    """The demo was stopped before its day was over."""
