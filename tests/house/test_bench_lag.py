"""The comparison of lag tools is fair: its own parts, without a broker."""

import json
from pathlib import Path

import pytest

from tests.bench_lag.peers.hub import EASTER, NIGHT, silent_between
from tests.bench_lag.report import table
from tests.bench_lag.scenes import ALL, Scene
from tests.bench_lag.word import LOST, NOBODY, Truth, Word, is_right

ROOM = Path("tests/bench_lag")
PAGE = (ROOM / "README.md").read_text(encoding="utf-8")
FINE = Truth(0)
STOPPED = Truth(5, NOBODY)


@pytest.mark.parametrize(
    ("word", "truth", "right"),
    [
        (Word(0), FINE, True),
        (Word(1), FINE, False),
        (Word(0, frozenset({NOBODY})), FINE, False),
        (None, FINE, False),
        (Word(None), FINE, False),
        (Word(5, frozenset({NOBODY})), STOPPED, True),
        (Word(5), STOPPED, False),
        (Word(10, frozenset({NOBODY})), STOPPED, False),
        (Word(5, frozenset({LOST})), STOPPED, False),
    ],
)
def test_who_is_right(word: Word | None, truth: Truth, right: bool) -> None:  # noqa: FBT001
    """The number must be true, what is wrong must be said, and nothing that is not so."""
    assert is_right(word, truth) is right


def test_scenes_do_not_meet() -> None:
    """Each scene has a name, a topic and a group to itself."""
    for names in zip(*((scene.name, scene.topic, scene.group) for scene in ALL), strict=True):
        assert len(set(names)) == len(ALL)


@pytest.mark.parametrize("scene", ALL, ids=lambda scene: scene.name)
def test_every_scene_is_explained_and_has_a_result(scene: Scene) -> None:
    """The page says what happens; the kept result has the truth and every tool's word."""
    kept = json.loads((ROOM / "results" / "latest.json").read_text(encoding="utf-8"))
    found = kept["scenes"][scene.name]

    assert f"| `{scene.name}` | {scene.says[0].upper()}{scene.says[1:]}. |" in PAGE
    assert found["truth"]["lag"] == scene.truth.lag
    assert found["hub"]["right"]
    assert found.keys() >= {"ConsumerGroupCommand", "kafkatop", "klag-exporter"}
    assert table(kept) == (ROOM / "results" / "latest.md").read_text(encoding="utf-8")


def test_nights_and_holidays_are_no_silence_and_weeks_are() -> None:
    """The simulation of the quiet scenes can fail: a week without work is told."""
    assert not silent_between(*NIGHT)
    assert not silent_between(*EASTER)
    assert silent_between(EASTER[0], EASTER[1].replace(day=14))
