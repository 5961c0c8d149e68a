"""An Auskunftssperre (BMG §51) was set: nobody without entitlement may learn the address."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from schemas.data import Data
from schemas.model import PERSONAL
from schemas.vocabulary import Purpose


class DisclosureBlockSet(Data):
    """A block for the person of this case, passed on at once (BMG §33(4))."""

    TYPE: ClassVar[str] = "disclosure-block.set"
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.PROTECTION})

    client_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{4,40}$"), PERSONAL]
    """Whom it protects: the pseudonym used in the case."""
    valid_from: date
    """From which day on."""
    valid_until: date | None = None
    """Until which day (BMG §51(4)); the law sets the term, not the hub."""
