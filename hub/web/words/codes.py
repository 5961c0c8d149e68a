"""Every table of words in one: whoever has a code finds its text."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from hub.entry import words as accounts
from hub.web.words import audit, inbox, law, offers, problems, referral

TABLES: Final[tuple[Mapping[Any, str], ...]] = (
    referral.SERVICES,
    referral.URGENCIES,
    referral.PLACES,
    referral.STATUSES,
    referral.REASONS,
    referral.OUTCOMES,
    law.LEGAL_BASES,
    law.PURPOSES,
    law.REPORTED_BY,
    law.WITHDRAWALS,
    inbox.VIEWS,
    inbox.KINDS,
    inbox.SENDINGS,
    accounts.ROLES,
    accounts.RECORDED,
    audit.ACTS,
    offers.CATEGORIES,
    offers.CAPACITIES,
    offers.MATCH_REASONS,
    problems.PROBLEMS,
)
_BY_TYPE: Final = {type(next(iter(table))): table for table in TABLES}


def text_of(code: StrEnum) -> str:
    """The English text of a code; raises KeyError for a list that has no words."""
    return _BY_TYPE[type(code)][code]
