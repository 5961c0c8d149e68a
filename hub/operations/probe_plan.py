"""Which ways are probed with these settings, and which are left out and why."""

from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple

from hub import doors, wiring
from hub.domain.probing import ASKER, MONITOR, SYSTEM
from hub.errors import UsageError
from hub.monitor.look import Place
from hub.monitor.probed import LeftOut
from hub.monitor.probes import Way
from hub.operations.knocking.by_file import FileKnock, folder
from hub.operations.knocking.by_http import HttpKnock
from hub.operations.knocking.by_row import OutboxKnock
from hub.operations.knocking.knock import Knock
from hub.settings import Settings
from schemas.envelope import SOURCE_PREFIX
from schemas.topics import DELIVERY_PREFIX
from schemas.vocabulary import Door

KNOCKS: Final[Mapping[Door, Callable[[Settings], Knock]]] = {
    Door.HTTP_API: HttpKnock,
    Door.FILE_DROP: FileKnock,
    Door.SQL_OUTBOX: OutboxKnock,
}
"""How each door is knocked at."""


class Plan(NamedTuple):
    """What is to be done in a round."""

    ways: tuple[Way, ...]
    left_out: tuple[LeftOut, ...]


def plan(settings: Settings, among: Collection[str] = (), to: Collection[str] = ()) -> Plan:
    """Every door to every party with an inbox; `among` and `to`: these only, where some are named.

    Raises UsageError for a door or a party that does not exist.
    """
    _known(among, [*Door], "--door")
    _known(to, wiring.parties(settings).by_id, "--to")
    found = inboxes(settings)
    ways: list[Way] = []
    left_out: list[LeftOut] = []
    for door in Door:
        if among and door not in among:
            continue
        if because := lacks(settings, door):
            left_out.append(LeftOut(door, because))
            continue
        if door is Door.SQL_OUTBOX and settings.sql_outbox.party not in found:
            left_out.append(LeftOut(door, "its party has no inbox here"))
        own = {settings.sql_outbox.party} if door is Door.SQL_OUTBOX else found.keys()
        ways += [
            Way(door.value, party, its)
            for party, its in found.items()
            if party in own and (not to or party in to)
        ]
    without = [party for party in wiring.parties(settings).by_id if party not in found]
    left_out += [
        LeftOut(party, "no sink of these settings reads for it")
        for party in without
        if not to or party in to
    ]
    return Plan(tuple(ways), tuple(left_out))


def inboxes(settings: Settings) -> dict[str, dict[str, Place]]:
    """Of each party the groups of its sinks, with what they read of it."""
    prefix = settings.topic_prefix + DELIVERY_PREFIX
    found: dict[str, dict[str, Place]] = {}
    for groups in wiring.readers(settings).values():
        for group, topics in groups.items():
            for topic in topics:
                if topic.startswith(prefix):
                    party = topic.removeprefix(prefix)
                    found.setdefault(party, {})[group] = Place(topic, 0)
    return found


def lacks(settings: Settings, door: Door) -> str:
    """What is missing to probe this door; empty: nothing."""
    if lacking := doors.configured(settings)[door.value]:
        return lacking
    probe = settings.monitor.probe
    if door is Door.HTTP_API and probe.token is None:
        return "monitor.probe.token is not set"
    if door is Door.FILE_DROP and ASKER not in settings.file_drop.parties:
        return f"{ASKER} is not among file_drop.parties"
    if door is Door.FILE_DROP and not folder(settings).is_dir():
        return f"{folder(settings)} is not there"
    if door is Door.SQL_OUTBOX and not probe.sql_outbox:
        return "monitor.probe.sql_outbox is not set"
    return ""


def source_of(way: Way) -> str:
    """Who says it: an outbox takes its own party's word only."""
    if way.door == Door.SQL_OUTBOX:
        return f"{SOURCE_PREFIX}{way.recipient}/{SYSTEM}"
    return MONITOR


def _known(named: Collection[str], there: Collection[str], option: str) -> None:
    unknown = sorted({*named} - {*there})
    if unknown:
        remedy = f"Use one of: {', '.join(there)}."
        raise UsageError(
            "There is none of this name.", where=f"{option} {unknown[0]}", remedy=remedy
        )
