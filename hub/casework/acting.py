"""What a clerk does with a case without saying anything to anybody. Pure."""

from dataclasses import replace

from hub.casework.case_file import CaseFile, Sending
from hub.casework.delivering import Kept
from hub.casework.progress import Here
from hub.casework.refusals import ChangedMeanwhile, ClaimedByAnother
from hub.casework.showing import shown


def check(file: CaseFile, clerk: str, version: int) -> None:
    """Raise ClaimedByAnother, or ChangedMeanwhile, where this clerk may not act on the case.

    `version`: of the case as the clerk saw it.
    """
    if file.assigned_to not in (None, clerk):
        raise ClaimedByAnother(file.assigned_to or "")
    if file.version != version:
        raise ChangedMeanwhile


def claim(file: CaseFile, clerk: str, version: int) -> CaseFile:
    """The case is this clerk's; raises like `check`."""
    if file.assigned_to == clerk:
        return file
    check(file, clerk, version)
    return replace(file, assigned_to=clerk)


def release(file: CaseFile, clerk: str, version: int, *, of_another: bool) -> CaseFile:
    """The case is nobody's; raises like `check`."""
    if file.assigned_to is None:
        return file
    check(file, file.assigned_to if of_another else clerk, version)
    return replace(file, assigned_to=None)


def done(kept: Kept, clerk: str, version: int, here: Here) -> Kept:
    """What came in was entered where it belongs, and a refusal was noted; raises like `check`."""
    file = kept.file
    if not file.to_enter and file.problem is None:
        return kept
    check(file, clerk, version)
    sending = Sending.NOTHING if file.sending is Sending.REFUSED else file.sending
    file = replace(file, to_enter=False, problem=None, sending=sending)
    return taken_on(Kept(shown(file, kept.course, here), kept.course), clerk)


def taken_on(kept: Kept, clerk: str) -> Kept:
    """The case as this clerk's, if it is nobody's: who does something about it has it."""
    file = replace(kept.file, assigned_to=kept.file.assigned_to or clerk)
    return Kept(file, kept.course)
