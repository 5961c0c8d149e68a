"""When sinks last gave a sign of life: it stands beside the positions they tell Kafka."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    NotCoordinatorError,
)

from connectors.runner.lag import told_at
from hub.streaming.admin import connected

ANSWER_WITHIN_MS: Final = 5000
COORDINATOR_STARTS: Final = (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    NotCoordinatorError,
)
"""What a broker answers that has just begun to keep groups, never had one, or does so no more."""


def last_signs(connection: Mapping[str, Any], groups: Collection[str]) -> dict[str, datetime]:
    """The newest sign of each of these groups that ever gave one, by the sink's own clock.

    Raises BrokerUnavailable and BrokerRefused.
    """
    if not groups:
        return {}
    with connected(connection, ANSWER_WITHIN_MS) as admin:
        try:
            told = admin.list_group_offsets(list(groups))
        except COORDINATOR_STARTS:
            return {}
    signs = {
        group: [at for one in places.values() if (at := told_at(one.metadata or ""))]
        for group, places in told.items()
    }
    return {group: max(times) for group, times in signs.items() if times}
