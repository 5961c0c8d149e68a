"""The report of a run: as one object for programs, as Markdown for people. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from hub.kit.board import Board
from hub.kit.case import YOU
from hub.kit.course import Course, Result

COLUMNS: Final = ("case", "result", "title", "what is missing")


def as_json(board: Board, now: datetime, version: str) -> dict[str, Any]:
    """Everything: counts first, then case by case."""
    results = [course.result for course in board.courses]
    return {
        "party": board.roles.id(YOU),
        "at": now.isoformat(timespec="seconds"),
        "version": version,
        **{str(each): results.count(each) for each in (Result.PASSED, Result.FAILED, Result.OPEN)},
        "not_asked_for": board.strangers,
        "cases": [_case(course) for course in board.courses],
    }


def rows(said: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """A row for each case of a report."""
    for one in said["cases"]:
        yield one["id"], one["result"], one["title"], " ".join(one["missing"])


def missing(course: Course) -> list[str]:
    """What is missing for the case to pass, in plain words; nothing if it has passed."""
    if course.result is Result.PASSED:
        return []
    if course.result is Result.FAILED:
        return list(course.remarks)
    step = course.step
    if course.pending is not None:
        waited = ["The hub has not answered it yet."]
    else:
        who = course.roles.name(step.by)
        waited = [f"Step {course.at + 1} of {len(course.case.step)}, {who}: {step.says}"]
    return [*waited, *(f"Tried before: {remark}" for remark in course.remarks)]


def as_markdown(said: dict[str, Any]) -> str:
    """The same report to read, made of the object."""
    cases = said["cases"]
    run = f"Party {said['party']}, {said['at']}, Kurze Wege {said['version']}"
    lines = [
        "# Report of the connector kit",
        "",
        f"{run}: {said['passed']} of {len(cases)} cases passed.",
        "",
        "| case | result | what it proves |",
        "|---|---|---|",
    ]
    lines += [f"| {one['id']} | {one['result']} | {one['proves']} |" for one in cases]
    for one in cases:
        lines += ["", f"## {one['title']}", "", f"`{one['id']}`: **{one['result']}**", ""]
        lines += [f"- {what}" for what in one["missing"]]
        if one["missing"]:
            lines.append("")
        lines += _states(one["states"])
    if said["not_asked_for"]:
        kinds = ", ".join(said["not_asked_for"])
        lines += ["", f"No case was waiting for what else you sent: {kinds}."]
    return "\n".join(lines).rstrip() + "\n"


def _states(states: dict[str, dict[str, dict[str, str | None]]]) -> list[str]:
    if not states:
        return []
    rows = ["| state | party | should know | knew |", "|---|---|---|---|"]
    for at, parties in states.items():
        for party, what in parties.items():
            rows.append(f"| {at} | {party} | {what['expected']} | {what['found'] or 'not seen'} |")
    return rows


def _case(course: Course) -> dict[str, Any]:
    case, roles = course.case, course.roles
    return {
        "id": case.id,
        "title": case.title,
        "proves": case.proves,
        "result": course.result,
        "steps": [
            {"by": roles.id(step.by), "says": step.says, "done": nth < course.at}
            for nth, step in enumerate(case.step)
        ],
        "states": {
            at: {
                roles.id(role): {
                    "expected": what,
                    "found": course.found.get(at, {}).get(role),
                }
                for role, what in knowledge.items()
            }
            for at, knowledge in case.states.items()
        },
        "missing": missing(course),
    }
