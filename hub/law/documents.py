"""The documents the law asks for, in German, from what the hub is told to do."""

from enum import StrEnum
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from hub.domain.parties import Parties
from hub.language import Language
from hub.law import words
from hub.law.matrix import Row, matrix
from hub.law.retention import plan
from hub.settings import Settings
from hub.web.wording import Wording


class Document(StrEnum):
    """Which document."""

    RECORD = "record"
    """The record of processing activities (GDPR Art. 30(2))."""
    RETRIEVAL = "retrieval"
    """What must be laid down for a retrieval procedure (SGB X §79(2))."""
    PROCESSOR = "processor"
    """What is notified before a processor begins (SGB X §80(1))."""
    RETENTION = "retention"
    """What is kept where, and for how long (GDPR Art. 5(1)(e))."""


_PAGES: Final = Environment(
    loader=PackageLoader("hub.law"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - Markdown from our own words and the registry's names
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def document(which: Document, settings: Settings, parties: Parties) -> str:
    """The document as Markdown; what only the controller knows is left open there, by name."""
    say = Wording(Language.GERMAN)
    rows = tuple(matrix(parties))
    page = _PAGES.get_template(f"{which}.md")
    return page.render(
        parties=parties.party,
        activities=_activities(rows),
        kept=tuple(plan(settings)),
        kinds=words.KINDS,
        code=say.code,
        categories=words.categories,
        activity=words.ACTIVITIES,
        concerned=words.CONCERNED,
    )


def _activities(rows: tuple[Row, ...]) -> dict[str, tuple[Row, ...]]:
    """The rows of each processing activity."""
    return {
        family: found
        for family in words.ACTIVITIES
        if (found := tuple(row for row in rows if row.event_type.startswith(f"{family}.")))
    }
