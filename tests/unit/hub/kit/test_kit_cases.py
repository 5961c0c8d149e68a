"""The kit's cases are what they claim to be, and can be told apart."""

import re
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hub.errors import UsageError
from hub.kit.case import YOU, Case
from hub.kit.cases import load
from hub.kit.course import Result
from hub.kit.judging import is_meant
from hub.kit.roles import cast
from hub.place_file import load_places
from schemas.events import BY_WIRE_TYPE
from schemas.topics import HANDED_IN, HUB_EVENTS
from tests.support.answers import DISTRICT
from tests.support.kit import CASES, NOW, ROLES, Table

TOWNS = [party.id for party in DISTRICT.party if party.kind == "municipality"]
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@each_case
def test_every_case_says_what_it_is_for(case: Case) -> None:
    """Title, purpose and steps are sentences; types exist; every type that is expected can come."""
    assert case.title
    assert case.proves.endswith(".")
    for step in case.step:
        assert step.says.endswith(".")
        assert "{{" not in step.model_dump_json()
        if step.event is not None:
            assert BY_WIRE_TYPE[step.event.type].TYPE in HANDED_IN
        for expected in step.expected:
            assert expected.type in (*HANDED_IN, *HUB_EVENTS)


@each_case
def test_every_case_is_yours(case: Case) -> None:
    """In each case the developer's connector has something to do."""
    assert any(step.by == YOU for step in case.step)


def test_the_kit_has_the_cases_that_were_asked_for() -> None:
    """Referral, refusal, both moves, the block, offers, a repeat and malformed input."""
    assert CASES.keys() >= {
        "referral-accepted", "referral-rejected", "move-within", "move-to-neighbour",
        "address-blocked", "offer-withdrawn", "sent-twice", "refused-at-the-door",
    }  # fmt: skip


@pytest.mark.parametrize("town", TOWNS)
def test_every_town_can_play(town: str) -> None:
    """All cases pass on the hub's own rules, whichever municipality the developer is."""
    roles = cast(DISTRICT, load_places(), town)
    assert roles.id("you") == town
    assert len({roles.id(role) for role in roles.parties}) == 3
    table = Table(roles=roles)
    table.play()
    assert {course.result for course in table.board.courses} == {Result.PASSED}


def test_the_neighbour_is_one() -> None:
    """Eppertshausen's neighbour has a border with it."""
    assert load_places().borders(ROLES.id("you"), ROLES.id("neighbour"))


def test_first_steps_can_be_told_apart() -> None:
    """No event that begins one case is taken for the beginning of another."""
    table = Table()
    for one, other in permutations(table.board.courses, 2):
        if one.step.refused_at_door or other.step.refused_at_door or one.step.by != other.step.by:
            continue
        table.says(table.said_in(one))
        event = list(table.noted.inputs.values())[-1]
        assert is_meant(one.step, event)
        assert not is_meant(other.step, event), (one.case.id, other.case.id)


def test_a_party_that_is_no_municipality() -> None:
    """The cases are a municipality's; the error names those there are."""
    with pytest.raises(UsageError) as refused:
        cast(DISTRICT, load_places(), "kfb")
    assert "06432005" in refused.value.remedy


def test_a_case_that_is_not_there() -> None:
    """The error names those there are."""
    with pytest.raises(UsageError) as refused:
        load(ROLES, NOW, ["referral-lost"])
    assert (refused.value.where, "sent-twice" in refused.value.remedy) == ("referral-lost", True)


def test_the_readme_has_every_case_and_every_module() -> None:
    """Whoever reads it finds each case and each file, and none that is gone."""
    readme = Path("hub/kit/README.md").read_text(encoding="utf-8")
    table = readme.partition("| case | you |")[2].partition("## ")[0]
    modules = {path.name for path in Path("hub/kit").glob("*.py")} - {"__init__.py", "options.py"}

    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == CASES.keys()
    assert set(re.findall(r"`([a-z]+\.py)`", readme)) == modules


def test_only_some_cases() -> None:
    """Those that are named, in the order of their files."""
    found = load(ROLES, NOW, ["sent-twice", "move-within"])
    assert [case.id for case in found] == ["move-within", "sent-twice"]


STEP: dict[str, Any] = {
    "by": "you",
    "says": "Say something.",
    "event": {
        "type": "referral.requested.v1",
        "purpose": "benefits",
        "dataclassification": "social",
        "data": {},
    },
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": [STEP | {"again": True}]},
        {"step": [STEP | {"event": None}]},
        {"step": [STEP | {"event": None, "again": True}]},
        {"step": [STEP, STEP | {"event": None, "collects": "referral.requested", "by": "kfb"}]},
        {"step": [STEP, {"by": "jobcenter", "says": "Collects it.", "collects": "x"}]},
        {"step": [STEP | {"leads_to": "gamma"}]},
        {"step": [STEP], "states": {"beta": {"you": "nothing"}}},
        {"step": []},
        {"step": [STEP | {"expects": []}]},
    ],
)
def test_a_case_that_cannot_be_meant(wrong: dict[str, Any]) -> None:
    """A step is one thing, every state is led to, and no word is misspelt."""
    with pytest.raises(ValidationError):
        Case.model_validate({"id": "x", "title": "X", "proves": "X."} | wrong)
