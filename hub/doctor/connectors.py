"""The connectors that the settings ask for: is each there and at work?"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from connectors.callers.options import DoorOptions
from connectors.file_drop.presence import is_served
from hub import doors, wiring
from hub.doctor.addresses import answers
from hub.doctor.check import Check, Health
from hub.doctor.outbox import outbox
from hub.errors import HubError
from hub.lookout.signs import last_signs
from hub.settings import Settings

SILENT_AFTER: Final = timedelta(seconds=10)
"""A sink gives a sign every three seconds; without one for so long it is gone or hangs."""
Signs = Mapping[str, datetime]


class Address(NamedTuple):
    """Where a connector answers by HTTP."""

    host: str
    port: int
    tls: bool = False
    insists: bool = False
    """On a certificate of whoever asks."""


def of(settings: Settings, now: datetime, *, broker_answers: bool) -> Iterator[Check]:
    """Each connector that is configured; sinks only where the broker can tell of them."""
    groups = wiring.readers(settings)
    asked = [name for name, lacks in doors.configured(settings).items() if not lacks]
    try:
        signs = last_signs(
            settings.kafka.kafka_python(),
            [group for name in asked for group in groups.get(name, ())] if broker_answers else (),
        )
    except HubError as error:
        yield Check("connectors", Health.FAIL, str(error), error.remedy)
        return
    for name in asked:
        if name == "file_drop":
            yield file_drop(settings)
        elif name == "sql_outbox":
            yield outbox(settings)
        elif name in _addresses(settings) and (lacks := _unanswered(settings, name)):
            yield Check(name, Health.FAIL, lacks, _start(name))
        elif broker_answers and name in groups:
            yield sink(name, list(groups[name]), signs, now)
        elif name in _addresses(settings):
            yield Check(name, Health.OK, "answers")


def sink(name: str, groups: list[str], signs: Signs, now: datetime) -> Check:
    """Whether it reads what it is there for, by the sign that it gave last for each group."""
    if never := [group for group in groups if group not in signs]:
        return Check(name, Health.WARN, f"has never read as {', '.join(never)}", _start(name))
    silent = now - min(signs[group] for group in groups)
    if silent > SILENT_AFTER:
        found = f"gave its last sign {silent.total_seconds():.0f} s ago; what comes in waits"
        return Check(name, Health.WARN, found, _start(name))
    return Check(name, Health.OK, "reads")


def file_drop(settings: Settings) -> Check:
    """Whether a process of this machine serves the parties' folders."""
    root = settings.file_drop.root
    try:
        if is_served(root):
            return Check("file_drop", Health.OK, f"serves {root}")
    except OSError as error:
        found = f"{root}: {type(error).__name__}"
        return Check("file_drop", Health.WARN, found, _start("file_drop"))
    found = f"nobody serves {root}; what is dropped there waits"
    return Check("file_drop", Health.WARN, found, _start("file_drop"))


def _start(name: str) -> str:
    return f"Start it: hub connect {name}; if it runs, see its log."


def _addresses(settings: Settings) -> Mapping[str, Address]:
    web, hsds = settings.web, settings.hsds
    return {
        "http_api": _door(settings.http_api),
        "mailbox": _door(settings.mailbox),
        "web": Address(web.host, web.port, web.tls_certificate is not None),
        "hsds": Address(hsds.host, hsds.port),
    }


def _door(options: DoorOptions) -> Address:
    has_tls, insists = options.tls_certificate is not None, options.tls_clients == "required"
    return Address(options.host, options.port, has_tls, insists)


def _unanswered(settings: Settings, name: str) -> str:
    """Why nobody answers; empty as well where the port is a free one that nobody knows."""
    host, port, tls, insists = _addresses(settings)[name]
    return answers(host, port, tls=tls, insists=insists) if port else ""
