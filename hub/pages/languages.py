"""In which language a page is written: German, unless somebody wants English more."""

from typing import Final

from starlette.requests import Request

from hub.language import Language

COOKIE: Final = "language"
"""Holds what was chosen by the link on each page."""


def language_of(request: Request) -> Language:
    """The language chosen by link, else the best of those the browser names, else German."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in list(Language):
        return Language(chosen)
    return best(request.headers.get("accept-language", ""))


def best(accepted: str) -> Language:
    """The first language of an `Accept-Language` header that there is (RFC 9110, 12.5.4)."""
    wishes = []
    for wish in accepted.split(","):
        tag, _, quality = wish.partition(";q=")
        name = tag.strip().lower().partition("-")[0]
        if name in list(Language) and (weight := _weight(quality)) > 0:
            wishes.append((weight, Language(name)))
    return max(wishes, key=lambda each: each[0], default=(0.0, Language.GERMAN))[1]


def _weight(quality: str) -> float:
    try:
        return float(quality) if quality.strip() else 1.0
    except ValueError:
        return 0.0
