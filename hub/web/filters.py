"""What templates say with a value: codes, days and lists in the words of one language."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from jinja2 import pass_context
from jinja2.runtime import Context

from hub.casework.case_file import Sending
from hub.casework.views import View
from hub.domain.referral import HUB
from hub.pages.marking import N_
from hub.web.setting import Setting
from hub.web.wording import Deadline, Wording
from hub.web.words.history import HAPPENED
from hub.web.words.inbox import SENDING_MEANINGS, VIEW_MEANINGS
from hub.web.words.steps import STEPS
from schemas.problems import ProblemCode
from schemas.vocabulary import MeetingPlace, Outcome, StatusReason

HUB_NAME: Final = N_("the hub")

_NAMED: Final[Mapping[str, type[StrEnum]]] = {
    "outcome": Outcome,
    "place": MeetingPlace,
    "problem": ProblemCode,
    "reason": StatusReason,
}
"""Codes that a history holds as texts, by the filter that puts them into words."""


def said_by(wording: Wording) -> dict[str, Callable[..., Any]]:
    """The filters of one language by their names in templates."""
    named: dict[str, Callable[..., Any]] = {
        name: _named(wording, codes) for name, codes in _NAMED.items()
    }
    plain: dict[str, Callable[..., Any]] = {
        "code": wording.code,
        "coded": lambda codes: [(code, wording.code(code)) for code in codes],
        "day": wording.day,
        "happened": lambda what: wording.text(HAPPENED[what]) if what in HAPPENED else what,
        "hours": wording.hours,
        "percent": wording.percent,
        "meaning": lambda how: wording.text(SENDING_MEANINGS[how]),
        "moment": wording.moment,
        "number": wording.number,
        "sending": Sending,
        "spoken": lambda codes: _by_name((code, wording.speech(code)) for code in codes),
        "stamp": lambda at: wording.moment(datetime.fromisoformat(at)),
        "step": STEPS.__getitem__,
        "texts": lambda texts: [(key, wording.text(text)) for key, text in texts.items()],
        "view": View,
        "view_meaning": lambda view: wording.text(VIEW_MEANINGS[view]),
    }
    return named | plain


def around(wording: Wording) -> dict[str, Callable[..., Any]]:
    """The filters that need to know where the page stands: its `setting`."""

    @pass_context
    def deadline(context: Context, at: datetime, *, short: bool = False) -> Deadline:
        setting = _setting(context)
        working = setting.parties.by_id[setting.party].working_time
        return wording.deadline(at, setting.now(), working, short=short)

    @pass_context
    def party(context: Context, party: str) -> str:
        return wording.text(HUB_NAME) if party == HUB else _setting(context).party_name(party)

    @pass_context
    def town(context: Context, ags: str) -> str:
        return _setting(context).town_name(ags)

    @pass_context
    def colleague(context: Context, clerk: str) -> str:
        return _setting(context).name_of(clerk) or clerk

    @pass_context
    def speaker(context: Context, by: str) -> str:
        """A party, or the clerk who did it here."""
        known = by == HUB or by in _setting(context).parties.by_id
        return party(context, by) if known else colleague(context, by)

    return {
        "deadline": deadline,
        "party": party,
        "town": town,
        "colleague": colleague,
        "speaker": speaker,
    }


def _setting(context: Context) -> Setting:
    setting: Setting = context["setting"]
    return setting


def _named(wording: Wording, codes: type[StrEnum]) -> Callable[[str], str]:
    """The words of a code that stands as a text; one that is not known stands for itself."""

    def words(text: str) -> str:
        return wording.code(codes(text)) if text in list(codes) else text

    return words


def _by_name(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1].casefold())
