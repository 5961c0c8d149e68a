"""Kafka Streams as a contender: compiled here if a JDK is there, run by that JDK's Java."""

import functools
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from hub.broker import jars, java
from hub.keeper import Child
from tests.bench.contender import NotThere
from tests.bench.environment import FOLDER
from tests.bench.stage import Stage

SOURCES: Final = Path(__file__).with_name("streams")
RELEASE: Final = "17"
JARS: Final = (
    jars.Jar("", "org.apache.kafka", "kafka-streams", jars.KAFKA_VERSION),
    jars.Jar("", "org.rocksdb", "rocksdbjni", "10.1.3"),
)
"""Beside the broker's own, which bring the clients and Jackson."""
HEAP: Final = "-Xmx512m"
_TIMEOUT_S: Final = 60


def child(stage: Stage) -> Child:
    """Its process for a stage; raises NotThere."""
    program, class_path = ready()
    state = stage.folder / "streams-state"
    argv = [program, HEAP, "-cp", class_path, "Router", stage.bootstrap, stage.prefix, stage.group]
    return Child("kafka-streams", [*argv, str(state)])


@functools.cache
def ready() -> tuple[str, str]:
    """Its Java and its class path, compiled and fetched on first use; raises NotThere."""
    compiler = _compiler()
    libraries = java.installed(java.CACHE, _tell).class_path
    class_path = os.pathsep.join([libraries, *(str(path) for path in _fetched())])
    sources = sorted(SOURCES.glob("*.java"))
    state = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    classes = FOLDER / f"classes-{state}"
    if not classes.exists():
        scratch = classes.with_suffix(".new")
        words = ["--release", RELEASE, "-Xlint:all", "-cp", class_path, "-d", str(scratch)]
        done = subprocess.run(
            [compiler, *words, *map(str, sources)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NotThere(f"javac {RELEASE}: {done.stderr.strip()[:500]}")
        scratch.rename(classes)
    return str(Path(compiler).with_name("java")), os.pathsep.join([str(classes), class_path])


def _compiler() -> str:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("javac", path=str(Path(home) / "bin") if home else None)
    if found is None:
        raise NotThere(
            "no JDK: javac is not on the path (Debian: apt install default-jdk-headless)"
        )
    return found


def _fetched() -> list[Path]:
    folder = FOLDER / "jars"
    missing = [jar for jar in JARS if not (folder / jar.name).is_file()]
    if missing:
        _tell("Fetching Kafka Streams, once")
        folder.mkdir(parents=True, exist_ok=True)
        maven = jars.part("jgo.maven").MavenContext(repo_cache=FOLDER / "maven", timeout=_TIMEOUT_S)
        for jar in missing:
            component = maven.project(jar.group, jar.artifact).at_version(jar.version)
            shutil.copyfile(component.artifact().resolve(), folder / jar.name)
    return [folder / jar.name for jar in JARS]


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")
