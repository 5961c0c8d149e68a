"""The register of members: one file, without any secret, beside the deployment's secrets."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from hub.errors import ConfigError, UsageError
from hub.membership.membership import Membership

NAME: Final = "members.json"
_KIND: Final = TypeAdapter(tuple[Membership, ...])


def read(folder: Path) -> dict[str, Membership]:
    """Every membership there ever was, by party; none where there is no file.

    Raises ConfigError for a file that cannot be read.
    """
    file = folder / NAME
    try:
        found = _KIND.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        what = f"The register of members cannot be read ({type(error).__name__})."
        remedy = "Put it back from the backup; without it nothing is known of what parties have."
        raise ConfigError(what, where=str(file), remedy=remedy) from None
    return {one.party: one for one in found}


def of(folder: Path, party: str) -> Membership:
    """One party's membership; raises UsageError where it never took part, and ConfigError."""
    found = read(folder).get(party)
    if found is None:
        remedy = f"Take it in: hub party add {party}"
        raise UsageError("The party does not take part.", where=party, remedy=remedy)
    return found


def write(folder: Path, changed: Membership) -> None:
    """Keep this membership, whole or not at all; the others stay as they are."""
    members: Mapping[str, Membership] = read(folder) | {changed.party: changed}
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f".{NAME}"
    data = [members[party].model_dump(mode="json") for party in sorted(members)]
    with half.open("w", encoding="utf-8") as text:
        half.chmod(0o600)
        json.dump(data, text, indent=1)
        text.flush()
        os.fsync(text.fileno())
    half.replace(folder / NAME)
