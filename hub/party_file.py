"""Finds the file that declares the parties: the district's own, or one that is given."""

from importlib import resources
from pathlib import Path

from hub.domain.parties import Parties
from hub.domain.parties_file import parse
from hub.errors import PartiesError


def load_parties(file: Path | None = None) -> Parties:
    """The declared parties; raises PartiesError naming file, line and remedy."""
    if file is None:
        shipped = resources.files("hub") / "parties.toml"
        return parse(shipped.read_text(encoding="utf-8"), "hub/parties.toml")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        remedy = "Give a readable UTF-8 file, or leave the setting out for the district's own."
        what = f"The parties file cannot be read ({type(error).__name__})."
        raise PartiesError(str(file), 1, what, remedy) from error
    return parse(text, str(file))
