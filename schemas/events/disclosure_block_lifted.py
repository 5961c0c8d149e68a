"""An Auskunftssperre (BMG §51) was lifted."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from schemas.data import Data
from schemas.model import PERSONAL
from schemas.vocabulary import Purpose


class DisclosureBlockLifted(Data):
    """The block for the person of this case no longer stands (BMG §33(4))."""

    TYPE: ClassVar[str] = "disclosure-block.lifted"
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.PROTECTION})

    client_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{4,40}$"), PERSONAL]
    """Whom it protected: the pseudonym used in the case."""
    lifted_on: date
    """Since which day it no longer stands."""
