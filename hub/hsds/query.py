"""Reads what is asked of `/services`: the parameters of HSDS, and the few of our own.

A filter that is not understood is refused: left out in silence it would show too much.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub.hsds import parameters, taxonomy
from hub.hsds.directory import Wish
from hub.hsds.parameters import Asked
from hub.hsds.problems import NotUnderstood
from schemas.vocabulary import OfferCategory, Service

MOST_PER_PAGE: Final = 500
MOST_MINIMAL: Final = 10_000
"""How many stand on a page of `minimal` lines, which is meant to hold all there are."""
WORDS: Final = 8
"""How many words of `search` are looked for."""
PARAMETERS: Final[Mapping[str, str]] = {
    "page": "Which page, counted from 1.",
    "per_page": f"How many services stand on a page, at most {MOST_PER_PAGE}.",
    "full": "true: each service with everything it consists of.",
    "minimal": "true: only id and modified_date, all on one page.",
    "modified_after": "Only what changed at this time or later (RFC 3339).",
    "taxonomy_term_id": "Only services with this term.",
    "taxonomy_id": "Only services with a term of this taxonomy.",
    "organization_id": "Only services of this organization.",
    "search": "Only services in whose name, description or organization each word stands.",
    "format": "json, the only one there is.",
    "area": "Only services for this municipality (8 digits of the AGS) or district (5 digits).",
    "category": f"Only offers of this kind: {', '.join(OfferCategory)}.",
    "service": f"Only offers that answer this referral service: {', '.join(Service)}.",
    "language": "Only offers where this language is spoken (ISO 639).",
}
"""Every parameter of `/services`, and what it does; together they all hold (AND)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked."""

    wish: Wish
    page: int
    """Counted from 1."""
    per_page: int
    minimal: bool
    full: bool


def read(pairs: Iterable[tuple[str, str]], per_page: int) -> Query:
    """The query in these parameters; raises NotUnderstood naming the parameter."""
    asked = parameters.once(pairs, PARAMETERS)
    minimal, full = parameters.flag(asked, "minimal"), parameters.flag(asked, "full")
    if minimal and full:
        raise NotUnderstood("Give minimal or full, not both.")
    if asked.get("format", "json") != "json":
        raise NotUnderstood("format: the only format is json.")
    if minimal:
        page, size = parameters.paging(asked, MOST_MINIMAL, MOST_MINIMAL)
    else:
        page, size = parameters.paging(asked, per_page, MOST_PER_PAGE)
    return Query(_wish(asked), page, size, minimal, full)


def _wish(asked: Asked) -> Wish:
    categories = parameters.code(asked, "category", OfferCategory)
    services = parameters.code(asked, "service", Service)
    if (term := parameters.identifier(asked, "taxonomy_term_id")) is not None:
        code = taxonomy.BY_ID.get(term)
        if isinstance(code, OfferCategory):
            categories = _both(categories, {code})
        else:
            services = _both(services, set() if code is None else {code})
    # Every offer is of some kind: the taxonomy of kinds leaves none out.
    if (terms := parameters.identifier(asked, "taxonomy_id")) not in (None, taxonomy.CATEGORIES_ID):
        services = _both(services, Service if terms == taxonomy.SERVICES_ID else ())
    return Wish(
        categories=categories,
        services=services,
        area=parameters.area(asked, "area"),
        languages=parameters.language(asked, "language"),
        organization=parameters.identifier(asked, "organization_id"),
        words=tuple(asked.get("search", "").replace("\0", " ").casefold().split()[:WORDS]),
        modified_after=parameters.moment(asked, "modified_after"),
    )


def _both(one: frozenset[Any] | None, other: Iterable[Any]) -> frozenset[Any]:
    return frozenset(other) if one is None else one.intersection(other)
