"""Nothing that the hub writes is passed over in silence, and who expects it asks nobody."""

from pathlib import Path

from hub.processors import ALL
from schemas.topics import HUB_EVENTS, TOPIC_OF
from tests.year.judge import kinds


def test_it_is_decided_how_each_type_is_judged() -> None:
    """A new type must be expected, or be left to others with the reason, before this is green."""
    written = {*HUB_EVENTS, *TOPIC_OF, *(kind for processor in ALL for kind in processor.EMITS)}

    assert written - kinds.KNOWN == set()
    assert kinds.KNOWN - written == set()


def test_what_is_left_to_others_has_a_reason() -> None:
    """In a sentence; and it is not judged as well."""
    judged = kinds.COPIES | kinds.ANSWERS | kinds.FOLLOWS | kinds.REMINDERS

    assert all(len(why) > 20 for why in kinds.LEFT_TO_OTHERS.values())
    assert judged & kinds.LEFT_TO_OTHERS.keys() == set()


def test_what_is_expected_is_not_read_from_the_hub() -> None:
    """Neither the script nor the oracle, nor the calendar of both, uses any of the hub's code."""
    here = Path(__file__).parent
    files = [*here.glob("script/*.py"), *here.glob("oracle/*.py"), here / "working_days.py"]

    assert len(files) > 20
    assert [file.name for file in files if "hub" in _imported(file.read_text("utf-8"))] == []


def _imported(source: str) -> set[str]:
    """The first words of all that is imported."""
    lines = [line.split() for line in source.splitlines()]
    return {words[1].partition(".")[0] for words in lines if words[:1] in (["from"], ["import"])}
