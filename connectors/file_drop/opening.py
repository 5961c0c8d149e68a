"""A claimed file is looked at before any of it goes."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from connectors.file_drop.claim import Claim
from connectors.file_drop.formats import digest_of, format_named, open_format
from connectors.file_drop.journal import Journal
from connectors.file_drop.options import Mode
from connectors.file_drop.reading import FileRefused, Format, Place
from connectors.file_drop.report import entries_of
from connectors.file_drop.table_mapping import TableMapping

OwnMappings = Callable[[], Sequence[TableMapping]]


class NothingGoes(Exception):
    """A bad line refuses the whole file; its report is written."""

    def __init__(self, journal: Journal) -> None:
        """Keep what was counted."""
        super().__init__(f"{journal.refused} of {journal.lines} lines are bad")
        self.journal = journal


def open_claim(
    claim: Claim, journal: Journal, mode: Mode, own_mappings: OwnMappings
) -> Generator[None, None, tuple[Format, Journal]]:
    """The file in its format, and the journal with what is known of it now.

    A file that was looked at before is not looked at again. Raises FileRefused, NothingGoes, and
    OSError if there is no room for the journal: then nothing of the file must go.
    """
    content = claim.open()
    if not journal.size:
        raise FileRefused("The file is empty.")
    digest = journal.digest
    if format_named(claim.name) != "jsonl" and not digest:
        digest = yield from digest_of(content)
    opened = open_format(content, claim.name, claim.party, digest, own_mappings)
    if not journal.checked:
        yield from opened.check()
        if mode is Mode.WHOLE:
            yield from _find_bad_lines(claim, journal, opened)
    journal = replace(journal, digest=digest, checked=True)
    claim.keep(journal)
    return opened, journal


def _find_bad_lines(claim: Claim, journal: Journal, opened: Format) -> Generator[None, None, None]:
    lines = bad = 0
    for line in opened.read(Place()):
        if line is not None:
            lines += 1
            if line.findings:
                bad += 1
                claim.report(entries_of(line))
        yield None
    if bad:
        raise NothingGoes(replace(journal, lines=lines, refused=bad))
