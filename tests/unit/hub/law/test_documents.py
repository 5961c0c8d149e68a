"""The documents say all there is: every party, activity, personal field and place of keeping."""

import json
from pathlib import Path

import pytest

from hub.domain.parties import Kind
from hub.law import words
from hub.law.documents import Document, document
from hub.law.matrix import personal_fields
from hub.law.retention import plan
from hub.party_file import load_parties
from hub.settings import Settings
from schemas.events import ALL, NEWEST
from schemas.topics import HANDED_IN, every_topic
from tests.support.command import hub

PARTIES = load_parties()
SETTINGS = Settings()


def test_every_personal_field_has_a_word() -> None:
    """What says something about a person has its category, in every version of every event."""
    named = {field.rpartition(".")[2] for model in ALL for field in personal_fields(model)}
    assert named == words.CATEGORIES.keys()


def test_everybody_and_everything_has_a_word() -> None:
    """Each kind of party, and each family of events that may be handed in."""
    families = {event_type.partition(".")[0] for event_type in HANDED_IN}
    assert words.KINDS.keys() == set(Kind)
    assert words.ACTIVITIES.keys() == words.CONCERNED.keys() == families


@pytest.mark.parametrize("which", Document)
def test_a_document_is_whole(which: Document) -> None:
    """It begins with its title and the law, and has no gap where a word is missing."""
    text = document(which, SETTINGS, PARTIES)
    assert text.startswith("# ")
    assert "(Art. " in text or "§" in text.splitlines()[0]
    assert text.endswith("\n")
    assert "None" not in text
    assert "{{" not in text
    for activity in words.ACTIVITIES.values():
        assert which is Document.RETENTION or activity in text


def test_the_record_names_everybody() -> None:
    """Each party with its id, each event type that may be handed in."""
    text = document(Document.RECORD, SETTINGS, PARTIES)
    for party in PARTIES.party:
        assert f"{party.name} (`{party.id}`)" in text
    for event_type in NEWEST.keys() & set(HANDED_IN):
        assert f"`{event_type}`" in text


def test_every_topic_is_in_the_plan() -> None:
    """What lies on Kafka ends after the days the topics are made with."""
    kept = " ".join(one.where for one in plan(SETTINGS))
    for topic in every_topic(()):
        assert topic.name in kept or topic.name.endswith(".dead")


def test_the_plan_follows_the_settings() -> None:
    """Who keeps cases for a month only reads so."""
    month = Settings.model_validate({"web": {"erase_after_days": 30}})
    (cases,) = (one for one in plan(month) if one.where == "Back Office: Fälle")
    assert cases.days == 30


def test_what_is_kept_of_operators_is_in_the_plan() -> None:
    """Where they sign in at the board; without accounts nothing is kept of them there."""
    accounts = {"accounts": {"database": "sqlite:///operators.sqlite"}}
    board = Settings.model_validate({"monitor": accounts})
    kept, usual = ({one.where for one in plan(one)} for one in (board, SETTINGS))

    assert {one.partition(":")[0] for one in kept - usual} == {"Betriebsseite"}
    assert len(kept - usual) == 3


def test_they_are_printed(tmp_path: Path) -> None:
    """`hub law` prints Markdown on stdout, and the matrix as JSON for programs."""
    said = hub("law", "record", folder=tmp_path)
    assert (said.code, said.out) == (0, document(Document.RECORD, SETTINGS, PARTIES))
    rows = hub("law", "matrix", "-o", "json", folder=tmp_path).data
    assert {row["event_type"] for row in rows} == set(HANDED_IN)
    assert json.dumps(rows).count("sgb1-17")
