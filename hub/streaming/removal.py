"""Takes topics and groups off a broker again: exactly those named, nothing by pattern."""

from collections.abc import Mapping, Sequence
from typing import Any

from kafka.errors import UnknownTopicOrPartitionError, for_code

from hub.streaming.admin import BrokerRefused, connected


def remove(connection: Mapping[str, Any], topics: Sequence[str], groups: Sequence[str]) -> None:
    """Delete these topics and groups, full names; what is not there is passed over.

    Raises BrokerUnavailable and BrokerRefused.
    """
    with connected(connection) as admin:
        there = {group["group_id"] for group in admin.list_groups()}
        if gone := [group for group in groups if group in there]:
            admin.delete_groups(gone)
        answer = admin.delete_topics(list(topics), raise_errors=False)
        for topic in answer["responses"]:
            error = for_code(topic["error_code"])
            if error.errno and error is not UnknownTopicOrPartitionError:
                raise BrokerRefused(error.__name__, where=topic["name"])
