"""Reads the text of a parties file; every mistake is named with its line and a remedy."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from hub.domain.parties import FAMILIES, Kind, Parties, Party
from hub.domain.toml_lines import TomlLines
from hub.errors import PartiesError

HUB: Final = "hub"
"""The hub's own name in `source`; no party may speak in it."""
Table = Mapping[str, Any]


def parse(text: str, file: str) -> Parties:
    """The registry in this TOML text; raises PartiesError with file, line and remedy."""
    return _Reading(text, file).parties()


class _Reading:
    """One text being read; knows where to point."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.text = text
        self.lines = TomlLines(text)
        self.kind_of: list[str] = []

    def parties(self) -> Parties:
        declared = self._toml()
        entries = declared.get("party")
        if not isinstance(entries, list) or not entries:
            raise self._mistake(1, "No [[party]] is declared.", "Declare at least two parties.")
        kinds = declared.get("kinds")
        kinds = kinds if isinstance(kinds, dict) else {}
        merged = [self._with_kind(entry, kinds, nth) for nth, entry in enumerate(entries)]
        try:
            found = Parties.model_validate({"district": declared.get("district"), "party": merged})
        except ValidationError as error:
            raise self._explained(error) from None
        for nth, party in enumerate(found.party):
            self._check_id(party, nth, found)
            self._check_area(party, nth, found)
            self._check_families(party, nth)
            self._check_escalation(party, nth, found)
        return found

    def _toml(self) -> Table:
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            line = int(found[1]) if found else len(self.text.splitlines())
            what = f"This is not TOML: {error}."
            raise self._mistake(line, what, "Mend the line; see toml.io.") from None

    def _with_kind(self, entry: object, kinds: Table, nth: int) -> Table:
        if not isinstance(entry, dict):
            what = f"Party {nth + 1} is not a table."
            remedy = "Write [[party]] and its keys below it."
            raise self._mistake(self.lines.of_top("party"), what, remedy)
        kind = entry.get("kind")
        self.kind_of.append(str(kind))
        if not isinstance(kinds.get(str(kind)), dict):
            known = ", ".join(sorted(kinds)) or "none"
            what = f"The kind of party {nth + 1} is not declared."
            raise self._mistake(self._line(nth, "kind"), what, f"Use one of [kinds.*]: {known}.")
        return {**kinds[str(kind)], **entry}

    def _explained(self, error: ValidationError) -> PartiesError:
        first = error.errors(include_url=False, include_input=False)[0]
        where = [str(part) for part in first["loc"]]
        keys = [part for part in where[2:] if not part.isdigit()]
        if where[0] != "party":
            line = self.lines.of_top(where[0])
        else:
            line = self._line(int(where[1]), *keys)
        key = (keys or where)[-1]
        remedy = f"Correct {key!r}; hub/parties.toml is an example of every key."
        return self._mistake(line, f"{'.'.join(where)}: {first['msg']}.", remedy)

    def _check_id(self, party: Party, nth: int, parties: Parties) -> None:
        if party.id == HUB:
            what = f"The id {HUB!r} is the hub's own."
            raise self._mistake(self._line(nth, "id"), what, "Give the party another id.")
        before = [other.id for other in parties.party[:nth]]
        if party.id in before:
            what = f"The id {party.id!r} is declared twice."
            remedy = f"Rename this party or the {before.index(party.id) + 1}. one."
            raise self._mistake(self._line(nth, "id"), what, remedy)

    def _check_area(self, party: Party, nth: int, parties: Parties) -> None:
        if party.kind is not Kind.MUNICIPALITY:
            return
        others = {other.area for other in parties.party[:nth] if other.kind is Kind.MUNICIPALITY}
        area, district = party.area or "", parties.district
        if area in others or area == district or not area.startswith(district):
            what = f"{party.id} is a municipality without a key of its own in the district."
            remedy = f"Give its 8-digit key as area; it begins with {district}."
            raise self._mistake(self._line(nth, "area"), what, remedy)

    def _check_families(self, party: Party, nth: int) -> None:
        for key, families in (("sends", [*party.sends]), ("receives", [*party.receives])):
            unknown = sorted({*families} - {*FAMILIES})
            if unknown:
                what = f"{party.id} names an event family that does not exist: {unknown[0]!r}."
                line = self._line(nth, key, unknown[0])
                raise self._mistake(line, what, f"Use: {', '.join(FAMILIES)}.")
        if "address-change" in party.receives and "disclosure-block" not in party.receives:
            what = f"{party.id} may be sent addresses, but not that one is blocked (BMG §33(4))."
            remedy = "Add 'disclosure-block' to what it receives."
            raise self._mistake(self._line(nth, "receives"), what, remedy)

    def _check_escalation(self, party: Party, nth: int, parties: Parties) -> None:
        if party.escalates_to is not None and party.escalates_to not in parties.by_id:
            what = f"{party.id} escalates to a party that is not declared: {party.escalates_to!r}."
            line = self._line(nth, "escalates_to")
            raise self._mistake(line, what, "Use the id of one of the parties.")

    def _line(self, nth: int, *keys: str) -> int:
        """Where the last of these keys stands: in the nth party, else in its kind."""
        return (
            self.lines.of_entry("party", nth, *keys)
            or self.lines.of_table(f"kinds.{self.kind_of[nth]}", *keys)
            or self.lines.head("party", nth)
        )

    def _mistake(self, line: int, what: str, remedy: str) -> PartiesError:
        return PartiesError(self.file, line, what, remedy)
