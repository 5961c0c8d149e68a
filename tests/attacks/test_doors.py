"""Whatever is asked by HTTP is answered, never by a fault of ours, and refused with a code."""

from collections.abc import Iterator

import pytest

from tests.attacks import doors
from tests.attacks.fuzzing import attacked

AT_THE_SITE = 25


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    doors.close()


def test_any_structured_event() -> None:
    """A structured event is published or refused with codes."""
    attacked(doors.ATTACKS["structured events"], AT_THE_SITE)


def test_any_batch() -> None:
    """A batch is published whole or not at all."""
    attacked(doors.ATTACKS["batches"], AT_THE_SITE)


def test_any_binary_event() -> None:
    """An event in headers is published or refused with codes."""
    attacked(doors.ATTACKS["binary events"], AT_THE_SITE)


def test_any_request_to_the_door() -> None:
    """Any method, address and headers at the HTTP door."""
    attacked(doors.ATTACKS["requests to the door"], AT_THE_SITE)


def test_any_request_to_the_mailbox() -> None:
    """Any method, address and headers at the mailbox."""
    attacked(doors.ATTACKS["requests to the mailbox"], AT_THE_SITE)


def test_any_request_to_the_directory() -> None:
    """Any method, address and parameters at the open directory."""
    attacked(doors.ATTACKS["requests to the directory"], AT_THE_SITE)


def test_any_token() -> None:
    """Nothing but a token of ours opens a door."""
    attacked(doors.token, AT_THE_SITE)


def test_any_page() -> None:
    """Any address of the back office, signed in or not; no header is injected, no way leads out."""
    attacked(doors.desk, AT_THE_SITE)


def test_any_request_to_the_board() -> None:
    """Any method, address and headers at the operations board."""
    attacked(doors.board, AT_THE_SITE)


def test_any_form() -> None:
    """Any form of the back office with any fields."""
    attacked(doors.form, AT_THE_SITE)


def test_any_form_at_the_board() -> None:
    """Any form of an operator's with any fields, signed in."""
    attacked(doors.board_form, AT_THE_SITE)
