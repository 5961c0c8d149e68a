"""A run of the kit, whole: start a hub, play the cases, judge them, write the report, end it."""

import json
import threading
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from importlib import metadata
from typing import Any, Final, get_args

from hub import wiring
from hub.demo import options as demo
from hub.demo.errors import Interrupted
from hub.demo.parts import Leave, Parts, running
from hub.demo.readiness import await_ready
from hub.demo.waiting import Patience
from hub.errors import HubError
from hub.kit import cases, report
from hub.kit.board import Board
from hub.kit.case import YOU, Role
from hub.kit.options import JSON_FILE, MARKDOWN_FILE, Options
from hub.kit.playing import Player
from hub.kit.roles import cast
from hub.kit.screen import Screen
from hub.kit.watching import Watch
from hub.origins import load
from hub.place_file import load_places

CONNECTORS: Final = ("file_drop", "http_api", "mailbox")
"""What runs beside a worker: the doors to send by, and the mailboxes to collect from."""
LOOK_S: Final = 0.25


def run(options: Options, flags: Mapping[str, object], stop: threading.Event) -> dict[str, Any]:
    """The report, as it was written; every process is ended then. Raises HubError.

    It is written anew whenever a case moves on, so that nothing is lost with the run.
    """
    roles = cast(wiring.parties(load(flags)), load_places(), options.party)
    now = datetime.now(UTC)
    board = Board.of(cases.load(roles, now, options.cases), roles, patient=options.wait)
    screen = Screen()
    _reported(board, options)  # a folder that cannot be written is said before anything starts
    started = demo.Options(
        name="kit",
        connectors=CONNECTORS,
        foreign=options.foreign,
        signed=False,
        encrypted=False,
    )
    with running(started, flags, screen.tell) as parts:
        with suppress(Interrupted):  # what was done by then stands in the report
            await_ready(parts, started, Patience(stop))
            if options.wait:
                screen.where(parts, board)
            _play(board, parts, options, stop, screen)
        said = _reported(board, options)
        keeps_logs = said["failed"] and not options.wait
        parts.leave = Leave.READABLE if keeps_logs else Leave.NOTHING
        if keeps_logs:
            screen.tell(f"Not every case passed; the logs are in {parts.logs}")
        screen.tell("Ending all processes")
    return said


def _play(
    board: Board, parts: Parts, options: Options, stop: threading.Event, screen: Screen
) -> None:
    """Until every case is over, or it is time to stop."""
    you = board.roles.id(YOU)
    last = time.monotonic()
    with closing(Watch(parts, you)) as watch, closing(_player(parts, options)) as player:
        while not (stop.is_set() or board.is_over):
            player.play(board)
            refused = len(board.noted.refused_at_door)
            watch.look(board.noted, LOOK_S)
            if options.wait:
                screen.refused(board.noted.refused_at_door[refused:])
            moved = board.advance()
            if moved:
                last = time.monotonic()
                screen.moved(moved, board, waits=options.wait)
                _reported(board, options)
            elif not options.wait and time.monotonic() - last > options.quiet_s:
                return


def _player(parts: Parts, options: Options) -> Player:
    """Whoever plays the parties that are not the developer's."""
    return Player(
        f"http://127.0.0.1:{parts.port}",
        f"http://127.0.0.1:{parts.mailbox_port}",
        parts.tokens,
        [role for role in get_args(Role) if not (options.wait and role == YOU)],
        lambda: datetime.now(UTC),
    )


def _reported(board: Board, options: Options) -> dict[str, Any]:
    """The report as things stand, written into its files; raises HubError."""
    said = report.as_json(board, datetime.now(UTC), metadata.version("kurze-wege"))
    texts = {
        JSON_FILE: json.dumps(said, ensure_ascii=False, indent=2) + "\n",
        MARKDOWN_FILE: report.as_markdown(said),
    }
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (options.folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"The report cannot be written: {error.strerror}."
        remedy = "Name a folder this user may write."
        raise HubError(what, where=str(options.folder), remedy=remedy) from error
    return said
