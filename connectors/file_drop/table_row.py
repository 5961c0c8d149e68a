"""One row of a table as an event, every cell where the mapping says."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from connectors.file_drop.cells import CellUnreadable, value_of
from connectors.file_drop.mapping import event_of, own_attributes
from connectors.file_drop.nesting import nested
from connectors.file_drop.reading import Finding
from connectors.file_drop.table_head import Head
from connectors.file_drop.table_mapping import DATA, TableMapping
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.problems import ProblemCode, problem


class RowUnreadable(Exception):
    """The row is no event; its findings say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Keep them."""
        super().__init__(", ".join(finding.problem.code for finding in findings))
        self.findings = tuple(findings)


def row_event(cells: Sequence[str], head: Head, party: str, own_id: str) -> Event[Data]:
    """The event a row says, under its own id or else this one; raises RowUnreadable."""
    findings = list(_misplaced(cells, head))
    if findings:
        raise RowUnreadable(findings)
    values: dict[str, JsonValue] = {}
    for cell, column in zip(cells, head.columns, strict=False):
        if column is None:
            continue
        try:
            value = value_of(cell, column.kind, width=column.width, words=column.words)
        except CellUnreadable as unreadable:
            data = column.to.startswith(DATA)
            code = ProblemCode.FIELD_INVALID if data else ProblemCode.ATTRIBUTE_INVALID
            found = problem(code, str(unreadable), column.field)
            findings.append(Finding(found, head.mapping.column_of(column.field)))
        else:
            if value is not None:
                values[column.to] = value
    return _event(values, head.mapping, party, own_id, findings)


def _event(
    values: dict[str, JsonValue],
    mapping: TableMapping,
    party: str,
    own_id: str,
    findings: list[Finding],
) -> Event[Data]:
    constants = {to: said.replace("{party}", party) for to, said in mapping.constants.items()}
    said = {**constants, **values}
    attributes = {"id": own_id, **own_attributes(mapping.type, party, mapping.system)}
    attributes |= {to: str(value) for to, value in said.items() if not to.startswith(DATA)}
    data = nested((to[len(DATA) :], value) for to, value in said.items() if to.startswith(DATA))
    known = {finding.problem.field for finding in findings}
    try:
        event = event_of(attributes, data, party)
    except Unreadable as unreadable:
        findings += [
            Finding(found, mapping.column_of(found.field))
            for found in unreadable.problems
            if found.field not in known
        ]
        raise RowUnreadable(findings) from None
    if findings:
        raise RowUnreadable(findings)
    return event


def _misplaced(cells: Sequence[str], head: Head) -> Iterator[Finding]:
    if len(cells) < len(head.columns):
        detail = "The row has fewer cells than the header; is it cut off?"
        yield Finding(problem(ProblemCode.VALUE_UNREADABLE, detail))
    extra = (cell for number, cell in enumerate(cells) if number >= len(head.columns))
    if any(cell.strip() for cell in extra):
        yield Finding(problem(ProblemCode.FIELD_UNKNOWN, "The row has more cells than the header."))
    if any(number in head.unnamed and cell.strip() for number, cell in enumerate(cells)):
        detail = "A cell stands in a column whose header is empty."
        yield Finding(problem(ProblemCode.FIELD_UNKNOWN, detail))
