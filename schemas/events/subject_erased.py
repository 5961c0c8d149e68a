"""The hub tells who was sent anything of a case that its content was erased (GDPR Art. 19).

The case stays as an envelope: ids, codes and times. The recipient erases what it keeps of it
itself, or says on which duty it keeps it.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.data import Data
from schemas.model import EventId, Moment
from schemas.vocabulary import Classification, Purpose


class SubjectErased(Data):
    """Nothing more may be said of the case; a new matter is a new case."""

    TYPE: ClassVar[str] = "subject.erased"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.ACCOUNTABILITY})

    erased_at: Moment
    """When the hub destroyed the key of what it had kept."""
    delivery_ids: Annotated[tuple[EventId, ...], Field(max_length=500)] = ()
    """The ids of what this party was sent of it, the last 500."""
