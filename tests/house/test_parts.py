"""What the hub is made of is listed whole, with sums, without the network."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

MAKEFILE: Final = Path("Makefile").read_text("utf-8")
LOCK: Final = tomllib.loads(Path("uv.lock").read_text("utf-8"))


@pytest.fixture(scope="module", name="listed")
def _listed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `make sbom` writes, the network being away."""
    recipe = MAKEFILE.replace("\\\n", " ").partition("\nsbom:")[2].partition("\n\n")[0]
    (line,) = (one for one in recipe.splitlines() if "uv export" in one)
    words = line.strip().removeprefix("@").replace("$(VENV)", ".venv/bin").replace("$(ARGS)", "")
    file = tmp_path_factory.mktemp("parts") / "sbom.cdx.json"
    words = words.replace(".kurze-wege/sbom.cdx.json", str(file)).removesuffix(">&2")
    subprocess.run([*words.split(), "--offline"], check=True)
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def test_it_is_cyclonedx(listed: dict[str, Any]) -> None:
    """Format, version and whose parts they are stand at its head."""
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.5")
    assert listed["metadata"]["component"]["name"] == "kurze-wege"
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", listed["serialNumber"])


def test_each_part_is_the_lock_s_with_its_sums(listed: dict[str, Any]) -> None:
    """Each part has a package address, the version of the lock, and the SHA-256 of its files."""
    locked = {one["name"]: one["version"] for one in LOCK["package"]}
    for part in listed["components"]:
        name, version = part["name"], locked[part["name"]]
        assert part["version"] == version
        assert part["purl"].partition("?")[0] == f"pkg:pypi/{name}@{version}"
        sums = [one for ref in part["externalReferences"] for one in ref.get("hashes", ())]
        assert {one["alg"] for one in sums} == {"SHA-256"}


def test_no_part_of_the_image_is_left_out(listed: dict[str, Any]) -> None:
    """Everything that is declared is there, with PostgreSQL's driver; no tool of ours is."""
    declared = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*declared["dependencies"], *declared["optional-dependencies"]["postgres"]]
    names = {re.split(r"[\[<>=!~ ]", one)[0].lower() for one in wanted}
    parts = {part["name"] for part in listed["components"]}

    assert names - parts == set()
    assert parts & {"pytest", "ruff", "mypy", "hypothesis"} == set()
    assert len(parts) > len(names)


def test_every_package_of_the_lock_has_its_sum() -> None:
    """Whatever is installed by the lock is known by its SHA-256, and comes from the usual index."""
    for one in LOCK["package"]:
        if one["source"] == {"editable": "."}:
            continue
        files = [*one.get("wheels", ()), *([one["sdist"]] if "sdist" in one else ())]
        assert files, one["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), one["name"]
