"""The mailbox's README says what is true, and its examples do what it says."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors import mailbox
from connectors.callers import codes as callers
from connectors.mailbox.codes import MEANINGS
from connectors.mailbox.options import Options
from tests.contract.subject_mailbox import OTHER, OTHER_TOKEN, OnSqlite, a_running_mailbox
from tests.support.parts import missing

README = (Path(mailbox.__file__).parent / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def town_hall(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of the README, with one item in the mailbox."""
    for command in ("bash", "curl"):
        if shutil.which(command) is None:
            missing(command, f"install the package {command}")
    tables = OnSqlite(f"sqlite:///{tmp_path / 'mailbox.sqlite'}")
    tables.fill(range(1), party=OTHER)
    with closing(tables.store()) as store, a_running_mailbox(store) as (port, _):
        address = f"http://127.0.0.1:{port}"
        yield {"MAILBOX": address, "TOKEN": OTHER_TOKEN, "PATH": os.environ["PATH"]}
    tables.engine.dispose()


def run(script: str, variables: dict[str, str]) -> str:
    """What an example prints."""
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, env=variables, check=True, capture_output=True, timeout=60)
    return done.stdout.decode()


def test_the_three_steps(town_hall: dict[str, str]) -> None:
    """List, fetch and acknowledge print what the README shows."""
    listing, fetching, acknowledging = EXAMPLES
    (shown,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    assert json.loads(run(listing, town_hall)) == json.loads(shown)
    assert json.loads(run(fetching, town_hall))["id"] == "06432005-0"
    assert run(acknowledging, town_hall).strip() == "204"
    assert json.loads(run(listing.replace("wait=30", "wait=0"), town_hall)) == {"items": []}


def test_every_code_stands_there() -> None:
    """The table has each code with its status and its words."""
    for code, (status, title) in (*callers.MEANINGS.items(), *MEANINGS.items()):
        assert f"| `{code}` | {status} | {title} |" in README


def test_every_option_stands_there() -> None:
    """The table names every option, and no other."""
    table = README.partition("| option | default | meaning |")[2]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == set(Options.model_fields)
