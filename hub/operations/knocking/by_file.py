"""Hands probes in at the door for files, in the folder of `hub`."""

from contextlib import suppress
from pathlib import Path

from connectors.file_drop.rooms import DONE, INBOX, REFUSED
from connectors.webhook.mapping import structured
from hub.domain.probing import ASKER
from hub.settings import Settings
from schemas.data import Data
from schemas.envelope import Event


class FileKnock:
    """Drops a file into the folder of `hub`, and takes it away again."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is dropped yet."""
        self._folder = folder(settings)

    def hand_in(self, event: Event[Data]) -> str:
        """Written under a hidden name, renamed when it is whole."""
        name = _file(event)
        hidden = self._folder / INBOX / f".{name}"
        try:
            hidden.write_bytes(structured(event) + b"\n")
            hidden.rename(self._folder / INBOX / name)
        except OSError as error:
            return error.strerror or type(error).__name__
        return ""

    def objection(self, event: Event[Data]) -> str:
        """The door lays aside what it refuses."""
        return "the file was refused" if list(self._left(REFUSED, event)) else ""

    def tidy(self, event: Event[Data]) -> None:
        """The file, wherever it has got to, and those of earlier probes that are done.

        A disk that fails is the next probe's matter.
        """
        with suppress(OSError):
            earlier = (self._folder / DONE).glob("probe-*.jsonl")
            for file in (*self._left(INBOX, event), *self._left(REFUSED, event), *earlier):
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing is held."""

    def _left(self, room: str, event: Event[Data]) -> list[Path]:
        return list((self._folder / room).glob(f"{_file(event)}*"))


def folder(settings: Settings) -> Path:
    """The folder of `hub` at the door for files."""
    return settings.file_drop.root / ASKER


def _file(event: Event[Data]) -> str:
    return f"probe-{event.context.id}.jsonl"
