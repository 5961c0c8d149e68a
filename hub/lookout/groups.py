"""The groups as their coordinators know them: state, members, and how far they are."""

from collections.abc import Collection
from typing import Any, Final

from kafka.admin import KafkaAdminClient

from hub.monitor.look import Group, Place

CONSUMERS: Final = ("consumer", "")
"""The protocol of groups that read; a group that only commits has none."""
CLASSIC: Final = ("classic", "consumer", "")
"""The types of groups that commit offsets; share groups have none."""


def groups_of(admin: KafkaAdminClient, known: Collection[Place]) -> dict[str, Group]:
    """Every group that has read, or was given, one of these partitions."""
    listed = {
        one["group_id"]: one
        for one in admin.list_groups()
        if one["protocol_type"] in CONSUMERS and one.get("group_type", "").lower() in CLASSIC
    }
    if not listed:
        return {}
    described = admin.describe_groups(list(listed))
    found: dict[str, Group] = {}
    for name, offsets in admin.list_group_offsets(list(listed)).items():
        committed = {
            Place(place.topic, place.partition): one.offset
            for place, one in offsets.items()
            if one.offset >= 0 and (place.topic, place.partition) in known
        }
        state, members, owned = _described(described.get(name), listed[name])
        if committed or owned & set(known):
            found[name] = Group(state, members, committed, owned & set(known))
    return found


def _described(group: Any, listed: Any) -> tuple[str, int, frozenset[Place]]:
    """State, members and what they own; of a group of KIP-848 what the list tells."""
    if group is None or group["error"] or listed.get("group_type", "").lower() == "consumer":
        state = str(listed.get("group_state") or "Unknown")
        return state, int(state not in ("Empty", "Dead")), frozenset()
    owned = frozenset(
        Place(topic["topic"], number)
        for member in group["members"]
        for topic in _assigned(member["member_assignment"])
        for number in topic["partitions"]
    )
    return str(group["group_state"]), len(group["members"]), owned


def _assigned(assignment: Any) -> Any:
    """The topics of a member; nothing while the group is between two assignments."""
    return assignment.get("assigned_partitions", ()) if isinstance(assignment, dict) else ()
