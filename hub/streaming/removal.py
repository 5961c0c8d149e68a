"""Takes topics and groups off a broker again: exactly those named, nothing by pattern."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from kafka.errors import UnknownTopicOrPartitionError, for_code

from hub.streaming.admin import BrokerRefused, connected

DONE: Final = "OK"


def remove(connection: Mapping[str, Any], topics: Sequence[str], groups: Iterable[str]) -> None:
    """Delete these topics and groups, full names; what is not there is passed over.

    Raises BrokerUnavailable and BrokerRefused.
    """
    with connected(connection) as admin:
        refused: dict[str, str] = {}
        there = {group["group_id"] for group in admin.list_groups()}
        if gone := [group for group in groups if group in there]:
            refused |= admin.delete_groups(gone)
        for topic in admin.delete_topics(list(topics), raise_errors=False)["topics"]:
            error = for_code(topic["error_code"])
            if error.errno and error is not UnknownTopicOrPartitionError:
                refused[topic["name"]] = error.__name__
    for name, said in refused.items():
        if said != DONE:
            raise BrokerRefused(said, where=name)
