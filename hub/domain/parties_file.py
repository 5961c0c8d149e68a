"""Reads the text of a parties file; every mistake is named with its line and a remedy."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from hub.domain.parties import FAMILIES, Parties
from hub.errors import PartiesError


def parse(text: str, file: str) -> Parties:
    """The registry in this TOML text; raises PartiesError with file, line and remedy."""
    try:
        declared = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines())
        raise PartiesError(file, line, "This is not TOML.", "Mend the line; see toml.io.") from None
    entries = declared.get("party")
    if not isinstance(entries, list) or not entries:
        raise PartiesError(file, 1, "No [[party]] is declared.", "Declare at least two parties.")
    kinds = declared.get("kinds", {})
    merged = [_with_kind(entry, kinds, text, file, nth) for nth, entry in enumerate(entries)]
    try:
        parties = Parties.model_validate({"district": declared.get("district"), "party": merged})
    except ValidationError as error:
        raise _explained(error, text, file) from None
    _check_unique(parties, text, file)
    return parties


def _with_kind(
    entry: Mapping[str, Any], kinds: Mapping[str, Any], text: str, file: str, nth: int
) -> dict[str, Any]:
    kind = str(entry.get("kind"))
    if kind not in kinds:
        known = ", ".join(sorted(kinds)) or "none"
        line = _line_of(text, nth, "kind")
        what = f"The kind of party {nth + 1} is not declared."
        raise PartiesError(file, line, what, f"Use one of [kinds.*]: {known}.")
    return {**kinds[kind], **entry}


def _explained(error: ValidationError, text: str, file: str) -> PartiesError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = [str(part) for part in first["loc"]]
    nth = int(where[1]) if len(where) > 1 and where[0] == "party" else None
    key = where[2] if len(where) > 2 else where[0]  # noqa: PLR2004 - party, its number, its key
    return PartiesError(
        file,
        _line_of(text, nth, key),
        f"{'.'.join(where)}: {first['msg']}.",
        f"Correct {key!r}; hub/parties.toml is an example of every key.",
    )


def _check_unique(parties: Parties, text: str, file: str) -> None:
    seen: dict[str, int] = {}
    for nth, party in enumerate(parties.party):
        if party.id in seen:
            what = f"The id {party.id!r} is declared twice."
            remedy = f"Rename this party or the {seen[party.id] + 1}. one."
            raise PartiesError(file, _line_of(text, nth, "id"), what, remedy)
        seen[party.id] = nth
        unknown = sorted(({*party.sends} | {*party.receives}) - {*FAMILIES})
        if unknown:
            what = f"{party.id} names an event family that does not exist: {unknown[0]!r}."
            remedy = f"Use: {', '.join(FAMILIES)}."
            raise PartiesError(file, _line_of(text, nth, unknown[0]), what, remedy)


def _line_of(text: str, nth: int | None, key: str) -> int:
    """The line, from 1, of a key: in the nth [[party]], else in its kind, else at the top."""
    lines = text.splitlines()
    begin, end = 0, len(lines)
    if nth is not None:
        heads = [n for n, line in enumerate(lines) if line.strip() == "[[party]]"]
        begin = heads[nth] if nth < len(heads) else 0
        end = heads[nth + 1] if nth + 1 < len(heads) else end
    pattern = re.compile(rf'\s*"?{re.escape(key)}"?\s*=')
    for span in (range(begin, end), range(len(lines))):
        for number in span:
            if pattern.match(lines[number]):
                return number + 1
    return begin + 1
