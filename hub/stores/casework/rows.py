"""A case as a row, and a row as a case."""

from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from hub.casework.case_file import CaseFile
from hub.casework.course import Course
from hub.casework.delivering import Kept
from hub.stores.casework.tables import case_files

_FILE: Final = TypeAdapter(CaseFile)
_COURSE: Final = TypeAdapter(Course)
_NAMED: Final = {"case": "case_id"}
"""Fields whose column is called otherwise: `case` is a word of SQL's own."""
FIELDS: Final = {name: _NAMED.get(name, name) for name in CaseFile.__slots__}
"""Each field of a file with its column."""
COLUMNS: Final = tuple(case_files.c[column].label(field) for field, column in FIELDS.items())
"""What a file is read from."""


def file_of(row: RowMapping) -> CaseFile:
    """The file in a row of `COLUMNS`."""
    return _FILE.validate_python({field: row[field] for field in FIELDS})


def kept_of(row: RowMapping) -> Kept:
    """The case in a row of `COLUMNS` and the course."""
    return Kept(file_of(row), _COURSE.validate_json(row["course"]))


def values(kept: Kept) -> dict[str, Any]:
    """The case's row."""
    file = {column: getattr(kept.file, field) for field, column in FIELDS.items()}
    course = _COURSE.dump_json(kept.course, exclude_defaults=True).decode()
    return file | {"course": course}
