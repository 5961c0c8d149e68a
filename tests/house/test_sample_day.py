"""The committed sample day is what the generator writes."""

from pathlib import Path

from tests.support.working_day import SAMPLE, make_day

ROOT = Path(__file__).parents[2]
REMEDY = f"write it again: rm -r {SAMPLE}; python -m tests.support.working_day {SAMPLE}"


def test_sample_is_current() -> None:
    """Every file of the sample is byte for byte what its seed gives, and there is no other."""
    folder = ROOT / SAMPLE
    committed = {
        file.relative_to(folder).as_posix(): file.read_bytes().decode()
        for file in folder.rglob("*")
        if file.is_file()
    }
    generated = make_day().files
    assert committed.keys() == generated.keys(), REMEDY
    different = [name for name, text in generated.items() if committed[name] != text]
    assert not different, REMEDY
