"""Names of files: none takes another's place, none of them tells the log anything."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.file_drop.names import MAX_NAME_BYTES, REPORT, free_name, is_meant, pseudonym
from tests.support.patience import PATIENT

NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=120
).filter(lambda name: name not in {".", ".."} and len(name.encode()) <= 255)


@PATIENT
@given(NAMES, st.integers(1, 4))
def test_no_name_is_used_twice(name: str, times: int) -> None:
    """The same name dropped again and again never meets itself, and fits with its report."""
    taken: set[str] = set()
    for _ in range(times):
        free = free_name(name, taken.__contains__)
        assert free not in taken
        assert len(os.fsencode(free + REPORT)) <= 255
        taken.add(free)


def test_a_free_name_stays_as_it_is() -> None:
    """A file keeps its name if it can, else it gets a number before its ending."""
    assert free_name("umzuege.csv", set().__contains__) == "umzuege.csv"
    assert free_name("umzuege.csv", {"umzuege.csv"}.__contains__) == "umzuege.2.csv"


def test_a_very_long_name_is_cut_and_stays_its_own() -> None:
    """Two long names that begin alike are still two names, with their ending."""
    first, second = ("x" * 240 + end for end in ("1.csv", "2.csv"))
    short = free_name(first, set().__contains__)
    assert len(short) <= MAX_NAME_BYTES
    assert short.endswith(".csv")
    assert short != free_name(second, set().__contains__)


@pytest.mark.parametrize(
    "name",
    [".umzuege.csv", "umzuege.csv.tmp", "umzuege.csv.part", "UMZUEGE.TMP", "~$umzuege.csv", "a~"],
)
def test_unfinished_files_are_not_meant(name: str) -> None:
    """What is still being written, hidden or a lock file of an office program stays."""
    assert not is_meant(name)


def test_other_names_are_meant() -> None:
    """Every other name is handed in, whatever it looks like."""
    assert all(map(is_meant, ["umzuege.csv", "parts.csv", "tmp", "; rm -rf *.jsonl", "\n.xml"]))


def test_the_log_gets_no_name() -> None:
    """The pseudonym is the same for the same name and has nothing of it."""
    assert pseudonym("Haddad, Anna.csv") == pseudonym("Haddad, Anna.csv")
    assert pseudonym("Haddad, Anna.csv").isalnum()
    assert len(pseudonym("Haddad, Anna.csv")) == 12
