"""What every event type offers: its type, its version, and what its older version becomes."""

from functools import cache
from typing import ClassVar

from schemas.model import Frozen
from schemas.vocabulary import Classification, Purpose


class Data(Frozen):
    """The data of one event type in one version; a subclass per type and version."""

    TYPE: ClassVar[str]
    """The type without its version: `referral.requested`."""
    VERSION: ClassVar[int] = 1
    """Counts from 1; 0 is what the pilot spoke before there was a contract."""
    CLASSIFICATION: ClassVar[Classification] = Classification.SOCIAL
    """The lowest classification an event of this type may have."""
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset(Purpose)
    """The purposes this type may be sent for."""

    def upcast(self) -> "Data":
        """The same said in the next version; the newest returns itself."""
        return self

    @classmethod
    @cache
    def wire_type(cls) -> str:
        """The CloudEvents `type`: `referral.requested.v1`."""
        return f"{cls.TYPE}.v{cls.VERSION}"

    @classmethod
    @cache
    def schema_uri(cls) -> str:
        """The CloudEvents `dataschema` and the JSON Schema's `$id`."""
        return f"urn:kurze-wege:schema:{cls.TYPE}:v{cls.VERSION}"
