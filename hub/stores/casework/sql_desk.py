"""One party's desk in a database: `hub.casework.desk.Desk`, answered by SQL."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection, Engine

from connectors.sql.database import answering, open_database
from hub.casework.case_file import CaseFile
from hub.casework.desk import CasePage, Claimed, Moment, OpenCase, Terms, Wanted
from hub.casework.progress import Here
from hub.casework.views import View
from hub.domain.matching import Match
from hub.domain.need import Need, need_of
from hub.stores.casework import claiming, listing, opening, saying, starting
from hub.stores.casework.history import history
from hub.stores.casework.unit import Unit, changing
from hub.stores.offers.reading import open_for_reading
from schemas.data import Data
from schemas.events.referral_requested import ReferralRequested

MOST_MATCHES: Final = 10
"""How many offers are shown beside a referral."""
Ranked: TypeAlias = Callable[[Need, datetime], Sequence[Match]]
"""Every offer there is for a need, the best first."""


def no_offers(_need: Need, _now: datetime) -> Sequence[Match]:
    """None: no offers are kept here."""
    return ()


class SqlDesk:
    """Works on the tables of `hub.stores.casework`; any number of threads may call it.

    Lists are read without waiting for anybody. Who changes something waits until nobody else
    does. Every call raises Later when the database is away.
    """

    def __init__(self, url: str, here: Here, ranked: Ranked = no_offers) -> None:
        """Use the database at `url`, which is this party's desk already.

        `ranked` finds the offers that are shown beside a referral.
        """
        self._here = here
        self._ranked = ranked
        self._writing: Engine = open_database(url)
        self._reading: Engine = open_for_reading(url)

    @property
    def party(self) -> str:
        """Whose desk it is."""
        return self._here.party

    def counts(self, clerk: str, now: datetime) -> Mapping[View, int]:
        """How many cases stand in each view."""
        with self._read() as connection:
            return listing.counts(connection, clerk, now)

    def cases(self, wanted: Wanted, now: datetime) -> CasePage:
        """One page of a list."""
        with self._read() as connection:
            return listing.page(connection, wanted, now)

    def news(self, mark: int, view: View, clerk: str, now: datetime) -> int:
        """How many cases of this view are new or changed since `mark`."""
        with self._read() as connection:
            return listing.news(connection, mark, view, clerk, now)

    def peek(self, case: str) -> CaseFile:
        """The case's row; raises CaseNotHere."""
        with self._read() as connection:
            return listing.one(connection, case)

    def history(self, case: str) -> Sequence[Moment]:
        """What happened on the case; raises CaseNotHere."""
        with self._read() as connection:
            listing.one(connection, case)
            return history(connection, self.party, case)

    def open(self, case: str, clerk: str, now: datetime) -> OpenCase:
        """The case, and a record of who opened it when; raises CaseNotHere."""
        with answering(), self._writing.begin() as connection:
            opened = opening.open_case(connection, self._here, case, clerk, now)
        return replace(opened, matches=self._matches(opened, now))

    def claim(self, case: str, clerk: str, version: int, now: datetime) -> CaseFile:
        """The case is this clerk's; raises CaseNotHere, ClaimedByAnother, ChangedMeanwhile."""
        with self._change(now) as unit:
            return claiming.claim(unit, case, clerk, version)

    def release(
        self, case: str, clerk: str, version: int, now: datetime, *, of_another: bool = False
    ) -> CaseFile:
        """Nobody's again; raises like `claim`."""
        with self._change(now) as unit:
            return claiming.release(unit, case, clerk, version, of_another=of_another)

    def claim_all(self, cases: Sequence[str], clerk: str, now: datetime) -> Sequence[Claimed]:
        """Claim what is nobody's, one result a case."""
        with self._change(now) as unit:
            return claiming.claim_all(unit, cases, clerk)

    def done(self, case: str, clerk: str, version: int, now: datetime) -> CaseFile:
        """What came in was entered, and a refusal noted; raises like `claim`."""
        with self._change(now) as unit:
            return claiming.done(unit, case, clerk, version, self._here)

    def say(
        self, case: str, clerk: str, version: int, said: Data, form: str, now: datetime
    ) -> CaseFile:
        """Say something on a case; raises what `Desk.say` does."""
        with self._change(now) as unit:
            return saying.say(unit, self._here, case, said, clerk, version, form)

    def start(self, said: Data, terms: Terms, clerk: str, form: str, now: datetime) -> str:
        """Begin a case by hand; raises WouldBeRefused, AlreadySent."""
        with self._change(now) as unit:
            return starting.start(unit, self._here, said, terms, clerk, form)

    def close(self) -> None:
        """Let go of the database."""
        self._writing.dispose()
        self._reading.dispose()

    def _matches(self, opened: OpenCase, now: datetime) -> Sequence[Match]:
        """What suits a referral that is open."""
        asked = opened.content
        if opened.file.is_over or not isinstance(asked, ReferralRequested):
            return ()
        suiting = [match for match in self._ranked(need_of(asked), now) if match.suits]
        return suiting[:MOST_MATCHES]

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with answering(), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def _change(self, now: datetime) -> Iterator[Unit]:
        with (
            answering(),
            self._writing.begin() as connection,
            changing(connection, self.party, now) as unit,
        ):
            yield unit
