"""Which party of the registry has which part in the cases."""

from dataclasses import dataclass
from typing import Final

from hub.domain.parties import Kind, Parties, Party
from hub.domain.places import Places
from hub.errors import UsageError
from hub.kit.case import YOU, Role

EPPERTSHAUSEN: Final = "06432005"
"""Where the pilot is; the party if none is named."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The party of each role."""

    parties: dict[Role, Party]

    def id(self, role: Role) -> str:
        """Its id in the registry."""
        return self.parties[role].id

    def name(self, role: Role) -> str:
        """Its name in a report."""
        return "You" if role == YOU else self.parties[role].name

    def of(self, party: str) -> Role | None:
        """The role of a party; None: it has none."""
        return next((role for role, has in self.parties.items() if has.id == party), None)


def cast(parties: Parties, places: Places, party: str | None) -> Roles:
    """The roles around this municipality; raises UsageError if it is none of the registry's.

    The neighbour has a border with it, if the map has one that does.
    """
    towns = [one for one in parties.party if one.kind is Kind.MUNICIPALITY]
    wanted = party or EPPERTSHAUSEN
    you = next((one for one in towns if one.id == wanted), None)
    others = [one for one in towns if one is not you]
    near = [one for one in others if one.area and places.borders(wanted, one.area)]
    neighbour = next(iter(near or others), None)
    jobcenter = next(iter(parties.jobcenters), None)
    if you is None or neighbour is None or jobcenter is None:
        known = ", ".join(one.id for one in towns)
        what = "The cases are a municipality's, beside a jobcenter and another municipality."
        raise UsageError(what, where="--party", remedy=f"Use one of: {known}.")
    return Roles({"you": you, "jobcenter": jobcenter, "neighbour": neighbour})
