"""What the hub would refuse is said in the form, beside the field it is about."""

from collections.abc import Mapping
from typing import Final

from hub.casework.refusals import WouldBeRefused
from hub.pages.forms import Form
from hub.web.words.problems import PROBLEMS

WHOLE_FORM: Final = "main"
"""Where a problem is shown that belongs to no field."""


def told_beforehand(form: Form, refused: WouldBeRefused, fields: Mapping[str, str]) -> None:
    """Note the problems in the form; `fields` says which of its fields is which of the event's."""
    for problem in refused.problems:
        form.wrong(fields.get(problem.field or "", WHOLE_FORM), PROBLEMS[problem.code])
