"""Where each case stands at the end, by the hub's own trail, compared with what explains it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hub.trail.trail import Trail
from tests.year.oracle.expected import Expected
from tests.year.oracle.figures import Figures
from tests.year.oracle.life import Life
from tests.year.oracle.waits import CANCELLATION

FINAL: Final = "over"
Ask = Callable[[str], Sequence[Trail]]
"""The trails of a case, as `hub trace` would tell them."""


class Standing(NamedTuple):
    """Where a referral stands, and who must do something."""

    status: str | None
    owner: str | None
    waits_for: str | None


@dataclass(slots=True)
class Standings:
    """Where all cases stand."""

    explained: Counter[str] = field(default_factory=Counter)
    """How many are over, and of the open ones how many wait for what."""
    unexplained: list[str] = field(default_factory=list)
    """Cases that do not stand where the script leaves them."""


def compare(expected: Expected, ask: Ask) -> Standings:
    """Every referral is over or open for the reason the script gives; so is every hand-over."""
    found = Standings()
    for case, lives in expected.lives.items():
        life = lives[-1]
        wanted = Standing(life.status, life.owner, life.waits_for)
        said = [Standing(one.status, one.owner, one.waits_for) for one in ask(case)]
        if said == [wanted]:
            found.explained[explanation(life)] += 1
        else:
            found.unexplained.append(f"{case}: {wanted} expected, {said} found")
    for case, handover in expected.handovers.items():
        carriers = [one.open_handover for one in ask(case)]
        if carriers != [handover.carrier]:
            found.unexplained.append(f"{case}: {handover.carrier} pays on, {carriers} found")
    return found


def explanation(life: Life) -> str:
    """Why a referral is open, in words; or that it is not."""
    if not life.is_open:
        return FINAL
    if life.cancelling:
        return f"waits for the owner: {CANCELLATION}"
    if life.status == "on-hold":
        return "on hold" if life.waits_for is None else "on hold: waits for papers"
    return f"waits for the owner: {life.waits[0].awaits}"


def differences(wanted: Figures, said: Sequence[Mapping[str, object]]) -> list[str]:
    """Where a report says other figures than these, each in words."""
    found = {(str(row["municipality"]), str(row["month"])): row for row in said}
    differing = [f"{place}: in one of them only" for place in found.keys() ^ wanted.keys()]
    for place in found.keys() & wanted.keys():
        row = found[place]
        differing += [
            f"{place}: {name} is {value}, the report says {row.get(name)}"
            for name, value in wanted[place].items()
            if row.get(name) != value
        ]
    return sorted(differing)
