"""The kit's judge: what passes, what does not, and in which words it says so."""

import json

import pytest

from hub.kit.case import Role
from hub.kit.course import Result
from hub.kit.noted import Noted
from hub.kit.report import as_json, as_markdown, missing, rows
from schemas.envelope import Event
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.vocabulary import Verdict
from tests.support.kit import CASES, NOW, ROLES, Table, read

NEIGHBOUR = ROLES.id("neighbour")
JOBCENTER = ROLES.id("jobcenter")
YOU = ROLES.id("you")
ADDRESS = {"street": "Geheimweg", "house_number": "1", "postal_code": "64859", "city": "Ort"}


@pytest.mark.parametrize("case", CASES)
def test_every_case_passes_on_the_real_rules(case: str) -> None:
    """Said as the case says it, the hub's own rules lead to what the case expects."""
    table = Table(case)
    table.play()
    course = table.course(case)
    assert (course.result, missing(course)) == (Result.PASSED, [])
    assert course.found == CASES[case].states


def test_all_at_once() -> None:
    """Side by side no case takes another's events."""
    table = Table()
    table.play()
    assert {course.result for course in table.board.courses} == {Result.PASSED}
    assert table.board.is_over
    assert not table.board.strangers


def leak(noted: Noted) -> None:
    """A hub that shows a blocked address."""
    for (party, name), event in list(noted.said.items()):
        if party == NEIGHBOUR and isinstance(event.data, AddressChangeReported):
            shown = event.data.model_dump() | {"new_address": ADDRESS}
            noted.said[party, name] = Event(
                event.context, AddressChangeReported.model_validate(shown)
            )


def test_a_blocked_address_that_is_shown() -> None:
    """The case fails, says which field, and what the neighbour must not know; no address."""
    table = Table("address-blocked", meddle=leak)
    table.play()
    course = table.course("address-blocked")
    assert course.result is Result.FAILED
    name = ROLES.name("neighbour")
    assert course.remarks == [
        f"{name}: address-change.reported shows new_address, which must be left out.",
        f"{name}: should know 'move, address left out', knows 'new address'.",
    ]
    assert "Geheimweg" not in json.dumps(as_json(table.board, NOW, "0"))


def tell_nobody(noted: Noted) -> None:
    """A hub that sends what came in last to nobody."""
    where, line = list(noted.lines.items())[-1]
    changed = line.model_dump() | {"recipients": (), "delivery_ids": ()}
    noted.lines[where] = LedgerRecorded.model_validate(changed)


def test_a_recipient_that_is_left_out() -> None:
    """The hub says that it told nobody: the case fails and names who should have got what."""
    table = Table("referral-accepted", meddle=tell_nobody)
    table.play()
    course = table.course("referral-accepted")
    assert course.result is Result.FAILED
    assert course.remarks[0] == f"{ROLES.name('jobcenter')}: no referral.requested came."


def test_a_copy_that_is_still_under_way() -> None:
    """What the ledger tells of and nobody has got yet is waited for, not judged."""

    def lose(noted: Noted) -> None:
        for name in [name for name in noted.said if name[0] == JOBCENTER]:
            del noted.said[name]

    table = Table("referral-accepted", meddle=lose)
    table.step()
    course = table.course("referral-accepted")
    assert course.is_open
    assert missing(course) == ["The hub has not answered it yet."]


def test_a_repeat_that_is_delivered_twice() -> None:
    """Whatever nobody expected fails the case."""
    table = Table("sent-twice")
    table.step()
    course = table.course("sent-twice")
    table.noted.said.clear()
    again = table.said_in(course)
    table.hub.forget(b"seen/")
    table.hub.forget(b"referral/")
    table.hub.forget(b"case/")
    table.says(again)
    table.board.advance()
    assert course.result is Result.FAILED
    assert f"{ROLES.name('jobcenter')}: referral.requested came, which nobody expected." in (
        course.remarks
    )
    assert "You: receipt.delivered does not have repeated = True." in course.remarks


def test_a_developer_may_try_again() -> None:
    """An event that is refused is said to be so, with its code; the next one counts."""
    table = Table("move-within", patient=True)
    course = table.course("move-within")
    table.says(table.said_in(course, legalbasis="sgb2-16a"))
    table.board.advance()
    assert course.is_open
    assert missing(course) == [
        f"Step 1 of 1, You: {course.step.says}",
        f"Tried before: {ROLES.name('jobcenter')}: no address-change.reported came.",
        "Tried before: You: no receipt.delivered came.",
        "Tried before: You: the hub refused it: legal-basis-not-permitted (legalbasis).",
        "Tried before: You: should know 'new address', knows 'nothing'.",
        f"Tried before: {ROLES.name('jobcenter')}: should know 'new address', knows 'nothing'.",
    ]
    table.says(table.said_in(course))
    table.board.advance()
    assert course.result is Result.PASSED
    assert missing(course) == []


def test_without_patience_it_fails_at_once() -> None:
    """What the kit says itself has one try."""
    table = Table("move-within")
    course = table.course("move-within")
    table.says(table.said_in(course, legalbasis="sgb2-16a"))
    table.board.advance()
    assert course.result is Result.FAILED


def test_a_subject_that_was_used_before() -> None:
    """A second matter on an old case id is not what the case is about."""
    table = Table("move-within", "referral-accepted", patient=True)
    move, referral = table.course("move-within"), table.course("referral-accepted")
    table.says(table.said_in(move, subject="old") | {"data": _elsewhere(table)})
    table.says(table.said_in(move, subject="old"))
    table.board.advance()
    assert "The subject was used before: take one of its own for each case." in move.remarks
    assert referral.is_open


def _elsewhere(table: Table) -> object:
    event = table.course("move-within").step.event
    assert event is not None
    return event.data | {"new_ags": NEIGHBOUR}


def test_what_nobody_waits_for() -> None:
    """An event that fits no case, and one that comes at the wrong time, are told by their type."""
    table = Table("referral-to-you", patient=True)
    course = table.course("referral-to-you")
    table.step()
    offer = {
        "type": "support-offer.withdrawn.v1",
        "purpose": "directory",
        "legalbasis": "sgb1-17",
        "dataclassification": "public",
        "subject": "offer-9",
        "data": {"reason": "no_longer_offered"},
    }
    other = Table("move-within")
    table.says(other.said_in(other.course("move-within"), **offer))
    table.board.advance()
    assert table.board.strangers == ["support-offer.withdrawn"]
    assert course.is_open


def test_collecting_is_acknowledging() -> None:
    """A delivery that was only fetched is not collected; acknowledged it is."""
    table = Table("referral-to-you")
    course = table.course("referral-to-you")
    table.step()
    assert course.step.collects == "referral.requested"
    assert not course.go_on(table.noted)
    table.noted.collected.add("some-other-delivery")
    assert not course.go_on(table.noted)
    table.play()
    assert course.result is Result.PASSED


def test_a_refusal_at_the_door_has_its_code() -> None:
    """Another code is not the one the case is about."""
    table = Table("refused-at-the-door")
    course = table.course("refused-at-the-door")
    table.noted.refused_at_door.append("purpose-missing")
    assert not table.board.advance()
    table.noted.refused_at_door.append("legal-basis-missing")
    assert table.board.advance() == [course]


def test_what_a_timer_says_is_nobodys_step() -> None:
    """A reminder's ledger line belongs to no record."""
    noted = Noted()
    line = LedgerRecorded(
        verdict=Verdict.TIMED, topic="referrals", partition=-1, offset=-1, received_at=NOW
    )
    noted.line(line)
    assert not noted.lines


@pytest.mark.parametrize("role", ["you", "jobcenter", "neighbour"])
def test_the_report_names_every_party(role: Role) -> None:
    """Expected and found states stand side by side, by the party's id."""
    table = Table("offer-withdrawn")
    table.play()
    said = as_json(table.board, NOW, "0.1.0")
    (case,) = said["cases"]
    assert case["states"]["gamma"][ROLES.id(role)] == {
        "expected": "offer withdrawn",
        "found": "offer withdrawn",
    }


def test_the_report_for_people() -> None:
    """Counts, each case with its result, and what is missing in plain words; nothing personal."""
    table = Table("referral-accepted", "move-within", "sent-twice")
    done = table.course("move-within")
    table.says(table.said_in(done))
    table.board.advance()
    said = as_json(table.board, NOW, "0.1.0")
    text = as_markdown(said)
    assert (said["passed"], said["failed"], said["open"]) == (1, 0, 2)
    assert "1 of 3 cases passed" in text
    assert "| move-within | passed |" in text
    assert "| alpha | 06432005 | nothing | not seen |" in text
    assert f"- Step 1 of 3, You: {table.course('referral-accepted').step.says}" in text
    assert [row[:2] for row in rows(said)] == [
        ("move-within", "passed"),
        ("referral-accepted", "open"),
        ("sent-twice", "open"),
    ]
    assert "Muster" not in text
    assert read(table.said_in(done)).context.party == YOU
