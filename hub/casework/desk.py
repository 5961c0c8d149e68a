"""What the pages ask of the store, in the words of a clerk; `hub.stores.casework` answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.casework.case_file import CaseFile, Sending
from hub.casework.views import View
from hub.domain.matching import Match
from hub.domain.transitions import Step
from schemas.data import Data
from schemas.vocabulary import LegalBasis, Purpose, Service, Urgency


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows, how, and which part of it."""

    view: View
    clerk: str
    """Whose `mine` it is."""
    service: Service | None = None
    urgency: Urgency | None = None
    other: str | None = None
    """Only cases with this party on the other side."""
    search: str = ""
    """The beginning of a case number."""
    sort: str = "due"
    """`due`, `received`, `changed`, `case` or `status`; with `-` before it the other way round."""
    page: int = 1
    per_page: int = 25


class CasePage(NamedTuple):
    """One page of a list."""

    cases: Sequence[CaseFile]
    total: int
    """How many there are on all pages."""
    mark: int
    """The newest change this page knows; `Desk.news(mark)` counts what came since."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's history."""

    at: datetime
    what: str
    """An event type without version, or `opened`, `claimed`, `released`, `done`."""
    by: str
    """The party, or the clerk for what was done here."""
    step: Step | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    """Codes and ids, as far as there are any: `reason`, `outcome`, `new_owner`, `recipients` (with
    blanks between), `rule`, `problems` (codes, with blanks), `appointment_at` (RFC 3339),
    `appointment_place`, `event` (its id; on a receipt that of the event it is about, whose type
    is `about`)."""
    sending: Sending = Sending.NOTHING


class Terms(NamedTuple):
    """What stands on the envelope: for what, by which power, and to whom."""

    purpose: Purpose
    legal_basis: LegalBasis
    recipient: str | None = None
    """The party that was named; None: whoever offers the service at the place."""


class Paper(NamedTuple):
    """One thing with a content that came in on a case, or was sent from here."""

    at: datetime
    by: str
    """The party that said it."""
    data: Data


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as its own page shows it; personal data stand only here."""

    file: CaseFile
    content: Data | None
    """The newest request, report or hand-over as it was delivered; None: it is not here."""
    steps: Sequence[Step]
    """What this party may say now, in the order of the life cycle."""
    history: Sequence[Moment]
    """Oldest first."""
    terms: Terms | None = None
    """On which terms the content was delivered; None: not known here."""
    matches: Sequence[Match] = ()
    """Support offers for an open referral, the best first; empty where no offers are kept."""
    papers: Sequence[Paper] = ()
    """What came or was sent with a content, oldest first; of each type the last counts."""


class Claimed(NamedTuple):
    """What became of one row of a bulk claim."""

    case: str
    by: str | None
    """Who has it now; the asking clerk where it worked, None where there is no such case."""


class Desk(Protocol):
    """One party's desk. Every call is one transaction; none waits for Kafka.

    `clerk` is an id that says nothing about a person. Raises `connectors.errors.Later` when the
    database is away, and the refusals of `hub.casework.refusals`.
    """

    @property
    def party(self) -> str:
        """Whose desk it is."""

    def counts(self, clerk: str, now: datetime) -> Mapping[View, int]:
        """How many cases stand in each view."""

    def cases(self, wanted: Wanted, now: datetime) -> CasePage:
        """One page of a list."""

    def news(self, mark: int, view: View, clerk: str, now: datetime) -> int:
        """How many cases of this view are new or changed since `mark`."""

    def open(self, case: str, clerk: str, now: datetime) -> OpenCase:
        """The case, and a record of who opened it when; the first opening tells its sender.

        Raises CaseNotHere.
        """

    def peek(self, case: str) -> CaseFile:
        """The case's row without its content, and without a record; raises CaseNotHere."""

    def history(self, case: str) -> Sequence[Moment]:
        """What happened on the case and who opened it, oldest first; raises CaseNotHere.

        Without content and without a record: it is what an auditor sees.
        """

    def claim(self, case: str, clerk: str, version: int, now: datetime) -> CaseFile:
        """The case is this clerk's; raises CaseNotHere, ClaimedByAnother, ChangedMeanwhile."""

    def release(
        self, case: str, clerk: str, version: int, now: datetime, *, of_another: bool = False
    ) -> CaseFile:
        """Nobody's again; raises CaseNotHere, ClaimedByAnother, ChangedMeanwhile.

        With `of_another` also what somebody else has claimed: for a lead.
        """

    def claim_all(self, cases: Sequence[str], clerk: str, now: datetime) -> Sequence[Claimed]:
        """Claim what is nobody's, one result a case."""

    def say(
        self, case: str, clerk: str, version: int, said: Data, form: str, now: datetime
    ) -> CaseFile:
        """Say a step of a referral, or that a hand-over is continued: into the outbox, at once.

        The step, the case's row and the outbox row are one transaction. `form` is the form's own
        one-time mark: sent twice it is said once, and the case is as it is. What nobody has
        claimed is the clerk's from then on. Raises CaseNotHere, ClaimedByAnother,
        ChangedMeanwhile, StepNotAllowed, WouldBeRefused, AlreadySent.
        """

    def start(self, said: Data, terms: Terms, clerk: str, form: str, now: datetime) -> str:
        """Send a referral or publish an offer by hand; the number of the new case.

        `form` is the form's own one-time mark: sent twice it is one case. Raises WouldBeRefused,
        and AlreadySent where the mark was used for another content.
        """

    def done(self, case: str, clerk: str, version: int, now: datetime) -> CaseFile:
        """What came in has been entered where it belongs, and a refusal was noted.

        Raises like `claim`.
        """
