"""The committed sample day, and the evening behind it, are what the generator writes."""

from pathlib import Path

import pytest

from tests.support.working_day import SAMPLE, SAMPLE_EVENING, Day, make_day, make_evening

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("sample", "option", "generated"),
    [(SAMPLE, "", make_day()), (SAMPLE_EVENING, " --evening", make_evening())],
    ids=["day", "evening"],
)
def test_sample_is_current(sample: str, option: str, generated: Day) -> None:
    """Every file of the sample is byte for byte what its seed gives, and there is no other."""
    remedy = f"write it again: rm -r {sample}; python -m tests.support.working_day {sample}{option}"
    folder = ROOT / sample
    committed = {
        file.relative_to(folder).as_posix(): file.read_bytes().decode()
        for file in folder.rglob("*")
        if file.is_file()
    }
    assert committed.keys() == generated.files.keys(), remedy
    different = [name for name, text in generated.files.items() if committed[name] != text]
    assert not different, remedy
