"""Letters as rows of a table: which, what becomes of it in words, and because of what."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from hub.board import words
from hub.board.wording import Wording
from hub.letters.letter import Letter
from hub.letters.replay import Step
from hub.letters.sending import Result
from hub.pages.marking import N_

STOPPED: Final = N_("stopped before it was sent")
WAITS: Final = N_("waits for an earlier letter of its case")


class Row(NamedTuple):
    """One letter."""

    letter: Letter
    what: str
    because: str


def planned(steps: Iterable[Step], say: Wording) -> list[Row]:
    """What would become of each."""
    return [Row(one.letter, say.text(words.FATES[one.fate]), one.because) for one in steps]


def judged(results: Iterable[Result], say: Wording) -> list[Row]:
    """What has become of each."""
    return [_judged(one, say) for one in results]


def open_ones(letters: Iterable[Letter]) -> list[Row]:
    """What each died of."""
    return [Row(one, one.attributes.get("type", ""), ", ".join(one.codes)) for one in letters]


def _judged(one: Result, say: Wording) -> Row:
    if one.outcome is not None:
        return Row(one.letter, say.text(words.ACTS[one.outcome.act]), one.outcome.says)
    stopped = one.because == "stopped"
    return Row(one.letter, say.text(STOPPED if stopped else WAITS), "" if stopped else one.because)
