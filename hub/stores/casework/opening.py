"""Opens a case for a clerk: everything of it, and a record of who saw it when."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from hub.casework import showing
from hub.casework.delivering import Kept
from hub.casework.desk import OpenCase
from hub.casework.progress import Here
from hub.casework.refusals import CaseNotHere
from hub.stores.casework import reasons, rows
from hub.stores.casework.history import history
from hub.stores.casework.papers import content, papers
from hub.stores.casework.recording import record
from hub.stores.casework.said import on_their_way
from hub.stores.casework.tables import case_files
from hub.stores.casework.telling import tell
from hub.stores.casework.unit import changing

OPENED: Final = "opened"


def open_case(connection: Connection, here: Here, case: str, clerk: str, now: datetime) -> OpenCase:
    """The case with its content; raises CaseNotHere, and then nothing is recorded.

    The first time somebody here opens a referral its sender is told so.
    """
    kept = _kept(connection, case)
    record(connection, now, case, clerk, OPENED)
    if kept.course.certain.is_unopened(here):
        with changing(connection, here.party, now) as unit:
            kept = tell(unit, case, here)
    found = papers(connection, case, here)
    return OpenCase(
        file=on_their_way(connection, [kept.file])[0],
        content=content(found, kept.file.kind),
        steps=showing.steps(kept.course, here),
        history=history(connection, here.party, case),
        terms=reasons.of_case(connection, here.party, case).terms,
        papers=found,
    )


def _kept(connection: Connection, case: str) -> Kept:
    query = select(*rows.COLUMNS, case_files.c.course).where(case_files.c.case_id == case)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise CaseNotHere
    return rows.kept_of(row)
