"""The answer to a person who asks what is known of them on a case (GDPR Art. 15, SGB X §83)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from hub.domain.parties import Parties
from hub.language import Language
from hub.law import words
from hub.law.retention import CONTENT, Kept
from hub.trail.local_time import day_of
from hub.vault.past import Past, Sent
from hub.web.wording import Wording
from hub.web.words.history import HAPPENED
from schemas.data import Data
from schemas.envelope import Event
from schemas.erasure import personal
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.vocabulary import LegalBasis, Purpose

HUB: Final = "der Hub"
_PAGES: Final = Environment(
    loader=PackageLoader("hub.law"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - Markdown; contents stand indented, as code
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


class Statement(NamedTuple):
    """Something that was said of the person and can still be read."""

    at: datetime
    sender: str
    """The party that said it."""
    event_type: str
    purpose: Purpose
    legal_basis: LegalBasis
    content: dict[str, Any]


class Disclosure(NamedTuple):
    """Something that was sent to a party."""

    at: datetime
    recipient: str
    event_type: str
    sender: str | None
    """From which party it came; None: from the hub itself."""
    rule: str | None


class Access(NamedTuple):
    """All that the hub can tell of a case."""

    case: str
    as_of: datetime
    erased_at: datetime | None
    """When its content was erased; None: it was not."""
    said: Sequence[Statement]
    disclosed: Sequence[Disclosure]
    categories: Sequence[str]
    """What stands of the person, in kinds; in German."""
    retention: Sequence[Kept]


def access(
    case: str,
    as_of: datetime,
    erased_at: datetime | None,
    past: Past,
    events: Iterable[Event[Data]],
    kept: Iterable[Kept],
) -> Access:
    """The answer from the case's past and those of its events that can still be read.

    Of copies of one event the first is told.
    """
    told: dict[str, Event[Data]] = {}
    for event in events:
        if not isinstance(event.data, LedgerRecorded) and personal(event.data):
            told.setdefault(event.context.causationid or event.context.id, event)
    fields = dict.fromkeys(field for event in told.values() for field, _ in personal(event.data))
    return Access(
        case,
        as_of,
        erased_at,
        [_statement(event) for event in told.values()],
        [_disclosure(one) for one in past.sent],
        words.categories(tuple(fields)),
        [one for one in kept if one.says == CONTENT],
    )


def markdown(found: Access, parties: Parties) -> str:
    """The answer as a German letter's enclosure."""
    say = Wording(Language.GERMAN)
    names = {party.id: party.name for party in parties.party}
    return _PAGES.get_template("access.md").render(
        found=found,
        code=say.code,
        what=lambda kind: say.text(HAPPENED[kind]),
        day=lambda moment: f"{day_of(moment):%d.%m.%Y}",
        name=lambda party: names.get(party or "", party or HUB),
        lines=_lines,
    )


def plain(found: Access) -> dict[str, Any]:
    """The same for a program."""
    return {
        "case": found.case,
        "as_of": found.as_of.isoformat(),
        "erased_at": found.erased_at.isoformat() if found.erased_at else None,
        "said": [one._asdict() | {"at": one.at.isoformat()} for one in found.said],
        "disclosed": [one._asdict() | {"at": one.at.isoformat()} for one in found.disclosed],
        "categories": list(found.categories),
        "retention": [one._asdict() for one in found.retention],
    }


def _statement(event: Event[Data]) -> Statement:
    context = event.context
    return Statement(
        context.time,
        (context.sender or context.source).split("/")[3],
        event.data.TYPE,
        context.purpose,
        context.legalbasis,
        event.data.model_dump(mode="json", exclude_none=True),
    )


def _disclosure(one: Sent) -> Disclosure:
    return Disclosure(one.at, one.party, one.event_type, one.sender, one.rule)


def _lines(content: Any, path: str = "") -> list[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    """Each value of a content with its dotted path."""
    if isinstance(content, dict):
        return [
            line
            for name, one in content.items()
            for line in _lines(one, f"{path}.{name}" if path else name)
        ]
    if isinstance(content, list):
        return [(path, ", ".join(str(one) for one in content))]
    return [(path, str(content))]
