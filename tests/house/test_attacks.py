"""The threat model and the attacks are the same list."""

import re
from collections import Counter
from pathlib import Path

ROOM = Path("tests/attacks")
LINE = re.compile(r"^\| [^|]+ \| [^|]+ \| `(test_\w+)` \|$", re.MULTILINE)
TEST = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)


def test_each_threat_has_its_test_and_each_test_its_threat() -> None:
    """One line for each attack, one attack for each line."""
    told = Counter(LINE.findall((ROOM / "README.md").read_text("utf-8")))
    tried = Counter(
        name for file in ROOM.glob("test_*.py") for name in TEST.findall(file.read_text("utf-8"))
    )
    assert len(tried) > 40
    assert told == tried


def test_each_attack_by_hand_is_an_attack_of_ci() -> None:
    """What the command plays, the tests play as well."""
    from tests.attacks import decoders, doors  # noqa: PLC0415 - after the files were read

    for module, file in ((decoders, "test_decoders.py"), (doors, "test_doors.py")):
        text = (ROOM / file).read_text("utf-8")
        assert len(TEST.findall(text)) == len(module.ATTACKS)
