"""Settings: who wins, where each comes from, and what is said when one cannot be used."""

import os
import ssl
from pathlib import Path
from typing import Any

import pytest

from hub import origins, settings_fields
from hub.deployment import secrets
from hub.errors import ConfigError, ExitCode
from hub.settings import Kafka, Settings
from hub.settings_sources import lines_of

SECRET = "pst-1234"
README = Path(__file__).parents[3] / "hub" / "README.md"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of ours, and an empty working directory."""
    for name in [one for one in os.environ if one.startswith("HUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def _file(text: str, name: str = "hub.toml") -> None:
    Path(name).write_text(text, encoding="utf-8")


def _origins(flags: origins.Flags | None = None) -> dict[str, tuple[Any, str]]:
    shown = origins.show(origins.load(flags), flags)
    return {one.name: (one.value, one.origin) for one in shown}


def test_defaults_are_enough() -> None:
    """Without any setting the hub is configured for this machine."""
    found = origins.load()

    assert found.kafka.bootstrap == "127.0.0.1:9092"
    assert {origin for _, origin in _origins().values()} == {"default"}


def test_nothing_is_read_at_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment counts at the moment of the call, not of the import."""
    monkeypatch.setenv("HUB_TOPIC_PREFIX", "one.")
    first = origins.load()
    monkeypatch.setenv("HUB_TOPIC_PREFIX", "two.")

    assert (first.topic_prefix, origins.load().topic_prefix) == ("one.", "two.")


def test_flag_over_environment_over_file_over_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each layer hides the ones below it, setting by setting, and its origin is told."""
    _file(
        '[worker]\nbatch_events = 1\nstep_timeout_s = 5\nwatchdog_s = 7\n\n[log]\nlevel = "ERROR"\n'
    )
    monkeypatch.setenv("HUB_WORKER__BATCH_EVENTS", "2")
    monkeypatch.setenv("HUB_WORKER__STEP_TIMEOUT_S", "6")

    found = _origins({"worker.batch_events": "3", "log.level": None})

    assert found["worker.batch_events"] == (3, "flag")
    assert found["worker.step_timeout_s"] == (6, "HUB_WORKER__STEP_TIMEOUT_S")
    assert found["worker.watchdog_s"] == (7, "hub.toml:4")
    assert found["log.level"] == ("ERROR", "hub.toml:7")
    assert found["worker.max_age_days"] == (30, "default")


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_another_file(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """A file named by flag or variable is read instead of ./hub.toml."""
    _file("replication = 2")
    _file("# ours\nreplication = 3", "other.toml")
    if how == "variable":
        monkeypatch.setenv("HUB_CONFIG", "other.toml")
    flags = {"config": "other.toml"} if how == "flag" else {}

    assert _origins(flags)["replication"] == (3, "other.toml:2")


def test_a_named_file_must_exist() -> None:
    """A settings file that was asked for and is missing is an error, not a default."""
    with pytest.raises(ConfigError) as caught:
        origins.load({"config": "missing.toml"})

    assert caught.value.where == "missing.toml"
    assert "No such file" in caught.value.what


@pytest.mark.parametrize("text", ["kfb,06432005", " kfb , 06432005,", '["kfb", "06432005"]'])
@pytest.mark.parametrize("how", ["flag", "variable"])
def test_lists(monkeypatch: pytest.MonkeyPatch, how: str, text: str) -> None:
    """A list may be written with commas or as JSON, in a variable and in a flag."""
    if how == "variable":
        monkeypatch.setenv("HUB_BACKOFFICE__PARTIES", text)
    flags = {"backoffice.parties": text} if how == "flag" else {}

    assert origins.load(flags).backoffice.parties == ("kfb", "06432005")


def test_a_part_of_a_section_keeps_its_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """To set one value of a section leaves the others as they were."""
    monkeypatch.setenv("HUB_FILE_DROP__MODE", "whole")

    found = origins.load().file_drop
    assert (found.mode, found.root) == ("whole", Path(".kurze-wege/parties"))


def test_a_section_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole section or table may be given as JSON in one variable."""
    monkeypatch.setenv("HUB_HTTP_API__TOKENS", '{"%s": "06432005"}' % ("a" * 64))
    monkeypatch.setenv("HUB_LOG", '{"level": "DEBUG"}')

    found = _origins()
    assert found["http_api.tokens"] == ({"a" * 64: "06432005"}, "HUB_HTTP_API__TOKENS")
    assert found["log.level"] == ("DEBUG", "HUB_LOG")


SASL = {"kafka.security_protocol": "SASL_SSL", "kafka.username": "hub"}


@pytest.mark.parametrize("how", ["variable", "variable_file", "toml", "toml_file", "flag"])
def test_secrets_are_read_and_masked(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """A secret comes from variable, file or settings file; it is used and never shown."""
    Path("secret").write_text(f"{SECRET}\n", encoding="utf-8")
    flags: dict[str, object] = dict(SASL)
    if how == "variable":
        monkeypatch.setenv("HUB_KAFKA__PASSWORD", SECRET)
    elif how == "variable_file":
        monkeypatch.setenv("HUB_KAFKA__PASSWORD_FILE", "secret")
    elif how == "flag":
        flags["kafka.password"] = SECRET
    else:
        _file(f'[kafka]\npassword{"_file" if how == "toml_file" else ""} = "{_named(how)}"\n')

    found = origins.load(flags)
    assert found.kafka.kafka_python()["sasl_plain_password"] == SECRET
    assert SECRET not in repr(found)
    value, origin = _origins(flags)["kafka.password"]
    assert value == origins.MASK
    assert origin == {
        "variable": "HUB_KAFKA__PASSWORD",
        "variable_file": "HUB_KAFKA__PASSWORD_FILE",
        "flag": "flag",
    }.get(how, "hub.toml:2")


def _named(how: str) -> str:
    return "secret" if how == "toml_file" else SECRET


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"HUB_KAFKA__PASSWORD_FILE": "missing"}, "HUB_KAFKA__PASSWORD_FILE: Cannot read missing"),
        (
            {"HUB_KAFKA__PASSWORD_FILE": "secret", "HUB_KAFKA__PASSWORD": SECRET},
            "HUB_KAFKA__PASSWORD and HUB_KAFKA__PASSWORD_FILE are both set",
        ),
        ({"HUB_WORKER__BATCH_EVENTS": "many"}, "HUB_WORKER__BATCH_EVENTS: worker.batch_events: "),
        ({"HUB_WORKER__BATCH_EVENTS": "0"}, 'greater than or equal to 1, not "0"'),
        ({"HUB_KAFKA__SECURITY_PROTOCOL": "TLS"}, "'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT' or"),
        ({"HUB_KAFKA__SECURITY_PROTOCOL": "SASL_SSL"}, "username and password are needed"),
        ({"HUB_KAFKA__PASWORD": SECRET}, "HUB_KAFKA__PASWORD: there is no setting kafka.pasword"),
        ({"HUB_KAFKA__PASWORD": SECRET}, "is it kafka.password?"),
        ({"HUB_TOPICPREFIX": "x"}, "HUB_TOPICPREFIX: There is no such setting."),
        ({"HUB_HTTP_API__TOKENS": "{"}, "written as JSON"),
        ({"HUB_WORKER__SEEN_DAYS": "30"}, "would be delivered twice"),
        ({"HUB_BACKOFFICE__DATABASE": f"mysql://u:{SECRET}@h/d"}, "sqlite:///FILE or postgres"),
        ({"HUB_WORKER__HEARTBEAT_S": "9"}, "at most a third of session_timeout_s"),
    ],
)
def test_wrong_variables(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], says: str
) -> None:
    """A wrong variable is named with its setting and what is allowed, never with a secret."""
    Path("secret").write_text(SECRET, encoding="utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as caught:
        origins.load()

    assert says in str(caught.value)
    assert caught.value.remedy
    assert caught.value.exit_code == ExitCode.USAGE
    assert SECRET not in str(caught.value)


def test_foreign_variables_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of some other tool that begins like ours does not stop the hub."""
    monkeypatch.setenv("HUB_VERBOSE", "1")

    assert origins.load() == Settings()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("replication = \n", "hub.toml:1: This is not TOML"),
        ("\n[kafka]\nbootstrapp = 'a:1'\n", "hub.toml:3: there is no setting kafka.bootstrapp"),
        ("[worker]\n\nbatch_events = 'x'\n", "hub.toml:3: worker.batch_events: Input should be"),
        ("[wroker]\nseen_days = 1\n", "hub.toml:1: there is no setting wroker; is it worker?"),
        ("[http_api]\nhost = '0.0.0.0'\n", "hub.toml:1: http_api: host is reached by others"),
        ("[kafka]\npassword = 'a'\npassword_file = 'b'\n", "hub.toml:3: Both password and"),
        ("[kafka]\npassword_file = 'b'\n", "hub.toml:2: Cannot read b: No such file"),
        ("kafka = 'a:1'\n", "hub.toml:1: kafka: Input should be"),
    ],
)
def test_wrong_files(text: str, says: str) -> None:
    """A wrong settings file is named with the line, the key and what is allowed."""
    _file(text)

    with pytest.raises(ConfigError) as caught:
        origins.load()

    assert says in str(caught.value)
    assert caught.value.remedy


def test_all_mistakes_at_once() -> None:
    """Every wrong setting is named in one go."""
    _file("replication = 99\n[worker]\nseen_days = 0\n")

    with pytest.raises(ConfigError) as caught:
        origins.load({"log.level": "LOUD"})

    for part in ("hub.toml:1: replication", "hub.toml:3: worker.seen_days", "flag: log.level"):
        assert part in str(caught.value)


def test_lines_of_a_file() -> None:
    """Tables, dotted keys and quoted keys are found on their lines."""
    text = '# a\na = 1\nb.c = 2\n[d.e]\n"f g" = 3\n[[h]]\ni = 4\n'

    assert lines_of(text) == {
        ("a",): 2,
        ("b", "c"): 3,
        ("d", "e"): 4,
        ("d", "e", "f g"): 5,
        ("h",): 6,
        ("h", "i"): 7,
    }


def test_plain_connection() -> None:
    """Without SASL no credentials are handed to a client."""
    assert Kafka().kafka_python() == Kafka().aiokafka()
    assert set(Kafka().aiokafka()) == {"bootstrap_servers", "security_protocol"}


def test_secured_connection(tmp_path: Path) -> None:
    """With SASL_SSL both clients get user, password and a verified certificate."""
    kafka = Kafka.model_validate(
        {"security_protocol": "SASL_SSL", "username": "hub", "password": SECRET}
    )
    context = kafka.aiokafka()["ssl_context"]

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    for one in (kafka.kafka_python(), kafka.aiokafka()):
        assert one["sasl_mechanism"] == "SCRAM-SHA-512"
        assert one["sasl_plain_username"] == "hub"
    with_file = kafka.model_copy(update={"ca_file": tmp_path / "ca.pem"})
    assert with_file.kafka_python()["ssl_cafile"] == str(tmp_path / "ca.pem")


def test_known_by_a_certificate(tmp_path: Path) -> None:
    """With SSL both clients show the hub's certificate, and need no user for that."""
    secrets.make(tmp_path, ())
    certificate = tmp_path / secrets.OPERATORS
    kafka = Kafka.model_validate(
        {
            "security_protocol": "SSL",
            "client_certificate": certificate,
            "ca_file": tmp_path / secrets.CA,
        }
    )

    assert kafka.kafka_python()["ssl_certfile"] == str(certificate)
    assert "sasl_mechanism" not in kafka.kafka_python()
    certificate.unlink()
    with pytest.raises(FileNotFoundError):
        kafka.aiokafka()


@pytest.mark.parametrize(
    "one", list(settings_fields.every_setting(Settings)), ids=lambda setting: setting.name
)
def test_every_setting_says_what_it_means(one: settings_fields.Setting) -> None:
    """Every setting has a sentence of meaning, ended by a full stop."""
    assert one.meaning.endswith(".")


def test_the_readme_lists_every_setting() -> None:
    """hub/README.md holds the table that `hub config table` prints, as it is now."""
    chapter = README.read_text(encoding="utf-8").partition("## Settings\n")[2].partition("\n## ")[0]

    assert origins.table() in chapter, "run `hub config table` and put it under Settings"
