"""A party's desk held in memory, on the rules of `hub.casework`: what pages are tried on.

What cannot be seen from outside is left out: no database, no outbox. What was said waits until the
test lets the hub answer, by `happens`.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from hub.casework import acting
from hub.casework.case_file import CaseFile, Kind, Sending
from hub.casework.course import Course
from hub.casework.delivering import CONTENTS, Kept
from hub.casework.desk import CasePage, Claimed, Moment, OpenCase, Paper, Terms, Wanted
from hub.casework.fold import concerns, fold, matters
from hub.casework.happenings import Confirmed, Delivered, Happening, Refused, Spoken
from hub.casework.progress import Here
from hub.casework.refusals import CaseNotHere, ClaimedByAnother, StepNotAllowed
from hub.casework.showing import steps
from hub.casework.views import View
from hub.domain.matching import Match
from hub.domain.parties import Parties
from hub.domain.transitions import Status
from hub.domain.working_year import ZONE
from schemas.data import Data
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.vocabulary import MUNICIPAL_SERVICES, LegalBasis, Purpose, Urgency


class MemoryDesk:
    """Keeps cases, says what a real desk says, and refuses what it refuses."""

    def __init__(self, party: str, parties: Parties) -> None:
        """An empty desk."""
        self._here = Here(party, parties)
        self._kept: dict[str, Kept] = {}
        self._marks: dict[str, int] = {}
        self._history: dict[str, list[Moment]] = {}
        self._papers: dict[str, list[Paper]] = {}
        self._forms: dict[str, str] = {}
        self._changes = 0
        self._lock = threading.RLock()
        self.matches: Sequence[Match] = ()
        """What suits every referral."""
        self.said: list[tuple[str, Data]] = []
        """What stands in the outbox: case and data."""
        self.terms: dict[str, Terms] = {}
        """On which terms something was started here."""

    @property
    def last_event(self) -> str:
        """The id of what was said last."""
        return f"desk-{len(self.said)}"

    @property
    def party(self) -> str:
        """Whose desk it is."""
        return self._here.party

    def happens(self, case: str, happening: Happening) -> None:
        """Something came in, or the hub answered."""
        with self._lock:
            before = self._kept.get(case)
            if before is None and not concerns(happening):
                return
            after = fold(before, case, happening, self._here)
            if matters(before, after, happening):
                self._changes += 1
                self._marks[case] = self._changes
                file = replace(after.file, version=after.file.version + 1, changed_at=happening.at)
                after = Kept(file, after.course)
            self._kept[case] = after
            self._remember(case, happening)

    def counts(self, clerk: str, now: datetime) -> Mapping[View, int]:
        """How many cases stand in each view."""
        return {view: len(self._in(view, clerk, now)) for view in View}

    def cases(self, wanted: Wanted, now: datetime) -> CasePage:
        """One page of a list."""
        found = [file for file in self._in(wanted.view, wanted.clerk, now) if _fits(file, wanted)]
        column = wanted.sort.removeprefix("-")
        found.sort(key=lambda file: (_pressing(file), file.case))
        found.sort(key=lambda file: _sorting(file, column), reverse=wanted.sort.startswith("-"))
        first = (wanted.page - 1) * wanted.per_page
        return CasePage(found[first : first + wanted.per_page], len(found), self._changes)

    def news(self, mark: int, view: View, clerk: str, now: datetime) -> int:
        """How many cases of this view are new or changed since `mark`."""
        return sum(self._marks[file.case] > mark for file in self._in(view, clerk, now))

    def open(self, case: str, clerk: str, now: datetime) -> OpenCase:
        """The case, and a record of who opened it when."""
        with self._lock:
            kept = self._one(case)
            self._history[case].append(Moment(now, "opened", clerk))
            papers = self._papers[case]
            request = next((paper.data for paper in reversed(papers)), None)
            is_open_referral = kept.file.kind is Kind.REFERRAL and not kept.file.is_over
            return OpenCase(
                kept.file,
                request,
                steps(kept.course, self._here),
                tuple(self._history[case]),
                self._terms_of(request),
                self.matches if is_open_referral else (),
                tuple(papers),
            )

    def peek(self, case: str) -> CaseFile:
        """The case's row."""
        return self._one(case).file

    def history(self, case: str) -> Sequence[Moment]:
        """What happened on the case and who opened it."""
        self._one(case)
        return tuple(self._history[case])

    def claim(self, case: str, clerk: str, version: int, now: datetime) -> CaseFile:
        """The case is this clerk's."""
        with self._lock:
            file = acting.claim(self._one(case).file, clerk, version)
            return self._change(case, file, Moment(now, "claimed", clerk))

    def release(
        self, case: str, clerk: str, version: int, now: datetime, *, of_another: bool = False
    ) -> CaseFile:
        """Nobody's again."""
        with self._lock:
            file = acting.release(self._one(case).file, clerk, version, of_another=of_another)
            return self._change(case, file, Moment(now, "released", clerk))

    def claim_all(self, cases: Sequence[str], clerk: str, now: datetime) -> Sequence[Claimed]:
        """Claim what is nobody's, one result a case."""
        return [Claimed(case, self._claimed_by(case, clerk, now)) for case in cases]

    def say(
        self, case: str, clerk: str, version: int, said: Data, form: str, now: datetime
    ) -> CaseFile:
        """Into the outbox, at once, and once."""
        with self._lock:
            kept = self._one(case)
            if form in self._forms:
                return kept.file
            acting.check(kept.file, clerk, version)
            allowed = steps(kept.course, self._here)
            if isinstance(said, ReferralStatusChanged) and said.status not in allowed:
                raise StepNotAllowed(allowed)
            if kept.file.assigned_to is None:
                self._kept[case] = Kept(replace(kept.file, assigned_to=clerk), kept.course)
            self._speak(case, said, form, now)
            return self._one(case).file

    def start(self, said: Data, terms: Terms, clerk: str, form: str, now: datetime) -> str:
        """A case of our own, once for each form."""
        del clerk
        with self._lock:
            if form not in self._forms:
                number = f"{self.party}-{len(self._forms) + 1:04d}"
                self.terms[number] = terms
                self._speak(number, said, form, now, self._recipient(said, terms))
            return self._forms[form]

    def done(self, case: str, clerk: str, version: int, now: datetime) -> CaseFile:
        """Entered, or noted."""
        with self._lock:
            kept = acting.done(self._one(case), clerk, version, self._here)
            return self._change(case, kept.file, Moment(now, "done", clerk), kept.course)

    def _one(self, case: str) -> Kept:
        kept = self._kept.get(case)
        if kept is None:
            raise CaseNotHere
        return kept

    def _in(self, view: View, clerk: str, now: datetime) -> list[CaseFile]:
        return [kept.file for kept in self._kept.values() if _stands(kept.file, view, clerk, now)]

    def _change(
        self, case: str, file: CaseFile, moment: Moment, course: Course | None = None
    ) -> CaseFile:
        kept = self._one(case)
        if file != kept.file:
            self._changes += 1
            self._marks[case] = self._changes
            file = replace(file, version=file.version + 1, changed_at=moment.at)
            self._kept[case] = Kept(file, course or kept.course)
            self._history[case].append(moment)
        return file

    def _claimed_by(self, case: str, clerk: str, now: datetime) -> str | None:
        with self._lock:
            kept = self._kept.get(case)
            if kept is None or kept.file.is_over:
                return None
            try:
                return self.claim(case, clerk, kept.file.version, now).assigned_to
            except ClaimedByAnother as refused:
                return refused.clerk

    def _speak(
        self, case: str, said: Data, form: str, now: datetime, to: str | None = None
    ) -> None:
        self._forms[form] = case
        self.said.append((case, said))
        self.happens(case, Spoken(now, f"desk-{len(self.said)}", said, to))

    def _recipient(self, said: Data, terms: Terms) -> str | None:
        if not isinstance(said, ReferralRequested):
            return None
        offering = self._here.parties.offering(said.service, said.client.ags)
        return terms.recipient or (offering.id if offering else None)

    def _remember(self, case: str, happening: Happening) -> None:
        history = self._history.setdefault(case, [])
        self._papers.setdefault(case, [])
        match happening:
            case Delivered(at, speaker, data):
                self._said(case, Paper(at, speaker, data), Sending.NOTHING)
            case Spoken(at, _, data):
                self._said(case, Paper(at, self.party, data), Sending.BEING_SENT)
            case Confirmed(at, about, to=to):
                details = {"recipients": " ".join(to), "event": about}
                history.append(Moment(at, "receipt.delivered", "hub", None, details))
            case Refused(at, _, _, code):
                history.append(Moment(at, "receipt.refused", "hub", None, {"problems": code}))
            case _:
                return

    def _said(self, case: str, paper: Paper, sending: Sending) -> None:
        at, by, data = paper
        step = data.status if isinstance(data, ReferralStatusChanged) else None
        self._history[case].append(Moment(at, data.TYPE, by, step, _details(data), sending))
        if isinstance(data, (*CONTENTS, SupportOfferPublished)):
            self._papers[case].append(paper)

    def _terms_of(self, request: Data | None) -> Terms | None:
        if not isinstance(request, ReferralRequested):
            return None
        municipal = request.service in MUNICIPAL_SERVICES
        purpose = Purpose.MUNICIPAL_SERVICES if municipal else Purpose.INTEGRATION
        return Terms(purpose, LegalBasis.SGB2_16A if municipal else LegalBasis.SGB10_69)


def _details(data: Data) -> dict[str, str]:
    if not isinstance(data, ReferralStatusChanged):
        return {}
    found = {"reason": data.reason, "outcome": data.outcome, "new_owner": data.new_owner}
    if data.appointment:
        found |= {
            "appointment_at": data.appointment.at.isoformat(),
            "appointment_place": data.appointment.place,
        }
    return {name: str(value) for name, value in found.items() if value}


def _stands(file: CaseFile, view: View, clerk: str, now: datetime) -> bool:
    is_due = file.is_ours and not file.is_over and file.due_at is not None
    due, today = file.due_at or now, now.astimezone(ZONE).date()
    stands = {
        View.MINE: file.assigned_to == clerk and not file.is_over,
        View.UNASSIGNED: file.is_ours and not file.is_over and file.assigned_to is None,
        View.DUE_TODAY: is_due and due.astimezone(ZONE).date() == today,
        View.OVERDUE: is_due and due < now,
        View.ON_HOLD: file.status is Status.ON_HOLD,
        View.WAITING: not (file.is_ours or file.is_over or file.problem),
        View.ADDRESS_CHANGES: file.kind is Kind.ADDRESS_CHANGE and not file.is_over,
        View.HANDOVERS: file.kind is Kind.HANDOVER and not file.is_over,
        View.DONE: file.is_over,
        View.FAULTY: file.problem is not None,
        View.ALL: True,
    }
    return stands[view]


def _fits(file: CaseFile, wanted: Wanted) -> bool:
    return (
        wanted.service in (None, file.service)
        and wanted.urgency in (None, file.urgency)
        and wanted.other in (None, file.other)
        and file.case.startswith(wanted.search)
    )


def _pressing(file: CaseFile) -> int:
    """The smaller, the more urgent."""
    pressing: dict[Urgency | None, int] = {Urgency.ASAP: 0, Urgency.URGENT: 1}
    return pressing.get(file.urgency, 2)


def _sorting(file: CaseFile, column: str) -> tuple[bool, str]:
    value = {
        "due": file.due_at and file.due_at.isoformat(),
        "received": file.received_at.isoformat(),
        "changed": file.changed_at.isoformat(),
        "case": file.case,
        "status": file.status,
    }[column]
    return value is None, value or ""
