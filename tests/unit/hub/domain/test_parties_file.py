"""A mistake in a parties file is named with its file, its line and a remedy."""

import tomllib
from typing import Final

import pytest

from hub.domain.parties_file import parse
from hub.errors import ConfigError, ExitCode, PartiesError

GOOD: Final = """\
# A small district.
district = "06432"

[kinds.jobcenter]
receives = ["referral", "handover"]
services = ["benefit_advice"]
sees_blocked_addresses = true

[kinds.jobcenter.sends]
referral = ["sgb10-69"]

[kinds.municipality]
receives = ["referral", "address-change", "disclosure-block"]

[kinds.municipality.sends]
referral = ["sgb10-69"]
address-change = ["bmg-34"]

[[party]]
id = "kfb"
name = "Kreisagentur"
kind = "jobcenter"
area = "06432"

[[party]] # where the pilot began
id = "06432005"
name = "Eppertshausen"
kind = "municipality"
area = "06432005"

[[party]]
id = "06432004"
name = "Dieburg"
kind = "municipality"
area = "06432004"
services = ["debt_counselling"]

[party.sends]
referral = ["sgb1-16-2"]
"""


def _mistake(text: str) -> PartiesError:
    with pytest.raises(PartiesError) as raised:
        parse(text, "some/parties.toml")
    return raised.value


def _changed(before: str, after: str, nth: int = 0) -> str:
    """The good file with the nth occurrence of a text changed."""
    parts = GOOD.split(before)
    assert len(parts) > nth + 1, "the good file has no such text"
    return before.join(parts[: nth + 1]) + after + before.join(parts[nth + 1 :])


def test_good_file_is_read() -> None:
    """Kinds and overrides come together."""
    parties = parse(GOOD, "parties.toml")
    assert [*parties.by_id] == ["kfb", "06432005", "06432004"]
    assert parties.by_id["06432005"].sends == {
        "referral": ("sgb10-69",),
        "address-change": ("bmg-34",),
    }
    assert parties.by_id["06432004"].sends == {"referral": ("sgb1-16-2",)}


def test_party_has_times_of_its_own() -> None:
    """Hours and times of the kind hold, unless the party says otherwise."""
    text = _changed("= true", "= true\nanswer_within_working_days = 3").replace(
        'name = "Dieburg"',
        'name = "Dieburg"\nworking_hours = ["Mo-Th 08:00-12:00,13:00-18:00"]\nescalates_to = "kfb"',
    )
    kfb, _, dieburg = parse(text, "parties.toml").party
    assert (kfb.answer_within_working_days, dieburg.answer_within_working_days) == (3, 5)
    assert kfb.working_hours == ("Mo-Fr 08:00-16:00",)
    assert dieburg.working_hours == ("Mo-Th 08:00-12:00,13:00-18:00",)
    assert (kfb.escalates_to, dieburg.escalates_to) == (None, "kfb")


MISTAKES: Final = {
    "id twice": (_changed('"06432004"', '"06432005"'), 'id = "06432005"', 2, "2. one"),
    "the hub's id": (_changed('"kfb"', '"hub"'), 'id = "hub"', 1, "another id"),
    "id no id": (_changed('"kfb"', '"K f B"'), 'id = "K f B"', 1, "'id'"),
    "kind unknown": (_changed('"jobcenter"', '"job centre"'), 'kind = "job', 1, "jobcenter, muni"),
    "kind missing": (_changed('kind = "municipality"\n', ""), "[[party]] # where", 1, "kinds"),
    "kind of no use": (
        _changed("kinds.jobcenter", "kinds.office")
        .replace("kinds.jobcenter.", "kinds.office.")
        .replace('kind = "jobcenter"', 'kind = "office"'),
        'kind = "office"',
        1,
        "'kind'",
    ),
    "family unknown, received": (
        _changed('"handover"', '"hand-over"'),
        'receives = ["referral", "hand-over"]',
        1,
        "Use: referral, address-change",
    ),
    "family unknown, sent by its kind": (
        _changed("address-change = ", "adress-change = "),
        "adress-change = ",
        1,
        "Use: referral, address-change",
    ),
    "family unknown, sent by itself": (
        _changed("referral = ", "referal = ", 2),
        "referal = ",
        1,
        "Use: referral",
    ),
    "legal basis unknown, of a kind": (
        _changed('["bmg-34"]', '["bmg-99"]'),
        'address-change = ["bmg-99"]',
        1,
        "'address-change'",
    ),
    "legal basis unknown, of a party": (
        _changed('["sgb1-16-2"]', '["sgb1"]'),
        'referral = ["sgb1"]',
        1,
        "'referral'",
    ),
    "service unknown, of a kind": (
        _changed('"benefit_advice"', '"benefits"'),
        'services = ["benefits"]',
        1,
        "'services'",
    ),
    "service unknown, of a party": (
        _changed('"debt_counselling"', '"debts"'),
        'services = ["debts"]',
        1,
        "'services'",
    ),
    "key no key": (_changed('area = "06432005"', 'area = "6432005"'), 'area = "643', 1, "'area'"),
    "key a number": (_changed('area = "06432005"', "area = 6432005"), "area = 643", 1, "'area'"),
    "key of another": (
        _changed('area = "06432004"', 'area = "06432005"'),
        'area = "06432005"',
        2,
        "begins with 06432",
    ),
    "key elsewhere": (
        _changed('area = "06432005"', 'area = "06411000"'),
        'area = "06411000"',
        1,
        "begins with 06432",
    ),
    "key of the district": (
        _changed('area = "06432005"', 'area = "06432"'),
        'area = "06432"',
        2,
        "begins with 06432",
    ),
    "key missing": (
        _changed('area = "06432005"\n', ""),
        "[[party]] # where",
        1,
        "8-digit",
    ),
    "name missing": (_changed('name = "Dieburg"\n', ""), "[[party]]", 3, "'name'"),
    "id missing": (_changed('id = "06432005"\n', ""), "[[party]] # where", 1, "'id'"),
    "not a switch": (_changed("= true", '= "perhaps"'), "sees_blocked", 1, "'sees_blocked"),
    "unheard-of key": (
        _changed('name = "Dieburg"', 'name = "Dieburg"\nphone = "06071"'),
        "phone =",
        1,
        "'phone'",
    ),
    "calendar of another country": (
        _changed("= true", '= true\ncalendar = "FR-75"'),
        'calendar = "FR-75"',
        1,
        "'calendar'",
    ),
    "hours no hours": (
        _changed('name = "Dieburg"', 'name = "Dieburg"\nworking_hours = ["nine to five"]'),
        "working_hours",
        1,
        "'working_hours'",
    ),
    "hours no list": (
        _changed('name = "Dieburg"', 'name = "Dieburg"\nworking_hours = "Mo-Fr 08:00-16:00"'),
        "working_hours",
        1,
        "'working_hours'",
    ),
    "closed on no day": (
        _changed('name = "Dieburg"', 'name = "Dieburg"\nclosed_days = ["12-32"]'),
        "closed_days",
        1,
        "'closed_days'",
    ),
    "no day to answer": (
        _changed("= true", "= true\nanswer_within_working_days = 0"),
        "answer_within",
        1,
        "'answer_within",
    ),
    "half a day": (
        _changed("= true", "= true\nexpire_after_working_days = 2.5"),
        "expire_after",
        1,
        "'expire_after",
    ),
    "a day as a switch": (
        _changed("= true", "= true\nfinish_within_working_days = true"),
        "finish_within",
        1,
        "'finish_within",
    ),
    "lead nobody knows": (
        _changed('name = "Dieburg"', 'name = "Dieburg"\nescalates_to = "kreis"'),
        "escalates_to",
        1,
        "id of one of the parties",
    ),
    "addresses without blocks": (
        _changed(', "disclosure-block"', ""),
        'receives = ["referral", "address-change"]',
        1,
        "Add 'disclosure-block'",
    ),
    "district missing": (_changed('district = "06432"\n', ""), "# A small", 1, "'district'"),
    "district no key": (_changed('district = "06432"', 'district = "DaDi"'), "district", 2, "'dis"),
    "TOML, a bracket": (_changed('["sgb10-69"]', '["sgb10-69"'), "[kinds.municipality]", 1, "toml"),
    "TOML, a value": (_changed('"Dieburg"', "Dieburg"), "name = Dieburg", 1, "toml.io"),
    "TOML, a key twice": (
        _changed('name = "Dieburg"', 'name = "Dieburg"\nname = "D"'),
        'name = "D"\n',
        1,
        "toml.io",
    ),
}
"""The text, what the line begins with, which of such lines from 1, and words of the remedy."""


@pytest.mark.parametrize("text_line_nth_remedy", MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_named(text_line_nth_remedy: tuple[str, str, int, str]) -> None:
    """File, the very line, what is wrong and what to do."""
    text, begins, nth, remedy = text_line_nth_remedy
    error = _mistake(text)
    lines = [n for n, line in enumerate(text.splitlines(keepends=True), 1) if begins in line]
    assert error.line == lines[nth - 1], (error.line, error.what)
    assert error.where == f"some/parties.toml:{error.line}"
    assert remedy in error.remedy
    assert error.what.endswith(".")


EMPTY: Final = {
    "nothing": "",
    "no party": 'district = "06432"\n',
    "an empty list": "party = []\n",
    "a number": "party = 24\n",
    "a table": '[party]\nid = "kfb"\n',
}


@pytest.mark.parametrize("text", EMPTY.values(), ids=EMPTY)
def test_file_without_parties_is_no_registry(text: str) -> None:
    """A hub with nobody to send to does not start."""
    error = _mistake(text)
    assert error.what == "No [[party]] is declared."
    assert error.line == 1
    assert error.remedy


@pytest.mark.parametrize(
    "text",
    [
        "party = [1, 2]\n",
        'kinds = 3\n[[party]]\nkind = "jobcenter"\n',
        'kinds = { jobcenter = 3 }\n[[party]]\nkind = "jobcenter"\n',
        "[kinds]\n[[party]]\nkind = 3\n",
        '[kinds.a]\n[[party]]\nkind = "a"\nsends = 3\nreceives = { x = 1 }\n',
    ],
)
def test_file_of_another_shape_is_a_mistake_too(text: str) -> None:
    """Whatever stands there, the answer is a PartiesError with a line of the file."""
    error = _mistake(text)
    assert 1 <= error.line <= len(text.splitlines())
    assert error.remedy


LINES: Final = GOOD.splitlines(keepends=True)
DAMAGED: Final = [
    "".join([*LINES[:number], *again, *LINES[number + 1 :]])
    for number, line in enumerate(LINES)
    for again in ([], [line, line], [line[: len(line) // 2] + "\n"])
]
"""The good file with one line missing, twice, or cut off."""


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_file_is_read_or_explained(text: str) -> None:
    """Whichever line is damaged, there is a registry, or a mistake on a line of the file."""
    error = _mistake_if_any(text)
    if error is not None:
        assert 1 <= error.line <= len(text.splitlines())
        assert error.remedy


def _mistake_if_any(text: str) -> PartiesError | None:
    try:
        parse(text, "parties.toml")
    except PartiesError as error:
        return error
    return None


def test_mistake_ends_a_command_as_a_wrong_setting_does() -> None:
    """Exit code 2, as for every setting that is not usable."""
    error = _mistake("")
    assert isinstance(error, ConfigError)
    assert error.exit_code == ExitCode.USAGE


def test_good_file_is_toml() -> None:
    """The test's own example is what it says."""
    assert tomllib.loads(GOOD)["district"] == "06432"
