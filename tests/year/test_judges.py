"""The judge of a year tells a right one from one in which a single thing went wrong."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict
from datetime import timedelta
from typing import Final

import pytest

from tests.year.judge.heard import Heard, keys_of
from tests.year.judge.standing import differences
from tests.year.judge.verdict import judge
from tests.year.oracle.oracle import expect
from tests.year.rehearsal import Rehearsal
from tests.year.script.script import Plan, write

SCRIPT: Final = write(Plan(seed=2, days=12, referrals=120, moves=60, offers=10))
EXPECTED: Final = expect(SCRIPT)
RIGHT: Final = Rehearsal().play(SCRIPT)
DELIVERED: Final = next(told for told in EXPECTED.told if told.copies)
REFUSED: Final = next(told for told in EXPECTED.told if told.refused)
HIDDEN: Final = next((told, copy) for told in EXPECTED.told for copy in told.copies if copy.hidden)
REMINDED: Final = next(key for key, said in RIGHT.reminders.items() if len(said) == 1)


def _nothing(_heard: Heard) -> None:
    return


def _a_copy_is_lost(heard: Heard) -> None:
    del heard.seen[keys_of(DELIVERED)[1]]


def _a_copy_comes_twice(heard: Heard) -> None:
    heard.seen[keys_of(DELIVERED)[1]] += 1


def _nobody_said_it(heard: Heard) -> None:
    heard.seen["kfb", "//kurze-wege/x/y", "no-such-id", "referral.requested"] += 1


def _a_new_type(heard: Heard) -> None:
    heard.strange["support-offer.praised"] += 1


def _a_mistake_is_accepted(heard: Heard) -> None:
    context = REFUSED.saying.event.context
    heard.seen[context.party, context.source, context.id, "receipt.delivered"] += 1


def _a_right_step_is_refused(heard: Heard) -> None:
    del heard.seen[keys_of(DELIVERED)[0]]


def _a_place_is_told(heard: Heard) -> None:
    told, copy = HIDDEN
    context = told.saying.event.context
    heard.showing.add((copy.to, context.source, context.id, copy.kind))


def _one_overtakes(heard: Heard) -> None:
    causes = [
        (told.saying.event.context.source, told.saying.event.context.id)
        for told in EXPECTED.told
        if told.copies
    ]
    heard.order["kfb", "some-case"] = [causes[1], causes[0]]


def _a_reminder_is_missing(heard: Heard) -> None:
    (said,) = heard.reminders.pop(REMINDED)
    del heard.timed[said.event_id]


def _a_reminder_comes_twice(heard: Heard) -> None:
    (said,) = heard.reminders[REMINDED]
    heard.reminders[REMINDED].append(said._replace(event_id="again"))
    heard.timed["again"] += 1


def _a_reminder_comes_early(heard: Heard) -> None:
    (said,) = heard.reminders[REMINDED]
    heard.reminders[REMINDED] = [said._replace(at=said.at - timedelta(hours=8))]


def _a_reminder_for_nothing(heard: Heard) -> None:
    (said,) = heard.reminders[REMINDED]
    other = ("kfb", "no-such-case", *REMINDED[2:])
    heard.reminders[other] = [said._replace(event_id="other")]
    heard.timed["other"] += 1


def _a_line_is_missing(heard: Heard) -> None:
    heard.ledger.popitem()


@pytest.mark.parametrize(
    ("wrong", "counted"),
    [
        (_nothing, {}),
        (_a_copy_is_lost, {"lost": 1}),
        (_a_copy_comes_twice, {"repeated": 1}),
        (_nobody_said_it, {"unexpected": 1}),
        (_a_new_type, {"unexpected": 1}),
        (_a_mistake_is_accepted, {"unexpected": 1, "illegal_accepted": 1}),
        (_a_right_step_is_refused, {"lost": 1, "legal_refused": 1}),
        (_a_place_is_told, {"leaked": 1}),
        (_one_overtakes, {"out_of_order": 1}),
        (_a_reminder_is_missing, {"reminders_missing": 1}),
        (_a_reminder_comes_twice, {"reminders_repeated": 1}),
        (_a_reminder_comes_early, {"reminders_missing": 1, "reminders_unexpected": 1}),
        (_a_reminder_for_nothing, {"reminders_unexpected": 1}),
        (_a_line_is_missing, {"unledgered": 1}),
    ],
)
def test_the_judge_tells(wrong: Callable[[Heard], None], counted: dict[str, int]) -> None:
    """What is lost, repeated, leaked, accepted wrongly, mistimed or unrecorded counts once each."""
    heard = deepcopy(RIGHT)

    wrong(heard)

    found = asdict(judge(EXPECTED, heard, SCRIPT.ticks))
    assert {name: count for name, count in found.items() if count} == counted


def test_a_figure_that_differs_is_named() -> None:
    """Its place, its name and both values; a row that one of them lacks, too."""
    wanted = {("kfb", "all"): {"referrals": 3}, ("kfb", "2025-12"): {"referrals": 3}}
    said = [
        {"municipality": "kfb", "month": "all", "referrals": 4},
        {"municipality": "06432001", "month": "all", "referrals": 1},
    ]

    assert differences(wanted, said) == [
        "('06432001', 'all'): in one of them only",
        "('kfb', '2025-12'): in one of them only",
        "('kfb', 'all'): referrals is 3, the report says 4",
    ]
