"""Every code has words."""

from enum import StrEnum

import pytest

from hub.access.roles import Role
from hub.audit.act import Did
from hub.casework.case_file import Kind, Sending
from hub.casework.views import View
from hub.domain.transitions import Status, Step
from hub.language import Language
from hub.web.wording import wording_of
from hub.web.words.history import HAPPENED
from hub.web.words.inbox import SENDING_MEANINGS, VIEW_MEANINGS
from hub.web.words.steps import STEPS
from schemas import vocabulary
from schemas.events import ALL
from schemas.problems import ProblemCode
from schemas.vocabulary import MatchReason

SHOWN: tuple[type[StrEnum], ...] = (
    Role,
    Did,
    Kind,
    Sending,
    View,
    MatchReason,
    Status,
    ProblemCode,
    vocabulary.Service,
    vocabulary.Urgency,
    vocabulary.MeetingPlace,
    vocabulary.StatusReason,
    vocabulary.Outcome,
    vocabulary.LegalBasis,
    vocabulary.Purpose,
    vocabulary.ReportedBy,
    vocabulary.WithdrawalReason,
    vocabulary.OfferCategory,
    vocabulary.CapacityStatus,
)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("codes", SHOWN, ids=lambda codes: codes.__name__)
def test_every_code_that_is_shown_has_words(codes: type[StrEnum], language: Language) -> None:
    """In both languages; none is shown as the code itself."""
    say = wording_of(language)
    texts = {code: say.code(code) for code in codes}

    assert all(texts.values())
    assert [
        code for code, text in texts.items() if "_" in text or ("-" in code and text == code)
    ] == []


def test_every_step_has_words() -> None:
    """What to press, what it does, and how history tells it."""
    assert set(STEPS) == set(Step)


def test_every_event_has_words() -> None:
    """Whatever may stand in a history is told in words."""
    assert {data.TYPE for data in ALL} <= set(HAPPENED)
    assert {"opened", "claimed", "released", "done"} <= set(HAPPENED)


def test_every_view_and_state_is_explained() -> None:
    """The help page leaves none out."""
    assert set(VIEW_MEANINGS) == set(View)
    assert set(SENDING_MEANINGS) == set(Sending)
