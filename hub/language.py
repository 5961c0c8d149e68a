"""The languages in which everything is said: pages, alerts, runbooks."""

from enum import StrEnum


class Language(StrEnum):
    """A language there are words for; the first is spoken where nobody asks."""

    GERMAN = "de"
    ENGLISH = "en"

    @property
    def locale(self) -> str:
        """How dates and numbers are written in it (CLDR)."""
        return {Language.GERMAN: "de_DE", Language.ENGLISH: "en_GB"}[self]

    @property
    def own_name(self) -> str:
        """What its speakers call it."""
        return {Language.GERMAN: "Deutsch", Language.ENGLISH: "English"}[self]
