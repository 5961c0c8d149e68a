"""The command line as a person and a script meet it: help, exit codes, streams, settings."""

import json
import os
import pty
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer.main

from hub.cli import app
from hub.doors import DOORS
from tests.support.command import HUB, environment, hub

pytestmark = pytest.mark.e2e

SECRET = "pst-1234"
EXAMPLE = Path("schemas/examples/referral.requested/v1/valid/minimal.json").resolve()
NOBODY = "127.0.0.1:1"
"""Nothing listens there."""
NO_DATABASE = ("--set", "sql_outbox.database=what")
RECEIVER = ("--set", 'webhook.receivers={"kfb": "https://kfb.invalid/events"}')
SECRETS = ("--set", "webhook.secrets_file=none")


def _commands(command: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:  # noqa: ANN401
    for name, inner in getattr(command, "commands", {}).items():
        yield (*above, name)
        yield from _commands(inner, (*above, name))


COMMANDS = list(_commands(typer.main.get_command(app)))
GROUPS = {words[:-1] for words in COMMANDS}


def _event(**changes: str) -> str:
    """A referral of yesterday, as JSON."""
    event = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    event["time"] = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    event["data"] |= {"service": "benefit_advice"}
    event |= {"purpose": "benefits", "legalbasis": "sgb10-69", **changes}
    return json.dumps(event)


def test_every_command_of_the_contract_is_there() -> None:
    """The commands that the README names are those there are."""
    assert {" ".join(words) for words in COMMANDS} >= {
        *("demo", "up", "worker", "connect", "broker", "explain", "doctor", "version"),
        *("topics plan", "topics apply", "topics drift", "schemas write", "schemas check"),
        *("state show", "state rebuild", "offsets reset"),
        *("config show", "config table"),
    }


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help(words: tuple[str, ...], tmp_path: Path) -> None:
    """Each command explains itself on stdout, with an example that calls this very command."""
    said = hub(*words, "--help", folder=tmp_path)

    assert (said.code, said.err) == (0, "")
    assert f"Usage: hub {' '.join(words)}" in said.out
    if words not in GROUPS:
        example = " ".join(said.out.partition("Example: ")[2].split())
        assert shlex.split(example)[: len(words) + 1] == ["hub", *words]


def test_help_of_all(tmp_path: Path) -> None:
    """`hub --help` names every command, the exit codes and the streams."""
    said = hub("--help", folder=tmp_path)
    text = " ".join(said.out.split())

    assert said.code == 0
    assert "0 done; 1 failed; 2 called wrongly" in text
    assert "3 drift, or degraded" in text
    assert "NO_COLOR" in text
    assert [words[0] for words in COMMANDS if f"  {words[0]} " not in said.out] == []


def test_help_names_every_connector(tmp_path: Path) -> None:
    """`hub connect --help` and the READMEs name each connector there is."""
    said = hub("connect", "--help", folder=tmp_path)
    readme = Path("hub/README.md").read_text(encoding="utf-8")

    assert [name for name in DOORS if name not in " ".join(said.out.split())] == []
    assert [name for name in DOORS if f"`{name}`" not in readme] == []


def test_help_is_quick(tmp_path: Path) -> None:
    """`hub --help` costs less than half a second of processor time."""
    spent = []
    for _ in range(3):
        process = subprocess.Popen([*HUB, "--help"], cwd=tmp_path, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        spent.append(usage.ru_utime + usage.ru_stime)

    assert process.returncode == 0
    assert min(spent) < 0.5


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("config", "sho"), "Did you mean 'show'?"),
        (("worker", "--nonsense"), "No such option"),
        (("worker", "extra"), "unexpected extra argument"),
        (("broker", "--brokers", "0"), "greater than or equal to 1"),
        (("config", "show", "-o", "xml"), "xml"),
        (("config", "show", "--set", "replication"), "--set: A setting needs a name and a value"),
        (("config", "show", "--set", "replicaton=1"), "flag: there is no setting replicaton"),
        (("config", "show", "--config", "none.toml"), "none.toml: Cannot read it: No such file"),
        (("config", "show", "--log-level", "LOUD"), "flag: log.level: Input should be 'DEBUG'"),
        (("connect", "fax"), "fax: There is no such connector"),
        (("connect", "backoffice"), "backoffice.parties: Nobody's deliveries are asked for"),
        (("connect", "backoffice", "--set", "backoffice.parties=xx"), "Not in the registry"),
        (("connect", "sql_outbox"), "sql_outbox.database and party: There is no outbox to read"),
        (
            ("connect", "sql_outbox", "--set", "sql_outbox.party=kfb", *NO_DATABASE),
            "sql_outbox.database: It cannot be opened",
        ),
        (("connect", "webhook"), "webhook.receivers: Nobody's deliveries are asked for"),
        (("connect", "webhook", *RECEIVER), "webhook.secrets_file: The calls cannot be signed"),
        (("connect", "webhook", *RECEIVER, *SECRETS), "none: cannot be read (FileNotFoundError)"),
        (("connect", "offers"), "hsds.parties: Nobody's deliveries are asked for"),
        (("explain", "none.json"), "none.json: Cannot read it: No such file"),
        (("explain", str(EXAMPLE), "--set", "parties=none"), "none:1: The parties file cannot"),
        (("schemas", "check", "--against", "none"), "--against: none: there are no JSON Schemas"),
        (("offsets", "reset", "kurze-wege", "--to", "latest"), "goes with where they stand"),
        (
            ("offsets", "reset", "kurze-wege.webhook.kfb", "--to", "earliest"),
            "kurze-wege.webhook.kfb: It goes on where its own database says",
        ),
        (("offsets", "reset", "theirs", "--to", "there"), "--to: It does not say where"),
        (("demo", "--brokers", "3", "--bootstrap", NOBODY), "--brokers: Brokers are not started"),
    ],
)
def test_called_wrongly(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    """A wrong call or setting exits 2 and says what and where, on one screen of stderr."""
    said = hub(*words, folder=tmp_path)

    assert said.code == 2
    assert says in said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) < 15


def test_an_error_says_what_to_do(tmp_path: Path) -> None:
    """An error names file and line, what is allowed there, and what to do."""
    (tmp_path / "hub.toml").write_text("\n[worker]\nbatch_events = 0\n", encoding="utf-8")
    said = hub("config", "show", folder=tmp_path)

    assert said.code == 2
    assert "hub.toml:3: worker.batch_events: Input should be greater than or equal to 1" in said.err
    assert "What to do: " in said.err


def test_nobody_answers(tmp_path: Path) -> None:
    """Without a broker `doctor` exits 1, and says which part failed and what to do."""
    said = hub("doctor", "-o", "json", "--bootstrap", NOBODY, folder=tmp_path)
    checks = {one["part"]: one for one in said.data["checks"]}

    assert said.code == 1
    assert checks["broker"]["health"] == "fail"
    assert NOBODY in checks["broker"]["found"]
    assert checks["broker"]["remedy"]
    assert {one["health"] for name, one in checks.items() if name != "broker"} == {"ok"}
    assert said.err == ""


def test_topics_without_a_broker(tmp_path: Path) -> None:
    """A broker that does not answer is a failure of one screen, not the libraries' noise."""
    said = hub("topics", "drift", "--bootstrap", NOBODY, folder=tmp_path)

    assert said.code == 1
    assert said.err.splitlines()[0] == f"Error: {NOBODY}: Kafka does not answer."
    assert len(said.err.splitlines()) == 2


def test_where_settings_come_from(tmp_path: Path) -> None:
    """`config show` tells flag, variable, file and line, or default, and masks what is secret."""
    (tmp_path / "password").write_text(SECRET, encoding="utf-8")
    (tmp_path / "own.toml").write_text(
        '[kafka]\nusername = "hub"\npassword_file = "password"\n', encoding="utf-8"
    )
    database = f"postgresql://hub:{SECRET}@127.0.0.1/inbox"
    env = {"HUB_REPLICATION": "2", "HUB_CONFIG": "own.toml", "HUB_BACKOFFICE__DATABASE": database}
    words = ("config", "show", "--set", "replication=3", "--bootstrap=a:1,b:2")
    said = hub(*words, "-o", "json", folder=tmp_path, env=env)
    table = hub(*words, folder=tmp_path, env=env)

    assert (said.code, said.err) == (0, "")
    assert said.data["replication"] == {"value": 3, "origin": "flag"}
    assert said.data["kafka.bootstrap"] == {"value": "a:1,b:2", "origin": "flag"}
    assert said.data["config"] == {"value": "own.toml", "origin": "HUB_CONFIG"}
    assert said.data["kafka.username"] == {"value": "hub", "origin": "own.toml:2"}
    assert said.data["kafka.password"]["origin"] == "own.toml:3"
    assert said.data["backoffice.database"]["origin"] == "HUB_BACKOFFICE__DATABASE"
    assert said.data["log.level"] == {"value": "INFO", "origin": "default"}
    assert SECRET not in said.out + table.out + table.err
    assert "own.toml:3" in table.out


def test_options_of_every_command_stand_anywhere(tmp_path: Path) -> None:
    """`--config` and its like may stand before or after the command."""
    before = hub("--bootstrap", "a:1", "config", "show", "-o", "json", folder=tmp_path)
    after = hub("config", "show", "-o", "json", "--bootstrap", "a:1", folder=tmp_path)

    assert before == after
    assert before.data["kafka.bootstrap"]["value"] == "a:1"


def test_explain(tmp_path: Path) -> None:
    """`explain` prints who would get an event, by which rule and why; data on stdout only."""
    (tmp_path / "event.json").write_text(_event(), encoding="utf-8")
    said = hub("explain", "event.json", "-o", "json", folder=tmp_path)
    table = hub("explain", "-", folder=tmp_path, given=_event())

    assert said.code == table.code == 0
    assert said.data["verdict"] == "routed"
    (recipient,) = said.data["recipients"]
    assert recipient["party"] == "kfb"
    assert recipient["rule"] in table.out
    assert recipient["because"] in table.out
    assert said.err.strip() == table.err.strip() == "The event would be routed."


def test_explain_refused(tmp_path: Path) -> None:
    """An event that would be refused exits 1 and says why, without its content."""
    said = hub("explain", "-", "-o", "json", folder=tmp_path, given=_event(legalbasis="hearsay"))

    assert said.code == 1
    assert said.data["problems"][0]["field"] == "legalbasis"
    assert "Muster" not in said.out + said.err


def test_schemas(tmp_path: Path) -> None:
    """Documents are written, found current, and found stale when one is changed."""
    written = hub("schemas", "write", "--folder", "docs", folder=tmp_path)
    current = hub("schemas", "check", "--folder", "docs", "--against", "docs", folder=tmp_path)
    (tmp_path / "docs" / "asyncapi.json").write_text("{}", encoding="utf-8")
    stale = hub("schemas", "check", "--folder", "docs", "-o", "json", folder=tmp_path)

    assert written.code == current.code == 0
    assert "asyncapi.json" in written.out.split()
    assert stale.code == 1
    assert stale.data["stale"] == ["asyncapi.json is not what the code says."]


def test_version(tmp_path: Path) -> None:
    """The version is one line, or JSON with the main libraries."""
    assert hub("version", folder=tmp_path).out.startswith("Kurze Wege 0.")
    assert hub("version", "-o", "json", folder=tmp_path).data["faust-streaming"] == "0.15.3"


BUG = """
import sys
from hub import cli

@cli.app.command()
def fails() -> None:
    family_name = "Zyx" + "marker"
    raise ValueError(family_name)

sys.argv = ["hub", "fails"]
cli.main()
"""


def test_a_bug_shows_a_traceback_without_values(tmp_path: Path) -> None:
    """A bug exits 1 with a traceback that says where, not about whom."""
    done = subprocess.run(
        [sys.executable, "-c", BUG], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert ", in fails" in done.stderr
    assert "ValueError" in done.stderr
    assert "Zyxmarker" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("plain", [True, False])
def test_no_color(tmp_path: Path, *, plain: bool) -> None:
    """On a terminal a table is formatted, with NO_COLOR it is plain text."""
    env = environment(TERM="xterm-256color", **({"NO_COLOR": "1"} if plain else {}))
    if not plain:
        env.pop("NO_COLOR", None)
    ours, theirs = pty.openpty()
    with subprocess.Popen([*HUB, "config", "show"], cwd=tmp_path, env=env, stdout=theirs) as run:
        os.close(theirs)
        text = _all_of(ours)

    assert run.returncode == 0
    assert b"kafka.bootstrap" in text
    assert (b"\x1b[" in text) is not plain


def _all_of(terminal: int) -> bytes:
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # Linux says so when the other end is closed
        pass
    finally:
        os.close(terminal)
    return b"".join(parts)
