"""Logging set up once: readable on a terminal, JSON lines elsewhere, never personal data."""

import logging
import re
import sys
import threading
from collections.abc import Mapping
from typing import Any, Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from hub import withhold

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
ForeignLevel = Literal["INFO", "WARNING", "ERROR", "CRITICAL"]
"""Libraries' DEBUG is not offered: it quotes records, requests and passwords."""
Style = Literal["auto", "json", "console"]

OURS: Final = ("hub", "schemas", "connectors")
_FLOORS: Final = {
    "sqlalchemy": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "opentelemetry": logging.CRITICAL,
}
"""Libraries whose INFO quotes what they work on, and one of which we say ourselves what it lost."""
_EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")
_FIRST_WORDS = re.compile(r"[A-Za-z' ]*")


def set_up(
    *,
    level: Level = "INFO",
    foreign_level: ForeignLevel = "WARNING",
    style: Style = "auto",
    color: bool = False,
    stream: TextIO | None = None,
) -> None:
    """Send every log line of the process, ours and the libraries', to one stream (stderr).

    `auto` is `console` on a terminal, else `json`. May be called again; the last call holds.
    """
    out = stream or sys.stderr
    as_json = style == "json" or (style == "auto" and not out.isatty())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            _scrub_ours,
            *_stamps(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(out)
    handler.addFilter(_not_too_talkative)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_scrub_foreign, *_stamps()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _json() if as_json else structlog.dev.ConsoleRenderer(colors=color),
            ],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    _take_over(handler, level, foreign_level)


def _take_over(handler: logging.Handler, level: Level, foreign_level: ForeignLevel) -> None:
    logging.raiseExceptions = False  # its report quotes the arguments of a failed log call
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(foreign_level)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    sys.excepthook = lambda _kind, error, _trace: _last_words("crashed", error)
    threading.excepthook = lambda args: _last_words("thread_crashed", args.exc_value)
    sys.unraisablehook = lambda args: _last_words("not_raised", args.exc_value)


def _last_words(event: str, error: BaseException | None) -> None:
    structlog.get_logger("hub").error(event, exc_info=error)


def _stamps() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _json() -> Processor:
    return structlog.processors.JSONRenderer(
        ensure_ascii=False, default=lambda value: f"<{type(value).__name__}>"
    )


def _not_too_talkative(record: logging.LogRecord) -> bool:
    """Whether a library's record is important enough, whatever level it chose for itself."""
    if hasattr(record, "_logger"):  # set by structlog: it is one of ours
        return True
    floors = (at for name, at in _FLOORS.items() if record.name.startswith(name))
    return record.levelno >= max(logging.root.level, *floors, logging.INFO)


def _scrub_ours(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Our own line: a name in snake_case and safe fields, nothing else."""
    name = event.pop("event", "")
    error = _raised(event.pop("exc_info", None))
    event.pop("positional_args", None)
    event.pop("stack_info", None)
    named = isinstance(name, str) and _EVENT_NAME.fullmatch(name)
    return {"event": name if named else withhold.WITHHELD, **withhold.safe_items(event), **error}


def _scrub_foreign(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's line: its template filled with safe arguments, one line of it."""
    record: logging.LogRecord = event["_record"]
    text = _filled(record.msg, event.pop("positional_args", ()))
    if record.name == "asyncio":  # writes the repr of callbacks and their arguments
        text = _FIRST_WORDS.match(text)[0].strip()  # type: ignore[index]  # matches always
    event.pop("stack_info", None)
    error = _raised(event.pop("exc_info", None))
    return {**event, "event": text, **error}


def _filled(template: object, args: object) -> str:
    if not isinstance(template, str):
        return str(withhold.safe(template))
    known = _objects_named(args)
    try:
        text = template % known if known else template
    except (TypeError, ValueError, KeyError):
        text = template
    return withhold.safe_text(text.partition("\n")[0])


def _objects_named(args: object) -> Any:  # noqa: ANN401 - a tuple or a mapping, as logging takes
    if isinstance(args, Mapping):
        return withhold.safe_items(args)
    return tuple(withhold.safe(one) for one in args) if isinstance(args, tuple) else ()


def _raised(given: object) -> dict[str, str]:
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    return {"exception": withhold.traceback_text(error)} if isinstance(error, BaseException) else {}
