"""Mappings in TOML: what the contract does not have cannot be declared."""

import pytest

from connectors.file_drop.table_mapping import MappingUnreadable, candidates, defaults, parse
from schemas.topics import HANDED_IN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not toml", "pferde"),
        ('type = "referral.requested.v1"', "columns"),
        ('type = "gossip.heard.v1"\n[columns]', "no such event type"),
        ('type = "referral.requested.v1"\n[columns]\nA = "data.pet"', "the contract has nothing"),
        ('type = "referral.requested.v1"\n[columns]\nA = "rule"', "the contract has nothing"),
        ('type = "referral.requested.v1"\n[columns]\nA = "source"', "the contract has nothing"),
        ('type = "referral.requested.v1"\n[columns]\nA = "id"\nB = "id"', "same place"),
        (
            'type = "referral.requested.v1"\nconstants = {id = "1"}\n[columns]\nA = "id"',
            "same place",
        ),
        (
            'type = "referral.requested.v1"\ncolumns = {A = "data.client", B = "data.client.ags"}',
            "lies inside",
        ),
        ('type = "referral.requested.v1"\n[columns]\nA = {to = "id", as = "magic"}', "columns.A"),
        ('type = "referral.requested.v1"\ndelimiter = "::"\n[columns]', "delimiter"),
        ('type = "referral.requested.v1"\nspeed = 9\n[columns]', "speed"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(text: str, words: str) -> None:
    """Whoever writes a mapping is told what is wrong with it, and in which."""
    with pytest.raises(MappingUnreadable) as refused:
        parse("pferde", text)
    assert "pferde" in str(refused.value)
    assert words in str(refused.value)


def test_the_defaults_are_for_what_parties_say() -> None:
    """Each mapping that comes along is for an input type, and claims files by name."""
    for mapping in defaults():
        assert mapping.type.rpartition(".")[0] in HANDED_IN
        assert mapping.files
        assert candidates(mapping.files[0].replace("*", "-2026-03"), ()) == [mapping]


def test_names_are_compared_as_people_read_them() -> None:
    """Upper and lower case make no difference in a file's name."""
    assert [one.name for one in candidates("UMZÜGE März.CSV", ())] == ["umzuege"]


def test_a_name_nobody_claims_leaves_every_mapping() -> None:
    """Then the header row has to tell."""
    assert candidates("export.csv", ()) == list(defaults())
