"""Which letters a page of the desk is about: those of a cause, or one."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.letters.letter import Letter
from hub.letters.replay import Step
from hub.letters.shelf import Cause, Kept, Status
from hub.pages.forms import posted

MARK_DIGITS: Final = 12
CAUSE: Final = "/dead/{mark}"
LETTER: Final = "/dead/letters/{topic}/{partition}/{offset}"


class Chosen(NamedTuple):
    """Letters, and the page they were chosen on."""

    letters: frozenset[str]
    address: str
    name: str
    """What they died of, or the letter's id."""


Choose = Callable[[Request, Sequence[Kept]], Chosen]
Show = Callable[[Choose, Request], Response]
Do = Callable[[Choose, Request, FormData], Response]


def mark(cause: Cause) -> str:
    """What tells a cause from others in an address."""
    return _mark(cause.codes, cause.event_type, cause.sender)


def letter_id(request: Request) -> str:
    """The letter that an address names."""
    said = request.path_params
    return f"{said['topic']}/{said['partition']}/{said['offset']}"


def open_ones(kept: Sequence[Kept], chosen: Chosen) -> list[Letter]:
    """Those of which nothing has become yet, in the order of death."""
    found = (one for one in kept if one.status is Status.OPEN)
    return [one.letter for one in found if one.letter.id in chosen.letters]


def version(steps: Sequence[Step] | Sequence[Letter]) -> str:
    """Changes with what was shown: whoever confirms has seen the very same."""
    said = (
        (one.letter.id, one.fate, one.because) if isinstance(one, Step) else one.id for one in steps
    )
    return hashlib.sha256(repr(list(said)).encode()).hexdigest()


def of_cause(request: Request, kept: Sequence[Kept]) -> Chosen:
    """The letters of a cause; raises HTTPException where there is no such cause."""
    wanted = request.path_params["mark"]
    found = [one.letter for one in kept if _mark_of(one.letter) == wanted]
    if not found:
        raise HTTPException(404)
    address, codes = f"/dead/{wanted}", ", ".join(found[0].codes)
    return Chosen(frozenset(one.id for one in found), address, codes)


def of_letter(request: Request, kept: Sequence[Kept]) -> Chosen:
    """One letter; raises HTTPException where there is none."""
    wanted = letter_id(request)
    if not any(one.letter.id == wanted for one in kept):
        raise HTTPException(404)
    return Chosen(frozenset({wanted}), f"/dead/letters/{wanted}", wanted)


def _mark_of(letter: Letter) -> str:
    return _mark(letter.codes, letter.attributes.get("type", ""), letter.sender)


def _mark(codes: Sequence[str], event_type: str, sender: str) -> str:
    name = "|".join((*codes, event_type, sender))
    return hashlib.sha256(name.encode()).hexdigest()[:MARK_DIGITS]


WAYS: Final[Sequence[tuple[str, Choose]]] = ((CAUSE, of_cause), (LETTER, of_letter))
"""Each address of a choice, and how it is read."""


def routes(verb: str, show: Show, do: Do, done_as: str) -> list[Route]:
    """The page `<choice>/<verb>` and the form on it, of a cause and of a letter.

    The page's address is called after the verb, the form's `done_as`.
    """
    found = []
    for place, choose in WAYS:
        address = f"{place}/{verb}"
        found += [
            Route(address, partial(show, choose), methods=["GET"], name=verb),
            Route(address, posted(partial(do, choose)), methods=["POST"], name=done_as),
        ]
    return found
