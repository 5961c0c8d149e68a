"""The desk of dead letters as a process that runs on has it: the same code as `hub dead`."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import structlog

from hub.audit.keeping import NotAudited
from hub.board.dying import emptied
from hub.errors import HubError
from hub.letters.desk import Ask, Busy, Failure, Looked, Run
from hub.letters.journal import Act
from hub.letters.letter import Letter
from hub.letters.replay import Fate, Step, plan
from hub.letters.shelf import Kept
from hub.operations import dead_letters, watched
from hub.operations.replaying import NotJudged, Replay
from hub.settings import Settings

REMEMBERED: Final = 50
"""So many runs can still be looked at; what was done stands in the journal."""
log = structlog.get_logger()


class LettersDesk:
    """One hub's. One run at a time: a second operator is told whose."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read before somebody asks."""
        self._settings = settings
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="replay")

    def look(self, letter: str) -> Looked | None:
        """The letter with this id; raises BrokerUnavailable."""
        found = dead_letters.one_letter(self._settings, letter)
        if found is None:
            return None
        kept, acts = found
        return Looked(kept, acts[::-1], dead_letters.check(self._settings)(kept.letter))

    def letters(self) -> list[Kept]:
        """Every letter as it lies there now; raises BrokerUnavailable."""
        return dead_letters.letters(self._settings)

    def plan(self, kept: Sequence[Kept], chosen: Collection[str]) -> list[Step]:
        """What would become of the chosen letters today."""
        return plan(kept, chosen, dead_letters.check(self._settings))

    def note(self, act: Act, letters: Collection[str], who: str, reason: str) -> None:
        """Append to the journal; raises BrokerUnavailable."""
        dead_letters.note(self._settings, act, letters, who, reason)

    def replay(self, ask: Ask, steps: Sequence[Step], per_second: float) -> Run:
        """Begin a run, or find it begun; raises Busy. What is remembered of it has no content."""
        with self._lock:
            if ask.run in self._runs:
                return self._runs[ask.run]
            if other := self.running():
                raise Busy(other)
            kept = [one._replace(letter=emptied(one.letter)) for one in steps]
            run = self._runs[ask.run] = Run(ask, kept, watched.now())
            while len(self._runs) > REMEMBERED:
                self._runs.popitem(last=False)
        log.info("replay_begun", run=ask.run, letters=len(steps))
        ready = [one.letter for one in steps if one.fate is Fate.SEND]
        self._pool.submit(self._send, run, ready, per_second).add_done_callback(_tell_fault)
        return run

    def run(self, run: str) -> Run | None:
        """The run of this mark."""
        return self._runs.get(run)

    def running(self) -> Run | None:
        """The one that is under way."""
        return next((run for run in list(self._runs.values()) if run.ended_at is None), None)

    def close(self) -> None:
        """Stop what is under way; what was sent is waited for."""
        for run in self._runs.values():
            run.stop.set()
        self._pool.shutdown()

    def _send(self, run: Run, ready: Sequence[Letter], per_second: float) -> None:
        ask = run.ask
        failed: Failure | None = Failure.FAULT
        try:
            replay = Replay(self._settings, ready, ask.who, ask.reason, per_second, run.stop)
            for result in replay.run():
                run.results.append(result._replace(letter=emptied(result.letter)))
            failed = None
        except (HubError, NotAudited) as error:
            failed = _failure(error)
            log.warning("replay_failed", run=ask.run, why=str(error))
        finally:
            run.failed, run.ended_at = failed, watched.now()
            log.info("replay_ended", run=ask.run, results=len(run.results))


def _failure(error: HubError | NotAudited) -> Failure:
    if isinstance(error, NotAudited):
        return Failure.NOT_AUDITED
    return Failure.NOT_JUDGED if isinstance(error, NotJudged) else Failure.NO_BROKER


def _tell_fault(job: Future[None]) -> None:
    """A fault of ours is loud; its message may hold content, so it ends here."""
    if fault := job.exception():
        log.error("replay_fault", error=type(fault).__name__)
