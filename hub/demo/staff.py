"""Who works at the back offices of a demo. Pure; the people are invented."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from hub.access.roles import Role

JOBCENTER: Final = "kfb"
TOWN_HALL: Final = "06432005"
"""Eppertshausen, where the pilot is."""


class Person(NamedTuple):
    """An invented clerk."""

    name: str
    """To sign in with."""
    shown: str
    """The name that colleagues see."""
    role: Role


STAFF: Final[Mapping[str, Sequence[Person]]] = {
    JOBCENTER: (
        Person("m.beispiel", "Mara Beispiel", Role.CLERK),
        Person("l.leitung", "Lena Leitung", Role.LEAD),
        Person("r.revision", "Rolf Revision", Role.AUDITOR),
    ),
    TOWN_HALL: (Person("j.muster", "Jonas Muster", Role.CLERK),),
}
"""Whose back offices are open, and who works there."""
