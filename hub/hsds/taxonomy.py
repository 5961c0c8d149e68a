"""The two taxonomies by which offers are found: the kind of support, and the referral service."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from hub.hsds import ids
from schemas.vocabulary import OfferCategory, Service

Json = dict[str, Any]
Code = OfferCategory | Service


class Taxonomy(StrEnum):
    """A list of terms."""

    CATEGORIES = "offer-categories"
    SERVICES = "referral-services"


class _Words(NamedTuple):
    name: str
    description: str


ABOUT: Final[Mapping[Taxonomy, _Words]] = {
    Taxonomy.CATEGORIES: _Words("Kinds of support", "What kind of support an offer is."),
    Taxonomy.SERVICES: _Words(
        "Referral services",
        "What a jobcenter's client can be referred to: SGB II §16a and the jobcenter's own.",
    ),
}
TERMS: Final[Mapping[Code, _Words]] = {
    OfferCategory.COUNSELLING: _Words("Counselling", "Advice in a difficult situation."),
    OfferCategory.CHILDCARE: _Words("Childcare", "Care for children."),
    OfferCategory.LANGUAGE: _Words("Language", "Learning and speaking German."),
    OfferCategory.QUALIFICATION: _Words("Qualification", "Learning for work."),
    OfferCategory.HEALTH: _Words("Health", "Help with body and mind."),
    OfferCategory.HOUSING: _Words("Housing", "Finding and keeping a home."),
    OfferCategory.MEETING: _Words("Meeting", "Meeting other people."),
    OfferCategory.MATERIAL_HELP: _Words("Material help", "Food, clothes and other things."),
    Service.CHILDCARE_AND_CARE: _Words(
        "Childcare and care", "Care for children or relatives (SGB II §16a no. 1)."
    ),
    Service.DEBT_COUNSELLING: _Words("Debt counselling", "SGB II §16a no. 2."),
    Service.PSYCHOSOCIAL_SUPPORT: _Words("Psychosocial support", "SGB II §16a no. 3."),
    Service.ADDICTION_COUNSELLING: _Words("Addiction counselling", "SGB II §16a no. 4."),
    Service.BENEFIT_ADVICE: _Words("Benefit advice", "Advice on Bürgergeld."),
    Service.JOB_PLACEMENT: _Words("Job placement", "Finding work."),
    Service.CASE_MANAGEMENT_ON_SITE: _Words(
        "Case management on site", "Fallmanagement vor Ort, in the town hall."
    ),
    Service.HOUSING_COSTS: _Words("Housing costs", "Costs of accommodation (SGB II §22)."),
    Service.LOCAL_OFFER: _Words("Local offer", "An offer on the spot, called by its name."),
}


def taxonomy_of(code: Code) -> Taxonomy:
    """The taxonomy a code belongs to."""
    return Taxonomy.CATEGORIES if isinstance(code, OfferCategory) else Taxonomy.SERVICES


def taxonomy_id(taxonomy: Taxonomy) -> str:
    """The taxonomy's id."""
    return ids.of("taxonomy", taxonomy)


def term_id(code: Code) -> str:
    """The term's id."""
    return ids.of("taxonomy_term", taxonomy_of(code), code)


def taxonomies() -> Sequence[Json]:
    """Each as an HSDS `taxonomy`."""
    return [
        {"id": taxonomy_id(each), "name": words.name, "description": words.description}
        for each, words in ABOUT.items()
    ]


def terms(taxonomy: str | None = None) -> Sequence[Json]:
    """Each as an HSDS `taxonomy_term`; of one taxonomy, if its id is given."""
    return [term(code) for code in TERMS if taxonomy in (None, taxonomy_id(taxonomy_of(code)))]


def term(code: Code) -> Json:
    """A code as an HSDS `taxonomy_term`."""
    words, taxonomy = TERMS[code], taxonomy_of(code)
    return {
        "id": term_id(code),
        "code": str(code),
        "name": words.name,
        "description": words.description,
        "taxonomy": str(taxonomy),
        "taxonomy_detail": {
            "id": taxonomy_id(taxonomy),
            "name": ABOUT[taxonomy].name,
            "description": ABOUT[taxonomy].description,
        },
        "language": "en",
    }


BY_ID: Final[Mapping[str, Code]] = {term_id(code): code for code in TERMS}
"""Each code by its term's id."""
CATEGORIES_ID: Final = taxonomy_id(Taxonomy.CATEGORIES)
SERVICES_ID: Final = taxonomy_id(Taxonomy.SERVICES)
