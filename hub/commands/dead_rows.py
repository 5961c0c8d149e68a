"""How dead letters are printed: by cause, one by one, and what is done with them."""

from typing import TYPE_CHECKING, Any

from hub.commands.printing import Output, print_json, print_table

if TYPE_CHECKING:
    from hub.letters.replay import Step
    from hub.letters.sending import Result
    from hub.letters.shelf import Cause, Kept

CAUSES = ("died of", "type", "sender", "open", "replayed", "discarded", "oldest", "newest")
EACH = ("letter", "died", "of", "type", "sender", "case", "status")
STEPS = ("letter", "case", "what", "because")


def cause(one: "Cause") -> dict[str, Any]:
    """A cause as JSON values."""
    return {
        "codes": ", ".join(one.codes),
        "type": one.event_type,
        "sender": one.sender,
        "open": one.open,
        "replayed": one.replayed,
        "discarded": one.discarded,
        "oldest_at": one.oldest_at.isoformat(timespec="seconds"),
        "newest_at": one.newest_at.isoformat(timespec="seconds"),
    }


def letter(one: "Kept") -> dict[str, Any]:
    """A letter as JSON values, without its content."""
    its = one.letter
    return {
        "id": its.id,
        "died_at": its.at.isoformat(timespec="seconds"),
        "codes": list(its.codes),
        "type": its.attributes.get("type", ""),
        "sender": its.sender,
        "case": its.case,
        "status": one.status.value,
        "refused_again": one.tries,
    }


def each_row(one: "Kept") -> tuple[str, ...]:
    """A letter as a row."""
    said = letter(one)
    tries = f", refused again: {one.tries}" if one.tries else ""
    codes = ", ".join(said["codes"])
    return (
        *(said["id"], said["died_at"], codes, said["type"], said["sender"], said["case"]),
        said["status"] + tries,
    )


def row(letter: str, case: str, what: str, because: str) -> dict[str, str]:
    """What is done with a letter."""
    return {"letter": letter, "case": case, "what": what, "because": because}


def step(one: "Step") -> dict[str, str]:
    """What is planned for a letter."""
    return row(one.letter.id, one.letter.case, one.fate.value, one.because)


def result(one: "Result") -> dict[str, str]:
    """What became of a letter."""
    if one.outcome is None:
        return row(one.letter.id, one.letter.case, "waits", one.because)
    return row(one.letter.id, one.letter.case, one.outcome.act.value, one.outcome.says)


def print_steps(rows: list[dict[str, str]], output: Output) -> None:
    """What is, or would be, done."""
    if output is Output.JSON:
        print_json({"letters": rows})
    elif rows:
        print_table(STEPS, (tuple(row.values()) for row in rows))
