"""The shell's completion: the script, and what the command answers when the script asks."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hub.commands.names import CONNECTORS
from hub.doors import DOORS
from tests.support.command import HUB, environment, hub
from tests.support.parts import missing

pytestmark = pytest.mark.e2e


def _asked(folder: Path, shell: str, line: str, **env: str) -> list[str]:
    """What is offered at the end of this line."""
    words = line.split(" ")
    told = {
        "_HUB_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "COMP_WORDS": "\n".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        HUB, cwd=folder, env=environment(**told, **env), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return [one for one in done.stdout.splitlines() if one]


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("hub expl", ["explain", "explain-state"]),
        ("hub offsets ", ["reset"]),
        ("hub doctor --out", ["--output"]),
        ("hub connect ", list(DOORS)),
        ("hub web --party 06432005", ["06432005"]),
        ("hub statement kf", ["kfb"]),
        ("hub offsets reset statistics --topic to.kf", ["to.kfb"]),
        ("hub explain-state ST", ["STOP", "STALL", "STUCK"]),
        ("hub dead replay --type referral.r", ["referral.requested"]),
        ("hub dead replay --code area-u", ["area-unknown"]),
        ("hub dead replay --sender kf", ["kfb"]),
        ("hub completion z", ["zsh"]),
        ("hub connect nothing", []),
    ],
)
def test_bash_is_answered(tmp_path: Path, line: str, some: list[str]) -> None:
    """Commands, options and names that begin like what is typed are offered, without a broker."""
    assert sorted(_asked(tmp_path, "bash", line)) == sorted(some)


def test_names_are_explained(tmp_path: Path) -> None:
    """With zsh and fish a party's name is shown beside its id."""
    assert any("Eppertshausen" in one for one in _asked(tmp_path, "zsh", "hub statement 06432005"))
    (fish,) = _asked(tmp_path, "fish", "hub statement 06432005")
    assert fish.split("\t")[0] == "06432005"
    assert "Eppertshausen" in fish


def test_the_own_registry_and_prefix(tmp_path: Path) -> None:
    """The parties and the prefix of this hub are offered, from the file or the environment."""
    party = '[[party]]\nid = "elsewhere"\nname = "Invented"\n'
    (tmp_path / "own.toml").write_text(party, encoding="utf-8")
    (tmp_path / "hub.toml").write_text('parties = "own.toml"\n', encoding="utf-8")

    assert _asked(tmp_path, "bash", "hub statement ") == ["elsewhere"]
    line = "hub offsets reset any --topic test.to."
    offered = _asked(tmp_path, "bash", line, HUB_TOPIC_PREFIX="test.")
    assert sorted(offered) == ["test.to.elsewhere", "test.to.hub"]
    (tmp_path / "own.toml").write_text("no registry", encoding="utf-8")
    assert _asked(tmp_path, "bash", "hub statement ") == []


def test_every_connector_is_known() -> None:
    """The names are those of the connectors there are; they are written down to be fast."""
    assert tuple(DOORS) == CONNECTORS


@pytest.mark.parametrize("line", ["hub --", "hub statement ", "hub connect ", "hub dead ls --"])
def test_an_answer_is_quick(tmp_path: Path, line: str) -> None:
    """An answer loads nothing of the hub that takes long: no settings, clients or databases."""
    words = line.split(" ")
    told = {
        "_HUB_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "hub"],
        cwd=tmp_path,
        env=environment(**told),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {one.rpartition("|")[2].strip() for one in done.stderr.splitlines()}

    assert done.stdout
    assert "hub.cli" in loaded
    slow = {"hub.settings", "hub.withhold", "hub.wiring", "kafka", "sqlalchemy", "faust", "rich"}
    assert loaded & slow == set()


def test_bash_itself_completes(tmp_path: Path) -> None:
    """A real bash that has read the script completes a party."""
    if shutil.which("bash") is None:
        missing("bash", "apt-get install bash")
    script = hub("completion", "bash", folder=tmp_path).out
    (tmp_path / "hub").write_text(f'#!/bin/sh\nexec {sys.executable} -m hub "$@"\n', "utf-8")
    (tmp_path / "hub").chmod(0o755)
    asks = f"""
        source /dev/stdin <<'SCRIPT'
{script}
SCRIPT
        COMP_WORDS=(hub statement kf); COMP_CWORD=2
        "$(complete -p hub | sed 's/.*-F \\([^ ]*\\) .*/\\1/')" hub
        printf '%s\n' "${{COMPREPLY[@]}}"
    """
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", asks],
        env=environment(PATH=path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["kfb"], json.dumps(done.stderr)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(tmp_path: Path, shell: str) -> None:
    """The script stands on stdout alone, and asks by the variable that the command knows."""
    said = hub("completion", shell, folder=tmp_path)

    assert (said.code, said.err) == (0, "")
    assert f"_HUB_COMPLETE=complete_{shell}" in said.out
