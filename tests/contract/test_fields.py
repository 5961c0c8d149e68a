"""Every field says what it is for, and every personal one is marked."""

import pytest

from schemas.data import Data
from schemas.documents import envelope_schema, schema_of
from schemas.events import ALL
from schemas.model import PERSONAL_MARK
from schemas.problems import TITLES, Problem, ProblemCode, problem
from schemas.shapes import shape
from schemas.vocabulary import Classification
from tests.support.schema_fields import leaves

every_event = pytest.mark.parametrize("model", ALL, ids=[model.wire_type() for model in ALL])
SOCIAL = [model for model in ALL if model.CLASSIFICATION is Classification.SOCIAL]
every_social_event = pytest.mark.parametrize(
    "model", SOCIAL, ids=[model.wire_type() for model in SOCIAL]
)
SAYS_NOTHING_OF_A_PERSON = frozenset(
    {
        *("ags", "old_ags", "new_ags", "place"),
        *("service", "offer_id", "urgency", "wished_place", "on_site"),
        *("received_at", "received_by", "first_received_at", "first_received_by"),
        *("consent_id", "given_at", "expires_at"),
        *("contact_prohibited", "disclosure_blocked"),
        *("status", "reason", "outcome", "new_owner", "at"),
        *("valid_from", "valid_until", "lifted_on", "reported_by", "case_open_at"),
        *("corrects", "withdraws"),
        *("old_carrier", "continued_since", "opened_at", "due_at"),
        *("publisher", "name", "category", "code"),
    }
)
"""Fields of social events that may stand in a log line: codes, keys, parties, days of a case."""
OUR_OWN_WORDS = frozenset({"event_type", "rule", "rules", "left_out", "topic", "detail", "field"})
"""Text fields of the hub's own events: it writes them, no sender does."""
PUBLIC_WORDS = frozenset({"name"})
"""Text of a public offer that the hub repeats."""


@every_event
def test_every_field_says_what_it_is_for(model: type[Data]) -> None:
    """Each field of each model has a description: its purpose (SGB X §67c)."""
    schema = schema_of(model)
    for part in [schema, *schema.get("$defs", {}).values()]:
        assert part["description"].endswith("."), part["title"]
        for name, field in part.get("properties", {}).items():
            assert field.get("description", "").endswith("."), f"{part['title']}.{name}"


def test_every_attribute_says_what_it_is_for() -> None:
    """Each context attribute has a description."""
    for name, attribute in envelope_schema()["properties"].items():
        assert attribute.get("description"), name


@every_social_event
def test_every_personal_field_is_marked(model: type[Data]) -> None:
    """In a social event a field is marked personal unless somebody decided that it is not."""
    schema = schema_of(model)
    for path, field in leaves(schema):
        name = path.rpartition(".")[2]
        marked = field.says.get(PERSONAL_MARK, False)
        assert marked is not (name in SAYS_NOTHING_OF_A_PERSON), path


def test_no_decision_about_a_field_is_left_over() -> None:
    """Every field named here still exists."""
    names = {path.rpartition(".")[2] for model in SOCIAL for path, _ in leaves(schema_of(model))}
    assert names >= SAYS_NOTHING_OF_A_PERSON


@every_event
def test_free_text_is_personal_public_or_ours(model: type[Data]) -> None:
    """Text without pattern or list can hold anything: it is marked, public, or the hub's own."""
    if model.CLASSIFICATION is Classification.PUBLIC:
        return
    schema = schema_of(model)
    for path, field in leaves(schema):
        inner = shape(field.says.get("items", {}), schema) if "array" in field.kinds else field
        bound = {"pattern", "enum", "format"} & inner.says.keys()
        if "string" in inner.kinds and not bound and not field.says.get(PERSONAL_MARK):
            assert path.rpartition(".")[2] in OUR_OWN_WORDS | PUBLIC_WORDS, path


@every_event
def test_every_text_a_sender_writes_has_an_end(model: type[Data]) -> None:
    """Text a sender writes has a longest length, by limit, pattern, list or format."""
    if model.TYPE.startswith(("receipt.", "ledger.")):
        return
    schema = schema_of(model)
    for path, field in leaves(schema):
        inner = shape(field.says.get("items", {}), schema) if "array" in field.kinds else field
        if "string" in inner.kinds:
            assert {"maxLength", "pattern", "enum", "format"} & inner.says.keys(), path
        if "array" in field.kinds:
            assert "maxItems" in field.says, path


@pytest.mark.parametrize("code", ProblemCode)
def test_every_code_says_something_of_its_own(code: ProblemCode) -> None:
    """Each problem code has one sentence that no other code has, and a stable form."""
    assert TITLES[code].endswith(".")
    assert list(TITLES.values()).count(TITLES[code]) == 1
    assert code.value == code.name.lower().replace("_", "-")
    found = problem(code)
    assert (found.title, found.detail) == (TITLES[code], TITLES[code])
    assert found.type == f"urn:kurze-wege:problem:{code.value}"


def test_codes_and_titles_are_the_same_list() -> None:
    """No title is left over from a code that is gone."""
    assert list(TITLES) == list(ProblemCode)
    assert Problem.model_json_schema()["$defs"]["ProblemCode"]["enum"] == list(ProblemCode)
