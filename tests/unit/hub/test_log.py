"""No log line says anything about a person, however it was asked to."""

import asyncio
import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from connectors.errors import Later
from hub import log, withhold
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.referral_requested import ReferralRequested

MARK = "Zyxmarker"
"""Stands in every personal text; no log line may contain it in any case."""

Logged = Callable[[], list[dict[str, Any]]]


@pytest.fixture(name="logged")
def _logged() -> Iterator[Logged]:
    """Logging as a command sets it up; what was written, read back line by line."""
    loggers = [logging.getLogger(n) for n in logging.root.manager.loggerDict]
    kept = [(one, one.handlers[:], one.propagate, one.level) for one in [*loggers, logging.root]]
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, logging.raiseExceptions
    stream = io.StringIO()
    log.set_up(level="DEBUG", foreign_level="INFO", style="json", stream=stream)

    def lines() -> list[dict[str, Any]]:
        assert MARK.lower() not in stream.getvalue().lower()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield lines
    sys.excepthook, threading.excepthook, sys.unraisablehook, logging.raiseExceptions = hooks
    for one, handlers, propagate, level in kept:
        one.handlers[:], one.propagate = handlers, propagate
        one.setLevel(level)
    structlog.reset_defaults()


PERSON = {
    "client_id": f"{MARK}-4711",
    "family_name": MARK,
    "given_names": MARK,
    "birth_date": "1990-01-02",
}
ADDRESS = {"street": MARK, "house_number": "7", "postal_code": "64859", "city": MARK}


def _event() -> Event[Data]:
    data = AddressChangeReported.model_validate(
        {
            "person": PERSON,
            "old_ags": "06432005",
            "new_ags": "06432004",
            "new_address": ADDRESS,
            "valid_from": "2026-03-01",
            "reported_by": "register",
        }
    )
    context = Context.model_validate(
        {
            "type": data.wire_type(),
            "source": "//kurze-wege/06432005/test",
            "id": "e-1",
            "subject": "case-1",
            "time": datetime(2026, 3, 1, tzinfo=UTC),
            "purpose": "residence",
            "legalbasis": "bmg-34",
            "dataclassification": "social",
        }
    )
    return Event(context, data)


EVENT = _event()
RECORD = encode(EVENT)
WAYS: dict[str, object] = {
    "event": EVENT,
    "record": RECORD,
    "bytes": RECORD.value,
    "bytearray": bytearray(RECORD.value or b""),
    "model": EVENT.data,
    "dumped": EVENT.data.model_dump(),
    "json": EVENT.data.model_dump_json(),
    "json in json": json.dumps(EVENT.data.model_dump_json()),
    "repr of the event": repr(EVENT),
    "text of the model": str(EVENT.data),
    "repr of the record": repr(RECORD),
    "cut repr of the record": repr(RECORD)[:-40],
    "person": PERSON,
    "list of events": [EVENT, RECORD],
    "nested": {"a": [{"b": ({"person": PERSON},)}]},
    "under another key": {"c": {"payload": MARK, "Family_Name": MARK}},
    "bytes as a key": {MARK.encode(): 1},
}
way = pytest.mark.parametrize("what", WAYS.values(), ids=WAYS.keys())


def test_the_markers_would_be_seen() -> None:
    """Every way of this test carries the marker, so that silence means something."""
    assert all(MARK in repr(what) or MARK in str(what) for what in WAYS.values())


@way
def test_fields_of_our_lines(logged: Logged, what: object) -> None:
    """A field's value never quotes an event, in whatever form it is handed in."""
    structlog.get_logger("hub.test").info("batch_done", thing=what, things=[what], offset=7)

    (line,) = logged()
    assert line["event"] == "batch_done"
    assert line["offset"] == 7
    assert line["level"] == "info"


@way
def test_bound_and_context_variables(logged: Logged, what: object) -> None:
    """What is bound to a logger or to the context is scrubbed like a field."""
    with structlog.contextvars.bound_contextvars(around=what, topic="referrals"):
        structlog.get_logger("hub.test").bind(what=what).warning("parked")

    (line,) = logged()
    assert line["topic"] == "referrals"


@way
def test_positional_arguments_of_our_lines(logged: Logged, what: object) -> None:
    """Positional arguments of our own lines are not written at all."""
    logger = structlog.get_logger("hub.test")
    logger.info("%s", what)
    logger.info("seen %s", what)
    logger.info(f"seen {what}")  # noqa: G004 - done wrongly on purpose
    logger.info(what)
    logger.info("seen", what)  # noqa: PLE1205 - the same

    assert [line["event"] for line in logged()] == [withhold.WITHHELD] * 4 + ["seen"]


def test_an_event_name_is_not_a_sentence(logged: Logged) -> None:
    """A line whose name is not snake_case loses it: a sentence may quote a person."""
    structlog.get_logger("hub.test").info(f"{MARK} has moved")

    assert logged()[0]["event"] == withhold.WITHHELD


@pytest.mark.parametrize("field", sorted(withhold.personal_fields() | withhold.CARRIERS))
def test_every_personal_key(logged: Logged, field: str) -> None:
    """Every field marked personal in the contract is dropped by its key, at any depth."""
    logger = structlog.get_logger("hub.test")
    logger.info("kept", **{field: MARK}, inner={field: MARK, "deeper": [{field.upper(): MARK}]})

    (line,) = logged()
    assert field not in line
    assert line["inner"] == {"deeper": [{}]}


def test_the_contract_marks_names_and_addresses() -> None:
    """The personal fields are found in the contract, in old versions and nested models too."""
    expected = {"family_name", "given_names", "birth_date", "client_id", "street", "note", "phone"}
    assert expected <= withhold.personal_fields()


@way
def test_lines_of_libraries(logged: Logged, what: object) -> None:
    """A library that quotes an event in its message or its arguments says nothing of it."""
    library = logging.getLogger("faust.agents")
    library.setLevel(logging.DEBUG)
    library.warning("Crashed on %s", what)
    library.error("Crashed on %r and %d of %s", what, 3, "referrals")
    library.warning(what)
    library.warning("Crashed on %(what)s", {"what": what})
    library.warning(f"Crashed on {what}")
    library.debug("Payload %s", what)

    lines = logged()
    assert len(lines) == 5
    assert lines[0]["event"].startswith("Crashed on")
    assert lines[1]["event"].endswith("and 3 of referrals")


def test_debug_of_libraries_is_dropped(logged: Logged) -> None:
    """No library gets below INFO, even one that sets its own level and handlers."""
    for name in ("kafka.net.connection", "aiokafka.consumer", "faust", "mode"):
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).debug("request %s", MARK)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
    logging.getLogger("sqlalchemy.engine").info("INSERT %s", MARK)

    assert logged() == []


def test_useful_lines_of_libraries_stay(logged: Logged) -> None:
    """Hosts, topics, numbers and the text of a client's own error are kept."""
    logging.getLogger("kafka.net.manager").warning(
        "Bootstrap connection to %s failed: %s (backoff %.2f secs)",
        "bootstrap-0",
        ConnectionRefusedError(111, "Connection refused"),
        0.5,
    )

    assert logged()[0]["event"] == (
        "Bootstrap connection to bootstrap-0 failed: "
        "ConnectionRefusedError: [111] Connection refused (backoff 0.50 secs)"
    )


def _raise_value_error() -> None:
    raise ValueError(PERSON["family_name"])


def _raise_validation_error() -> None:
    ReferralRequested.model_validate({"client": PERSON | {MARK: MARK}, "service": MARK})


def _raise_bad_date() -> None:
    date.fromisoformat(PERSON["family_name"])


def _raise_key_error() -> None:
    dict[str, str]()[PERSON["family_name"]]


def _raise_unreadable_file() -> None:
    open(f"/nowhere/{PERSON['family_name']}.csv")  # noqa: PTH123, SIM115 - fails at once


def _raise_with_cause() -> None:
    try:
        _raise_value_error()
    except ValueError as error:
        wrapped = Later(2, "the database is away")
        wrapped.add_note(PERSON["family_name"])
        raise wrapped from error


def _raise_in_context() -> None:
    try:
        _raise_validation_error()
    except ValidationError:
        _raise_key_error()


def _raise_group() -> None:
    raise ExceptionGroup(PERSON["family_name"], [ValueError(EVENT), ValueError(RECORD)])


@pytest.mark.parametrize(
    ("fails", "tells"),
    [
        (_raise_value_error, "ValueError"),
        (_raise_validation_error, "enum at service"),
        (_raise_bad_date, "ValueError"),
        (_raise_key_error, "KeyError"),
        (_raise_unreadable_file, "[2] No such file"),
        (_raise_with_cause, "Later: the database is away; try again in 2 s"),
        (_raise_in_context, "ValidationError: "),
        (_raise_group, "ExceptionGroup"),
    ],
)
def test_exceptions(logged: Logged, fails: Callable[[], None], tells: str) -> None:
    """A traceback names type and place, never the values that led to it."""
    try:
        fails()
    except Exception as error:
        structlog.get_logger("hub.test").exception("failed", error=error, errors=[error])
        structlog.get_logger("hub.test").error("failed", exc_info=error)
        logging.getLogger("faust").exception("Agent crashed: %r", error)  # noqa: TRY401 - as Faust does

    lines = logged()
    assert len(lines) == 3
    for line in lines:
        assert tells in line["exception"]
        assert "test_log.py" in line["exception"]


def test_threads_that_die(logged: Logged) -> None:
    """A thread that dies is a log line, not a traceback with values on the terminal."""
    thread = threading.Thread(target=_raise_value_error)
    thread.start()
    thread.join()

    assert logged()[0]["event"] == "thread_crashed"


def test_tasks_that_die(logged: Logged) -> None:
    """What asyncio writes of a failed callback is cut before the arguments it quotes."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(lambda _event: _raise_value_error(), EVENT)
        done = loop.create_future()
        loop.call_soon(done.set_result, None)
        await done

    asyncio.run(main())

    (line,) = logged()
    assert line["event"].startswith("Exception in callback")


def test_a_failed_log_call_is_silent(logged: Logged, capsys: pytest.CaptureFixture[str]) -> None:
    """A log call that does not fit its arguments neither raises nor quotes them."""
    logging.getLogger("faust").warning("%d of %d", EVENT)  # noqa: PLE1206 - done wrongly on purpose

    assert logged()[0]["event"] == "%d of %d"
    assert capsys.readouterr().err == ""


def test_levels(logged: Logged) -> None:
    """Our own lines follow the level asked for; a line carries time, level and module."""
    del logged
    stream = io.StringIO()
    log.set_up(level="WARNING", style="json", stream=stream)
    structlog.get_logger("hub.test").info("too_quiet")
    structlog.get_logger("connectors.test").warning("heard")
    logging.getLogger("kafka").info("too quiet")

    (line,) = [json.loads(text) for text in stream.getvalue().splitlines()]
    assert (line["event"], line["level"], line["logger"]) == ("heard", "warning", "connectors.test")
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None


@pytest.mark.parametrize("color", [True, False])
def test_console(logged: Logged, *, color: bool) -> None:
    """The console style is one readable line, coloured only where asked for."""
    del logged
    stream = io.StringIO()
    log.set_up(style="console", color=color, stream=stream)
    structlog.get_logger("hub.test").info("started", topic="referrals", family_name=MARK)

    text = stream.getvalue()
    assert "started" in text
    assert "referrals" in text
    assert MARK not in text
    assert ("\x1b[" in text) is color


def test_a_record_is_not_a_list() -> None:
    """A record is named by its type although it is a tuple."""
    assert withhold.safe(Record(None, b"x", [])) == "<Record>"
