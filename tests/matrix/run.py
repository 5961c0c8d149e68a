"""Starts a hub, tries everything as everybody, and compares with what is declared."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.matrix import at_the_doors as doors
from tests.matrix.at_the_broker import comes, tried
from tests.matrix.cell import Cell
from tests.matrix.site import Site, Tell, site
from tests.support.waiting import until


def cells(folder: Path, parties: Sequence[str], tell: Tell) -> Iterator[Cell]:
    """Every cell of the table, tried; `tell` is told what takes a while."""
    with site(folder, parties, tell) as made:
        yield from every_cell(made, tell)


def every_cell(made: Site, tell: Tell) -> Iterator[Cell]:
    """The same where a hub runs already; its last party is suspended in the end."""
    tell("Calling the doors")
    yield from _doors(made)
    tell("Trying everything at the broker")
    yield from _broker(made, tell)
    party = made.parties[-1]
    tell(f"Suspending {party}")
    made.members().suspend(party)
    yield from _suspended(made, party)


def _doors(made: Site) -> Iterator[Cell]:
    said: dict[str, doors.Said] = {}
    with doors.a_client() as client:
        for party, one in doors.handed_in(made, client):
            if isinstance(one, Cell):
                yield one
            else:
                said[party] = one
        yield from doors.crossed(made, client)
        yield from doors.traced(made, client, said)
        yield from doors.collected(made, client)
        yield from doors.opened(made, client)


def _broker(made: Site, tell: Tell) -> Iterator[Cell]:
    there = made.there()
    for user in made.declared():
        started = time.monotonic()
        connection = made.connection(user)
        yield comes(user.name, connection, declared=True)
        yield from tried(user.name, connection, user.grants, there)
        tell(f"{user.name}: {time.monotonic() - started:.1f} s")
    first = made.declared()[-1]
    yield comes("with a wrong password", made.as_user(first.name, "wrong"), declared=False)
    yield comes("with no such user", made.as_user("nobody", "wrong"), declared=False)
    plain = {"bootstrap_servers": made.kafka.bootstrap}
    yield comes("without TLS", plain, declared=False)


def _suspended(made: Site, party: str) -> Iterator[Cell]:
    (user,) = (one for one in made.declared() if made.party_of(one) == party)
    who = f"{user.name} (suspended)"
    yield from tried(who, made.connection(user), user.grants, made.there())
    with doors.a_client() as client:
        sheet = made.sheets[party]
        url = f"{made.url('mailbox')}/mailbox/{party}"
        shown = {"Authorization": f"Bearer {sheet['mailbox-token']}"}
        until(lambda: client.get(url, headers=shown).status_code == 401)
        yield from doors.closed(made, client, party)
