"""One file on its way: looked at, handed out batch by batch, put away."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import structlog

from connectors.base import Batch
from connectors.file_drop.claim import Claim
from connectors.file_drop.journal import Journal
from connectors.file_drop.names import pseudonym
from connectors.file_drop.opening import NothingGoes, OwnMappings, open_claim
from connectors.file_drop.options import FileDropOptions
from connectors.file_drop.reading import FileRefused, Format, Line
from connectors.file_drop.report import entries_of, entry_of
from schemas.data import Data
from schemas.envelope import Event

log = structlog.get_logger(__name__)
Steps = Generator[Sequence[Event[Data]] | None, None, None]


class Work:
    """A claimed file. Call `step` until it is `over`, acknowledging each batch before the next.

    An acknowledged batch is noted in the journal, the last one by putting the file away; whoever
    takes the file up again goes on behind it. What was not acknowledged is handed out again,
    with the same ids.
    """

    def __init__(self, claim: Claim, options: FileDropOptions, own_mappings: OwnMappings) -> None:
        """Take it up where its journal ends. Raises OSError."""
        self.over = False
        self._claim = claim
        self._options = options
        self._own_mappings = own_mappings
        self._journal = claim.journal() or Journal(size=claim.size())
        self._ahead = self._journal
        self._last = False
        self._tail = b""
        claim.go_back(self._journal)
        self._steps = self._run()

    def step(self, time_is_up: Callable[[], bool]) -> Batch | None:
        """The next batch; None if time is up or the file is over. Raises OSError."""
        for events in self._steps:
            if events is not None:
                return Batch(events, self._acknowledge)
            if time_is_up():
                break
        return None

    def close(self) -> None:
        """Let go of the file; what is not acknowledged by now will be handed out again."""
        if not self.over:
            self.over = True
            self._steps.close()
            self._claim.close()

    def _acknowledge(self) -> None:
        if self.over:
            return
        self._journal = self._ahead
        if self._last:
            self._put_away(refused=self._journal.refused > 0 and not self._journal.events)
        else:
            self._claim.keep(self._journal)

    def _run(self) -> Steps:
        try:
            opened, self._journal = yield from open_claim(
                self._claim, self._journal, self._options.mode, self._own_mappings
            )
            yield from self._hand_out(opened)
        except NothingGoes as nothing:
            self._journal = nothing.journal
            self._put_away(refused=True)
        except FileRefused as refusal:
            self._claim.report(entry_of(refusal))
            self._put_away(refused=True)

    def _hand_out(self, opened: Format) -> Steps:
        events: list[Event[Data]] = []
        size = 0
        self._ahead = self._journal
        for line in opened.read(self._journal.place):
            if line is None:
                yield None
                continue
            if line.event is None:
                self._refuse(line, opened)
            else:
                events.append(line.event)
                size += line.size
                self._ahead = self._ahead.past(line.after, events=1)
            if len(events) >= self._options.batch_events or size >= self._options.batch_bytes:
                yield events
                events, size = [], 0
            yield None
        yield from self._finish(events, opened)

    def _refuse(self, line: Line, opened: Format) -> None:
        report = self._claim.report(entries_of(line))
        rejected = self._ahead.rejected_bytes
        if line.raw:
            rejected = self._claim.give_back(line.raw, opened.head)
        ahead = self._ahead.past(line.after, refused=1)
        self._ahead = replace(ahead, report_bytes=report, rejected_bytes=rejected)

    def _finish(self, events: Sequence[Event[Data]], opened: Format) -> Steps:
        if opened.name == "jsonl" and not self._ahead.lines:
            raise FileRefused("There is nothing but blank lines in the file.")
        self._last = True
        self._tail = opened.tail
        if events:
            yield events
        else:
            self._acknowledge()

    def _put_away(self, *, refused: bool) -> None:
        claim, journal = self._claim, self._journal
        if claim.size() != journal.size:
            refused = True
            claim.report(entry_of(_changed(journal)))
        elif self._last and journal.refused:
            claim.keep(journal)  # the report is not to be written twice
        claim.put_away(refused=refused, tail=self._tail)
        self.over = True
        claim.close()
        log.info(
            "file_refused" if refused else "file_done",
            party=claim.party,
            file=pseudonym(claim.name),
            lines=journal.lines,
            events=journal.events,
            refused=journal.refused,
        )


def _changed(journal: Journal) -> FileRefused:
    detail = (
        "Somebody wrote to the file after it had been taken. "
        f"{journal.events} events of it have gone; hand in what is missing in a new file."
    )
    return FileRefused(detail, journal.line)
