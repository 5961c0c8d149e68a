"""Who owns the audit's database changes it and leaves no trace: they leave one."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import auditing
from hub.audit.act import Act, Did
from hub.audit.chain import Head, Verdict, linked, verify
from hub.audit.keeping import CODE, NotAudited
from hub.settings import Settings
from hub.stores.audit.upgrade import upgrade
from tests.support.acts import OPENED
from tests.support.patience import FEW

ROWS = 6
PARTS = ("at", "who", "role", "party", "did", "about", "reason", "previous", "hash")
NUMBERS = st.integers(1, ROWS)
CHANGES = st.one_of(
    st.tuples(st.just("UPDATE"), NUMBERS, st.sampled_from(PARTS)),
    st.tuples(st.just("DELETE"), NUMBERS, st.just("")),
    st.tuples(st.just("SWAP"), NUMBERS, st.sampled_from(("about", "hash", "who"))),
)


def touched(file: Path, changes: Sequence[tuple[str, int, str]]) -> bool:
    """Do it to the file; whether anything is other than before."""
    with closing(sqlite3.connect(file)) as owner, owner:
        before = owner.execute("SELECT * FROM audit ORDER BY number").fetchall()
        for trigger in ("audit_is_kept", "audit_stays"):
            owner.execute(f"DROP TRIGGER {trigger}")
        for what, number, part in changes:
            if what == "UPDATE":
                new = f"UPDATE audit SET {part} = {part} || 'x' WHERE number = ?"  # noqa: S608 - ours
                owner.execute(new, (number,))
            elif what == "DELETE":
                owner.execute("DELETE FROM audit WHERE number = ?", (number,))
            else:
                other = f"SELECT {part} FROM audit WHERE number = ?"  # noqa: S608 - ours
                sets = f"UPDATE audit SET {part} = coalesce(({other}), {part}) WHERE number = ?"  # noqa: S608 - ours
                owner.execute(sets, (ROWS + 1 - number, number))
        after = owner.execute("SELECT * FROM audit ORDER BY number").fetchall()
    return bool(before != after)


def written(folder: Path) -> tuple[Path, Head]:
    """An audit of some rows, and its head as it was told."""
    file = folder / "audit.sqlite"
    upgrade(f"sqlite:///{file}")
    with closing(auditing.opened(f"sqlite:///{file}")) as audit:
        audit.record(*(OPENED._replace(about=f"R-{n}", who=f"clerk-{n}") for n in range(ROWS)))
        return file, audit.head()


def checked(file: Path, told: Head) -> Verdict:
    """What `hub audit verify` finds."""
    with closing(auditing.opened(f"sqlite:///{file}")) as audit, audit.all() as rows:
        return verify(rows, [told])


@FEW
@given(st.lists(CHANGES, min_size=1, max_size=3))
def test_audit_that_is_touched(changes: list[tuple[str, int, str]]) -> None:
    """Rows changed, taken away, or given each other's words: any of it shows."""
    with TemporaryDirectory() as folder:
        file, told = written(Path(folder))
        is_other = touched(file, changes)
        verdict = checked(file, told)

    assert (verdict.broken is not None) is is_other


def test_audit_written_anew(tmp_path: Path) -> None:
    """All rows written anew, each with the right digest: shown by the head that was told."""
    file, told = written(tmp_path)
    with closing(auditing.opened(f"sqlite:///{file}")) as audit, audit.all() as rows:
        kept = list(rows)
    row = linked(Act("clerk-x", "clerk", Did.CASE_OPENED, "R-9"), kept[2].at, kept[1].head)
    with closing(sqlite3.connect(file)) as owner, owner:
        for trigger in ("audit_is_kept", "audit_stays"):
            owner.execute(f"DROP TRIGGER {trigger}")
        for old in kept[2:]:
            owner.execute("DELETE FROM audit WHERE number = ?", (old.number,))
        for old in kept[2:]:
            owner.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            act = Act(old.who, old.role, Did(old.did), old.about, old.party, old.reason)
            row = linked(act, old.at, row.head)

    with closing(auditing.opened(f"sqlite:///{file}")) as audit, audit.all() as rows:
        assert verify(rows).broken is None
    assert checked(file, told).broken is not None


def test_audit_out_of_the_way(tmp_path: Path) -> None:
    """Who takes the audit away to act unseen does not act."""
    file, _ = written(tmp_path)
    with closing(sqlite3.connect(file)) as owner, owner:
        owner.execute("ALTER TABLE audit RENAME TO elsewhere")
    settings = Settings.model_validate({"audit": {"database": f"sqlite:///{file}"}})
    done = []
    with (
        pytest.raises(NotAudited, match=CODE),
        auditing.audited(settings, Did.LETTER_REVEALED, "referrals.dead/0/1"),
    ):
        done.append("revealed")

    assert done == []
