"""Whatever is done to a chain of acts shows."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit.act import LONGEST, LONGEST_REASON, Act, Did, unfit
from hub.audit.chain import BEGINNING, Broken, Flaw, Head, Row, digest, heads_in, linked, verify
from tests.support.acts import ACTS, OPENED, chain_of
from tests.support.patience import PATIENT

CHAINS = st.lists(ACTS, min_size=2, max_size=8).map(lambda acts: chain_of(*acts))
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)


@PATIENT
@given(CHAINS)
def test_a_whole_chain_holds(rows: list[Row]) -> None:
    """Nothing is wrong with a chain that nobody touched, and every head told of it is found."""
    verdict = verify(rows, [row.head for row in rows])

    assert verdict == (len(rows), rows[-1].head, len(rows), None)


@PATIENT
@given(CHAINS, st.data())
def test_a_changed_part_shows(rows: list[Row], data: st.DataObject) -> None:
    """Any part of any row, changed to anything else, is named as the first that does not hold."""
    at = data.draw(st.integers(0, len(rows) - 1), "row")
    part = data.draw(st.sampled_from([name for name in Row._fields if name != "number"]), "part")
    now: Any = data.draw(st.one_of(st.text(), HEX, st.none(), st.integers(), st.binary()), "now")
    if now == getattr(rows[at], part):
        return
    rows[at] = rows[at]._replace(**{part: now})

    assert verify(rows).broken == Broken(at + 1, Flaw.CHANGED)


@PATIENT
@given(CHAINS, st.data())
def test_a_row_taken_out_shows(rows: list[Row], data: st.DataObject) -> None:
    """A row that is gone is named, the last one too if its head was told elsewhere."""
    told = rows[-1].head
    at = data.draw(st.integers(0, len(rows) - 1), "row")
    del rows[at]
    flaw = Flaw.MISSING if at < len(rows) else Flaw.CUT

    assert verify(rows, [told]).broken == Broken(at + 1, flaw)


@PATIENT
@given(CHAINS, ACTS, st.data())
def test_a_row_put_in_shows(rows: list[Row], act: Act, data: st.DataObject) -> None:
    """A row between others is named, though it is made as it should be."""
    at = data.draw(st.integers(1, len(rows) - 1), "row")
    before = rows[at - 1]
    rows.insert(at, linked(act, before.at, before.head))
    if rows[at] == rows[at + 1]:
        return

    assert verify(rows).broken == Broken(at + 1, Flaw.ADDED)


@PATIENT
@given(CHAINS, st.data())
def test_another_order_shows(rows: list[Row], data: st.DataObject) -> None:
    """Two rows that have changed places show, also when each got the other's number."""
    one, other = sorted(
        data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True))
    )
    moved = [*rows]
    moved[one], moved[other] = rows[other], rows[one]
    assert verify(moved).broken is not None

    moved[one] = moved[one]._replace(number=one + 1)
    moved[other] = moved[other]._replace(number=other + 1)
    assert verify(moved).broken == Broken(one + 1, Flaw.CHANGED)


@PATIENT
@given(CHAINS, ACTS, st.data())
def test_a_row_written_anew_breaks_the_link(rows: list[Row], act: Act, data: st.DataObject) -> None:
    """Who changes a row and its digest has broken the link of the next one."""
    at = data.draw(st.integers(0, len(rows) - 2), "row")
    anew = rows[at]._replace(about=act.about + "x")
    if anew.about == rows[at].about:
        return
    rows[at] = anew._replace(hash=digest(anew))

    assert verify(rows).broken == Broken(at + 2, Flaw.UNLINKED)


@PATIENT
@given(st.lists(ACTS, min_size=1, max_size=6), st.data())
def test_a_chain_written_anew_shows_by_a_head_told_before(
    acts: list[Act], data: st.DataObject
) -> None:
    """Who writes all rows anew, from one on, is told by any head that was told elsewhere."""
    before = chain_of(*acts)
    at = data.draw(st.integers(0, len(acts) - 1), "row")
    anew = [*acts]
    anew[at] = anew[at]._replace(about=f"{anew[at].about[:100]}+")
    after = chain_of(*anew)
    assert verify(after).broken is None

    told = data.draw(st.integers(at, len(acts) - 1), "told")
    assert verify(after, [before[told].head]).broken == Broken(told + 1, Flaw.REPLACED)


def test_an_empty_chain_holds_unless_there_was_one() -> None:
    """No row at all is no fault; but where a head was told, all of it is gone."""
    assert verify([]) == (0, BEGINNING, 0, None)
    assert verify([], [Head(3, "a" * 64)]).broken == Broken(1, Flaw.CUT)


def test_two_heads_of_one_number_never_hold() -> None:
    """Who tells two heads for the same row has two chains."""
    (row,) = chain_of(OPENED)

    assert verify([row], [row.head, Head(1, "b" * 64)]).broken == Broken(1, Flaw.REPLACED)


def test_the_digest_can_be_had_without_our_code() -> None:
    """Anybody can reckon it: SHA-256 of the JSON of all other parts, names in order, no blanks."""
    (row,) = chain_of(OPENED)
    parts = {name: value for name, value in row._asdict().items() if name != "hash"}
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert row.hash == hashlib.sha256(text.encode()).hexdigest()
    assert row.previous == "0" * 64


@PATIENT
@given(CHAINS)
def test_heads_are_found_in_any_text(rows: list[Row]) -> None:
    """A head is one word, in a log, a mail or JSON; what only looks like one is none."""
    lines = [
        json.dumps({"event": "audited", "head": str(rows[0].head)}),
        f"2026-11-25T09:30:00Z [info] audited did=case-opened head={rows[1].head}",
        f"sha256:{'a' * 64}",
        f"a1:{'b' * 64}",
        f"2:{'b' * 65}",
    ]

    assert list(heads_in("\n".join(lines))) == [rows[0].head, rows[1].head]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("who", "x" * (LONGEST + 1)),
        ("about", "R-1\nR-2"),
        ("about", "\x00"),
        ("reason", "\ud800"),
        ("reason", "x" * (LONGEST_REASON + 1)),
        ("party", "\x1b[2J"),
    ],
)
def test_what_cannot_stand_there_is_named(part: str, said: str) -> None:
    """Too long, a line break, half a character, what steers a terminal: each is refused."""
    whole: dict[str, Any] = {part: said}

    assert unfit(OPENED._replace(**whole)) == part
    assert unfit(OPENED) == ""


def test_codes_are_words_with_hyphens() -> None:
    """A code is what people and programs look for: small letters and hyphens, forty at most."""
    assert [did for did in Did if not did.replace("-", "a").isalpha() or did != did.lower()] == []
    assert max(map(len, Did)) <= 40
