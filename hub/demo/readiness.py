"""When the parts of a demo are ready for its day."""

import time
from collections.abc import Callable
from typing import Final

from hub import wiring
from hub.broker.ports import accepts
from hub.demo.errors import PartNotReady
from hub.demo.folders import IN
from hub.demo.inbox import Inbox
from hub.demo.options import Options
from hub.demo.parts import Parts
from hub.demo.waiting import Patience
from hub.streaming.observation import see_group
from schemas.topics import LANE_TOPICS

READY_WITHIN_S: Final = 60.0
LOOK_S: Final = 0.2


def await_ready(parts: Parts, options: Options, patience: Patience) -> None:
    """Return when every process does its work; raises PartNotReady and Interrupted."""
    end = time.monotonic() + READY_WITHIN_S
    conditions = _conditions(parts)
    for name in ("worker", *(one for one in options.connectors if one in conditions)):
        is_ready = conditions[name]
        if not patience.until(is_ready, end - time.monotonic(), LOOK_S):
            remedy = f"Read its log in {parts.logs}"
            raise PartNotReady(where=name, remedy=remedy)


def _conditions(parts: Parts) -> dict[str, Callable[[], bool]]:
    sources = sum(topic.partitions for topic in LANE_TOPICS)
    group = wiring.group(parts.settings)
    return {
        "http_api": lambda: accepts(parts.port),
        "file_drop": lambda: all((parts.parties / one / IN).is_dir() for one in parts.tokens),
        "mailbox": lambda: accepts(parts.mailbox_port),
        "backoffice": lambda: Inbox(parts.database).is_there(),
        "worker": lambda: len(see_group(parts.connection, group).partitions) == sources,
    }
