"""The webhook's README says what is true, and its examples do what it says."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from connectors import webhook
from connectors.webhook.options import Options
from connectors.webhook.secrets import read_secrets
from tests.support.parts import missing

README = (Path(webhook.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_the_settings_shown_can_be_used() -> None:
    """The receivers of the example are read."""
    (shown,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    options = Options.model_validate(tomllib.loads(shown)["webhook"])
    assert list(options.receivers) == ["06432005"]


def test_the_way_to_make_a_secret(tmp_path: Path) -> None:
    """The line that the example makes is read as a secret."""
    if shutil.which("openssl") is None:
        missing("openssl", "install the package openssl")
    (script,) = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    file = tmp_path / "secrets"
    script = script.replace("/run/secrets/webhook", str(file))
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], check=True, timeout=60)
    assert [len(key) for key in read_secrets(file, ["06432005"])["06432005"]] == [32]


def test_every_option_stands_there() -> None:
    """The table names every option with its default, and no other."""
    table = README.partition("| option | default | meaning |")[2]
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|", table, re.MULTILINE)
    said: dict[str, str] = {}
    for names, defaults in rows:
        said |= dict(zip(re.findall(r"`(\w+)`", names), defaults.split(", "), strict=True))
    options = Options()
    assert said.keys() == Options.model_fields.keys()
    for name, default in said.items():
        value = getattr(options, name)
        plain = {(): "[]", None: "none", False: "false"}.get(
            value if not isinstance(value, dict) else (), str(value)
        )
        plain = "{}" if isinstance(value, dict) else plain
        assert default.strip("`").removesuffix(".0") == plain.removesuffix(".0"), name
