"""The declared meaning of a table's columns, read from TOML."""

import tomllib
import unicodedata
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from schemas.envelope import Context
from schemas.events import BY_WIRE_TYPE

DATA: Final = "data."
_OWN: Final = {
    "specversion",
    "type",
    "source",
    "dataschema",
    "sender",
    "rule",
    "recordedtime",
    "signature",
    "seal",
}
"""Attributes that no column gives."""


class MappingUnreadable(Exception):
    """The mapping is not TOML, or declares what the contract does not have."""


class Column(BaseModel):
    """Where a column's cells go, and how they are written."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    to: str
    """An attribute (`subject`) or a field of the data (`data.client.birth_date`)."""
    kind: Annotated[
        Literal["text", "date", "moment", "time-of-day", "number", "yes-no", "list"],
        Field(alias="as"),
    ] = "text"
    """How the cells are written."""
    width: tuple[int, ...] = ()
    """How many digits a key has: a leading zero that Excel took off is put back."""
    words: dict[str, str] = {}
    """What stands in the cells for a code of the contract."""

    @property
    def field(self) -> str:
        """The attribute or field as problems name it."""
        return self.to.removeprefix(DATA)


def _short_form(column: object) -> object:
    return {"to": column} if isinstance(column, str) else column


class TableMapping(BaseModel):
    """What each row of a table says: one event of one type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    """The name of its TOML file, without the ending."""
    type: str
    """The event type with version."""
    files: tuple[str, ...] = ()
    """Patterns of the names of files that use it."""
    system: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] = "file-drop"
    """The party's system in the events' source."""
    delimiter: Literal[";", ",", "\t", "|"] = ";"
    """What stands between two cells."""
    constants: dict[str, str] = {}
    """What every row says, by where it goes; `{party}` stands for the folder's party."""
    columns: dict[str, Annotated[Column, BeforeValidator(_short_form)]]
    """The columns by the name in the header."""
    ignore: tuple[str, ...] = ()
    """Columns that are not read."""

    @model_validator(mode="after")
    def _fits_the_contract(self) -> Self:
        model = BY_WIRE_TYPE.get(self.type)
        if model is None:
            raise ValueError("type: no such event type")
        targets = [*self.constants, *(column.to for column in self.columns.values())]
        if len(set(targets)) < len(targets):
            raise ValueError("two columns or constants go to the same place")
        if any(a.startswith(f"{b}.") for a in targets for b in targets):
            raise ValueError("the place of one column lies inside the place of another")
        for target in targets:
            attribute = target in Context.model_fields.keys() - _OWN
            top = target.removeprefix(DATA).partition(".")[0]
            if not attribute and not (target.startswith(DATA) and top in model.model_fields):
                raise ValueError("a column or constant goes where the contract has nothing")
        return self

    def is_for(self, file_name: str) -> bool:
        """Whether a file of this name declares to be such a table."""
        plain = _plain(file_name).casefold()
        return any(fnmatchcase(plain, _plain(pattern).casefold()) for pattern in self.files)

    def column(self, header: str) -> Column | None:
        """The column of this name; composed and decomposed umlauts are the same."""
        return {_plain(name): column for name, column in self.columns.items()}.get(_plain(header))

    def knows(self, header: str) -> bool:
        """Whether a column of this name may stand in the file."""
        return self.column(header) is not None or _plain(header) in map(_plain, self.ignore)

    def column_of(self, field: str | None) -> str | None:
        """The name of the column that a problem with this field comes from."""
        found = {column.field: name for name, column in self.columns.items()}
        path = field or ""
        while path and path not in found:
            path = path.rpartition(".")[0]
        return found.get(path)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


def parse(name: str, text: str) -> TableMapping:
    """The mapping in a TOML document; raises MappingUnreadable."""
    try:
        return TableMapping.model_validate({"name": name, **tomllib.loads(text)})
    except ValidationError as error:
        found = "; ".join(_finding(one["loc"], one["msg"]) for one in error.errors())
        raise MappingUnreadable(f"{name}: {found}") from error
    except (ValueError, TypeError) as error:
        raise MappingUnreadable(f"{name}: {error}") from error


def _finding(location: tuple[int | str, ...], message: str) -> str:
    place = ".".join(map(str, location))
    words = message.removeprefix("Value error, ")
    return f"{place}: {words}" if place else words


@cache
def defaults() -> tuple[TableMapping, ...]:
    """The mappings that come with the connector, in order of name."""
    folder = resources.files("connectors.file_drop") / "mappings"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda f: f.name
    )
    return tuple(parse(file.name.removesuffix(".toml"), file.read_text("utf-8")) for file in files)


def candidates(file_name: str, own: Sequence[TableMapping]) -> list[TableMapping]:
    """The mappings a file may mean, the party's own first; by its name if any claims it."""
    names = {mapping.name for mapping in own}
    every = [*own, *(mapping for mapping in defaults() if mapping.name not in names)]
    return [mapping for mapping in every if mapping.is_for(file_name)] or every
