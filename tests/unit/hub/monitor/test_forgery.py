"""What does not prove its sender is an alarm until somebody has looked at each of it."""

from datetime import timedelta
from typing import Final

import pytest

from hub.board.dying import Died, Holding
from hub.language import Language
from hub.letters.journal import Act, Entry
from hub.letters.letter import letter
from hub.monitor.forgery import CODES, Forgery, Unproven, forgeries
from hub.monitor.look import Ends
from hub.monitor.memory import Memory
from hub.monitor.observing import observe
from hub.monitor.states import Severity, State
from hub.monitor.watch import Watch
from hub.monitor.wording import Names, said
from hub.operations.dying import unproven
from schemas.codec import encode
from schemas.problems import ProblemCode
from tests.support.builders import EPPERTSHAUSEN, a_referral
from tests.support.looks import AT, look

NAMES: Final = Names({EPPERTSHAUSEN: "Eppertshausen"}, "hub")
FOUND: Final = forgeries(
    Unproven(EPPERTSHAUSEN, AT + timedelta(minutes=n), f"referrals.dead/0/{n}", (code,))
    for n, code in enumerate(("signature-invalid", "signature-missing"))
)


def seen(memory: Memory, found: tuple[Forgery, ...] | None) -> tuple[Memory, tuple[State, ...]]:
    """What is remembered after a poll, and which incidents are open."""
    after, snapshot = observe(memory, look(AT, {}, Ends(0, 0, 0)), (), Watch(), found)
    return after, tuple(one.state for one in snapshot.incidents)


def test_those_that_claim_one_sender_are_one_incident() -> None:
    """One alarm for a party, with how many there are, since when, and where the last lies."""
    (forgery,) = FOUND
    assert forgery == Forgery(
        EPPERTSHAUSEN,
        AT,
        2,
        "referrals.dead/0/1",
        ("signature-invalid", "signature-missing"),
    )
    assert State.FORGED.severity is Severity.ALARM


def test_it_is_open_for_as_long_as_something_lies_there() -> None:
    """It opens with the first, and closes when the last was replayed or put aside."""
    memory, open_ones = seen(Memory(), FOUND)
    assert open_ones == (State.FORGED,)
    memory, open_ones = seen(memory, None)
    assert open_ones == (State.FORGED,)
    _, open_ones = seen(memory, ())
    assert open_ones == ()


@pytest.mark.parametrize("language", Language)
def test_it_says_whom_to_call(language: Language) -> None:
    """The text names the party, the count, the reasons and the letter, and nothing of a content."""
    memory, _ = seen(Memory(), FOUND)
    text = said(memory.incidents[0], language, NAMES, AT)
    assert "Eppertshausen" in text.what
    assert "signature-invalid, signature-missing" in text.what
    assert "referrals.dead/0/1" in text.what
    assert "2 " in text.what


def test_a_sender_that_cannot_be_read_has_an_incident_too() -> None:
    """Garbage without a source is told, and concerns everybody."""
    memory, _ = seen(Memory(), forgeries([Unproven("", AT, "referrals.dead/0/0", ("x",))]))
    assert "unknown" in said(memory.incidents[0], Language.ENGLISH, NAMES, AT).what


def test_only_open_letters_of_these_codes_count() -> None:
    """Another refusal is no forgery, and what was put aside is done."""
    record = encode(a_referral())
    holding = Holding()
    codes = ("signature-missing", "too-late", "signing-key-revoked")
    holding.take(
        letter(
            "referrals.dead", 0, n, 0, record._replace(headers=[*record.headers, _problem(code)])
        )
        for n, code in enumerate(codes)
    )
    holding.note(
        [Entry(act=Act.DISCARDED, letter="referrals.dead/0/2", at=AT, by="anna", reason="known")]
    )
    found = unproven(holding.died(AT))
    assert found is not None
    assert [(one.party, one.number, one.codes) for one in found] == [
        (EPPERTSHAUSEN, 1, ("signature-missing",))
    ]
    assert unproven(None) is None
    assert unproven(Died(AT)) == ()


def _problem(code: str) -> tuple[str, bytes]:
    return "hub-problems", code.encode()


def test_every_code_of_a_signature_is_told() -> None:
    """A new code that begins like these is not forgotten."""
    assert {code for code in ProblemCode if code.startswith("sign")} == CODES
