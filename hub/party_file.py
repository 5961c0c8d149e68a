"""Finds the file that declares the parties: the district's own, or one that is given."""

from importlib import resources
from pathlib import Path

from hub.domain.parties import Parties
from hub.domain.parties_file import parse
from hub.errors import PartiesError
from hub.place_file import load_places


def load_parties(file: Path | None = None) -> Parties:
    """The declared parties on the district's map; raises PartiesError, which names the remedy."""
    return _declared(file).model_copy(update={"chart": load_places()})


def _declared(file: Path | None) -> Parties:
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
