"""What was found of a signature, in words, German and English."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hub.domain.working_year import ZONE
from hub.signing.keys import HUB
from hub.signing.verifying import Finding, Found
from schemas.envelope import SEAL

GERMAN, ENGLISH = "de", "en"
LANGUAGES: Final = (GERMAN, ENGLISH)
_SENDER: Final[Mapping[str, Mapping[Found, str]]] = {
    GERMAN: {
        Found.HOLDS: "{party} hat {about} am {at} mit {kid} signiert; der Schlüssel galt da.",
        Found.COPY: (
            "{party} hat {about} am {at} mit {kid} signiert; der Schlüssel galt da. Diese"
            " Ausfertigung hat der Hub daraus gemacht; ihr Inhalt ist nicht Wort für Wort derselbe."
        ),
        Found.ENCRYPTED: (
            "{party} hat {about} am {at} mit {kid} signiert, verschlüsselt; der Schlüssel galt da."
            " Diese Ausfertigung hat der Hub daraus gemacht."
        ),
        Found.MISSING: "{party} hat das nicht signiert.",
        Found.UNREADABLE: "Was als Signatur von {party} dasteht, ist keine.",
        Found.KEY_UNKNOWN: "Der Schlüssel {kid} ist nicht als einer von {party} verzeichnet.",
        Found.KEY_NOT_VALID: "{party} hat am {at} mit {kid} signiert; der Schlüssel galt da nicht.",
        Found.KEY_REVOKED: "{party} hat am {at} mit {kid} signiert; der Schlüssel war widerrufen.",
        Found.FORGED: "Die Signatur von {party} gehört nicht zu diesem Inhalt.",
    },
    ENGLISH: {
        Found.HOLDS: "{party} signed {about} on {at} with the key {kid}; it was valid then.",
        Found.COPY: (
            "{party} signed {about} on {at} with the key {kid}; it was valid then. The hub made"
            " this copy of it; its content is not the same word for word."
        ),
        Found.ENCRYPTED: (
            "{party} signed {about} on {at} with the key {kid}, encrypted; it was valid then. The"
            " hub made this copy of it."
        ),
        Found.MISSING: "{party} has not signed this.",
        Found.UNREADABLE: "What stands there as the signature of {party} is none.",
        Found.KEY_UNKNOWN: "The key {kid} is not registered as one of {party}.",
        Found.KEY_NOT_VALID: "{party} signed on {at} with {kid}; the key was not valid then.",
        Found.KEY_REVOKED: "{party} signed on {at} with {kid}; the key had been revoked.",
        Found.FORGED: "The signature of {party} does not belong to this content.",
    },
}
_HUB: Final[Mapping[str, Mapping[Found, str]]] = {
    GERMAN: {
        Found.HOLDS: "Der Hub hat das so am {at} versandt und mit {kid} gesiegelt; der galt da.",
        Found.ERASED: (
            "Der Hub hat am {at} mit {kid} gesiegelt; der Inhalt ist gelöscht und lässt sich nicht"
            " mehr vergleichen."
        ),
        Found.ENCRYPTED: (
            "Der Hub hat das am {at} verschlüsselt versandt und mit {kid} gesiegelt; der galt da."
            " Ob es dieser Inhalt war, zeigt nur der Schlüssel des Falls."
        ),
        Found.MISSING: "Der Hub hat das nicht gesiegelt.",
        Found.UNREADABLE: "Was als Siegel des Hubs dasteht, ist keines.",
        Found.KEY_UNKNOWN: "Der Schlüssel {kid} ist nicht als Siegel des Hubs verzeichnet.",
        Found.KEY_NOT_VALID: "Am {at} mit {kid} gesiegelt; der Schlüssel galt da nicht.",
        Found.KEY_REVOKED: "Am {at} mit {kid} gesiegelt; der Schlüssel war widerrufen.",
        Found.FORGED: "Das Siegel des Hubs gehört nicht zu diesem Inhalt.",
    },
    ENGLISH: {
        Found.HOLDS: "The hub sent this on {at} as it is, sealed with {kid}, valid then.",
        Found.ERASED: (
            "The hub sealed on {at} with {kid}; the content is erased and cannot be compared any"
            " more."
        ),
        Found.ENCRYPTED: (
            "The hub sent this on {at} encrypted, sealed with {kid}, valid then. Whether it was"
            " this content only the key of the case shows."
        ),
        Found.MISSING: "The hub has not sealed this.",
        Found.UNREADABLE: "What stands there as the hub's seal is none.",
        Found.KEY_UNKNOWN: "The key {kid} is not registered as a seal of the hub.",
        Found.KEY_NOT_VALID: "Sealed on {at} with {kid}; the key was not valid then.",
        Found.KEY_REVOKED: "Sealed on {at} with {kid}; the key had been revoked.",
        Found.FORGED: "The hub's seal does not belong to this content.",
    },
}
_HUB_ITSELF: Final = {GERMAN: "Der Hub", ENGLISH: "The hub"}


def sentence(finding: Finding, language: str, names: Mapping[str, str]) -> str:
    """What was found. `names`: what parties are called."""
    words = (_HUB if finding.what == SEAL else _SENDER)[language][finding.found]
    party = _HUB_ITSELF[language] if finding.party == HUB else _named(finding.party, names)
    at = "" if finding.at is None else _moment(finding.at, language)
    return words.format(party=party, kid=finding.kid, at=at, about=_about(finding))


def _named(party: str, names: Mapping[str, str]) -> str:
    return f"{names[party]} ({party})" if party in names else party or "?"


def _about(finding: Finding) -> str:
    return f"{finding.said.get('type', '?')} {finding.said.get('id', '?')}"


def _moment(at: datetime, language: str) -> str:
    local = at.astimezone(ZONE)
    form = "%d.%m.%Y, %H:%M:%S Uhr" if language == GERMAN else "%Y-%m-%d %H:%M:%S"
    return local.strftime(form)
