"""Claims cases for a clerk, gives them back, and notes that something was entered elsewhere."""

from collections.abc import Sequence

from hub.casework import acting
from hub.casework.case_file import CaseFile
from hub.casework.delivering import Kept
from hub.casework.desk import Claimed
from hub.casework.progress import Here
from hub.stores.casework.unit import Unit


def claim(unit: Unit, case: str, clerk: str, version: int) -> CaseFile:
    """The case is this clerk's; raises CaseNotHere, ClaimedByAnother, ChangedMeanwhile."""
    kept = unit.case(case)
    file = acting.claim(kept.file, clerk, version)
    return _kept(unit, kept, Kept(file, kept.course), clerk, "claimed")


def claim_all(unit: Unit, cases: Sequence[str], clerk: str) -> Sequence[Claimed]:
    """Claim what is nobody's, one result a case."""
    found = unit.cases(sorted(set(cases)))
    for case, kept in found.items():
        if kept.file.assigned_to is None:
            found[case] = Kept(claim(unit, case, clerk, kept.file.version), kept.course)
    return [
        Claimed(case, found[case].file.assigned_to if case in found else None) for case in cases
    ]


def release(unit: Unit, case: str, clerk: str, version: int, *, of_another: bool) -> CaseFile:
    """Nobody's again; raises like `claim`."""
    kept = unit.case(case)
    file = acting.release(kept.file, clerk, version, of_another=of_another)
    return _kept(unit, kept, Kept(file, kept.course), clerk, "released")


def done(unit: Unit, case: str, clerk: str, version: int, here: Here) -> CaseFile:
    """What came in was entered, and a refusal noted; raises like `claim`."""
    kept = unit.case(case)
    return _kept(unit, kept, acting.done(kept, clerk, version, here), clerk, "done")


def _kept(unit: Unit, before: Kept, after: Kept, clerk: str, what: str) -> CaseFile:
    if after == before:
        return before.file
    unit.record(before.file.case, clerk, what)
    return unit.keep(after).file
