"""What a row says, and what is wrong with one that says nothing."""

import json

import pytest

from connectors.sql_outbox.mapping import Row, as_text, event_of
from connectors.sql_outbox.options import Options
from schemas.errors import Unreadable
from tests.contract.subject_outbox import PARTY
from tests.support.builders import a_referral
from tests.support.wire_forms import structured

OPTIONS = Options.model_validate({"database": "sqlite://", "party": PARTY, "zone": "Europe/Berlin"})
EVENT = a_referral(id="11111111-2222-4333-8444-555555555555", on="case-7")


def row(**changes: str | None) -> Row:
    """The referral as a row; a change to None empties a column."""
    said = structured(EVENT)
    columns = {name: text for name, text in said.items() if isinstance(text, str)}
    columns |= {"aggregateid": said["subject"], "payload": json.dumps(said["data"])}
    return Row(1, columns | changes)


def codes(refused: Row, options: Options = OPTIONS) -> set[tuple[str, str | None]]:
    """Code and field of each problem of a row that is no event."""
    with pytest.raises(Unreadable) as said:
        event_of(refused, options)
    return {(str(one.code), one.field) for one in said.value.problems}


def test_a_row_is_its_event() -> None:
    """Columns become attributes, the aggregate the subject, the payload the data."""
    assert event_of(row(), OPTIONS) == EVENT


def test_what_no_column_says() -> None:
    """The source is the party's system, and constants stand in for empty columns only."""
    options = OPTIONS.model_copy(
        update={"system": "meso", "constants": {"purpose": "benefits", "legalbasis": "sgb1-60"}}
    )
    context = event_of(row(source=None, purpose=None, legalbasis="sgb2-16a"), options).context
    assert context.source == f"//kurze-wege/{PARTY}/meso"
    assert (context.purpose, context.legalbasis) == ("benefits", "sgb2-16a")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-02T09:15:00Z", "2026-03-02T09:15:00+00:00"),
        ("2026-03-02 09:15:00+00", "2026-03-02T09:15:00+00:00"),
        ("2026-03-02 10:15:00.250", "2026-03-02T10:15:00.250000+01:00"),
        ("2026-07-02 10:15", "2026-07-02T10:15:00+02:00"),
    ],
)
def test_time(written: str, meant: str) -> None:
    """A time is read as databases write it; without an offset it is in the zone of the options."""
    assert event_of(row(time=written), OPTIONS).context.time.isoformat() == meant


@pytest.mark.parametrize(
    "written", ["infinity", "2026-03-02", "20260302", "gestern", "0044-03-15 BC"]
)
def test_time_that_is_none(written: str) -> None:
    """What is no point in time is refused."""
    assert ("attribute-invalid", "time") in codes(row(time=written))


@pytest.mark.parametrize(
    ("column", "text", "code", "field"),
    [
        ("payload", None, "value-unreadable", None),
        ("payload", "{", "value-unreadable", None),
        ("payload", "[1]", "value-unreadable", None),
        ("aggregateid", None, "attribute-missing", "subject"),
        ("type", None, "attribute-missing", "type"),
        ("type", "referral.requested", "event-type-unknown", "type"),
        ("type", "receipt.seen.v1", "field-missing", "event_id"),
        ("time", None, "attribute-missing", "time"),
        ("id", "Mia Beispiel", "attribute-invalid", "id"),
        ("source", "//kurze-wege/06432004/meso", "source-mismatch", "source"),
        (
            "aggregateid",
            b"caf\xe9".decode("utf-8", "surrogateescape"),
            "attribute-invalid",
            "subject",
        ),
        (
            "payload",
            b'{"note": "\xe9"}'.decode("utf-8", "surrogateescape"),
            "value-unreadable",
            None,
        ),
    ],
)
def test_fault(column: str, text: str | None, code: str, field: str | None) -> None:
    """Each fault has the contract's code for it."""
    assert (code, field) in codes(row(**{column: text}))


def test_too_large() -> None:
    """A payload that was not loaded, for its size, is refused for it."""
    assert codes(row()._replace(too_large=True)) == {("event-too-large", "payload")}


def test_problems_as_text() -> None:
    """The column holds code, field and what to do, and no value."""
    with pytest.raises(Unreadable) as said:
        event_of(row(purpose="curiosity-of-zwiebelturm"), OPTIONS)
    text = as_text(said.value.problems)
    assert "zwiebelturm" not in text
    (problem,) = json.loads(text)
    assert problem.keys() == {"code", "detail", "field"}
