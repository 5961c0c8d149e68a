"""Fetches the jars of Apache Kafka once and keeps them, each checked against a committed sum."""

import hashlib
import importlib
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

from hub.broker.errors import ELSEWHERE, DownloadFailed
from hub.errors import MissingPart

KAFKA_VERSION: Final = "4.3.1"
_LOCK: Final = Path(__file__).with_name("jars.sha256")
_TIMEOUT_S: Final = 60
_AT_ONCE: Final = 4

Progress = Callable[[str], None]
"""Told, in words for a person, what takes a while."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar: where Maven Central has it, and what it must contain."""

    sha256: str
    group: str
    artifact: str
    version: str

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.artifact}-{self.version}.jar"


def part(package: str) -> ModuleType:
    """Import a package of the extra `local`; raises MissingPart when it is not there."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        remedy = f"make setup, or pip install 'kurze-wege[local]', {ELSEWHERE}"
        raise MissingPart(f"{package} is not installed", remedy=remedy) from error


def needed() -> tuple[Jar, ...]:
    """Every jar Kafka runs with, in the order of the class path."""
    rows = (line.split() for line in _LOCK.read_text("utf-8").splitlines())
    return tuple(Jar(sha256, *coordinate.split(":")) for sha256, coordinate in rows)


def fetch(cache: Path, progress: Progress) -> Path:
    """The folder with every jar; the network is used only when a jar is not there yet.

    Raises DownloadFailed and MissingPart. May run twice at the same time.
    """
    wanted = needed()
    lock = hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:8]
    folder = cache / f"kafka-{KAFKA_VERSION}-{lock}"
    if _complete(folder, wanted):
        return folder
    progress(f"Fetching Apache Kafka {KAFKA_VERSION} ({len(wanted)} jars, 43 MB), once")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as scratch:
        new = Path(scratch) / "jars"
        new.mkdir()
        _download(wanted, Path(scratch) / "repository", new)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            new.rename(folder)
        except OSError:
            if not _complete(folder, wanted):  # else another start was faster
                raise
    return folder


def _complete(folder: Path, wanted: tuple[Jar, ...]) -> bool:
    return all((folder / jar.name).is_file() for jar in wanted)


def _download(wanted: tuple[Jar, ...], repository: Path, into: Path) -> None:
    maven = part("jgo.maven").MavenContext(
        repo_cache=repository,
        local_repos=[Path.home() / ".m2" / "repository"],
        timeout=_TIMEOUT_S,
    )

    def one(jar: Jar) -> None:
        component = maven.project(jar.group, jar.artifact).at_version(jar.version)
        try:
            data = Path(component.artifact().resolve()).read_bytes()
        except (OSError, RuntimeError) as error:
            raise DownloadFailed(jar.name, str(error)) from error
        if hashlib.sha256(data).hexdigest() != jar.sha256:
            raise DownloadFailed(jar.name, "its SHA-256 is not the one expected")
        (into / jar.name).write_bytes(data)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(one, wanted))
