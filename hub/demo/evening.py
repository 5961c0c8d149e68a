"""What comes in behind a demo's day, when the offices are closed: what its clerks begin with."""

from datetime import date
from importlib import resources
from pathlib import Path
from typing import Final

from hub.demo import folders
from hub.demo.errors import PartNotReady
from hub.demo.inbox import Inbox
from hub.demo.parts import Parts
from hub.demo.reckoning import wanted
from hub.demo.sample import load
from hub.demo.waiting import Patience

DELIVERED_WITHIN_S: Final = 60.0


def hand_in(parts: Parts, day: date, patience: Patience) -> None:
    """Drop the evening's files, and return when what they say is delivered.

    It is not reckoned: the day is over. Raises PartNotReady and Interrupted.
    """
    with resources.as_file(resources.files("hub.demo") / "evening") as folder:
        sample = load(day, Path(folder))
    for file in sample.files:
        folders.drop(parts.parties, file)
    copies, inbox = wanted(sample.expected).keys(), Inbox(parts.database)
    if not patience.until(lambda: copies <= inbox.deliveries().keys(), DELIVERED_WITHIN_S):
        what = "What came in behind the day was not delivered."
        raise PartNotReady(what, where="evening", remedy=f"Read the logs in {parts.logs}")
