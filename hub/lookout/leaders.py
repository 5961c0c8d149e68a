"""Which broker leads each partition, as the cluster tells it."""

from kafka.admin import KafkaAdminClient

from hub.lookout.wire import NOBODY
from hub.monitor.look import Place


def leaders_of(admin: KafkaAdminClient, topics: list[str]) -> tuple[dict[Place, int], set[Place]]:
    """Who leads each partition, and those that nobody leads; a topic that is not there has none."""
    leaders: dict[Place, int] = {}
    offline: set[Place] = set()
    for topic in admin.describe_topics(topics):
        for one in topic["partitions"]:
            place = Place(topic["name"], one["partition_index"])
            if one["leader_id"] == NOBODY:
                offline.add(place)
            else:
                leaders[place] = one["leader_id"]
    return leaders, offline
