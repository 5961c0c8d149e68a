"""The examples in the door's README do what the README says."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import connectors.http_api as door
from connectors.callers.credential_file import read_credentials
from connectors.http_api.options import Options
from tests.support.http_door import TOKEN, Remembered, a_running_door
from tests.support.parts import missing

README = (Path(door.__file__).parent / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```\n(?:```json\n(.*?)```)?", README, re.DOTALL)
LIMITS = re.findall(r"\| ([0-9]+)(?: (?:MiB|s))? \| `(\w+)` \|", README)


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    """The address of a running door."""
    for command in ("bash", "curl"):
        if shutil.which(command) is None:
            missing(command, f"install the package {command}")
    with a_running_door(Remembered()) as port:
        yield f"http://127.0.0.1:{port}"


def run(script: str, hub: str, folder: Path) -> str:
    """What an example prints."""
    environment = {
        "HUB": hub,
        "TOKEN": TOKEN,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env=environment,
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout


@pytest.mark.parametrize(("script", "printed"), [pair for pair in EXAMPLES if pair[1]])
def test_example_prints_what_stands_below_it(
    hub: str, tmp_path: Path, script: str, printed: str
) -> None:
    """Each example gets the answer that the README shows."""
    assert json.loads(run(script, hub, tmp_path)) == json.loads(printed)


def test_tokens_file_of_the_readme_is_read(hub: str, tmp_path: Path) -> None:
    """The way to make a token makes a line that the door reads."""
    [script] = [script for script, printed in EXAMPLES if not printed]

    run(script, hub, tmp_path)

    assert [one.party for one in read_credentials(tmp_path / "tokens.txt")] == ["06432005"]


def test_there_is_an_example_for_each_mode() -> None:
    """Structured, binary, batch, a refusal, health and tokens are shown."""
    assert len(EXAMPLES) == 6


def test_limits_are_those_of_the_options() -> None:
    """The table of limits names every limit with its default."""
    defaults = Options()
    for number, name in LIMITS:
        factor = 1024 * 1024 if "bytes" in name else 1
        assert getattr(defaults, name) == int(number) * factor
    assert len(LIMITS) == 11
