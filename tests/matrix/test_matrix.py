"""A small matrix: three parties at a hub as in production, everything tried as everybody."""

from collections.abc import Iterator
from typing import Final

import pytest

from hub.streaming import user_admin
from hub.streaming.admin import connected
from hub.users.grant import Grant, Operation, Resource
from tests.matrix.at_the_broker import tried
from tests.matrix.cell import outcome
from tests.matrix.run import every_cell
from tests.matrix.site import Site, site
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker, pytest.mark.timeout(600)]

EPPERTSHAUSEN, MUENSTER = "06432005", "06432015"
PARTIES: Final = ("kfb", EPPERTSHAUSEN, MUENSTER)
MORE: Final = Grant(Resource.TOPIC, "m.referrals", Operation.WRITE)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The jobcenter and two towns."""
    with site(tmp_path_factory.mktemp("matrix"), PARTIES, print) as made:
        yield made


def test_everybody_may_do_what_is_declared_and_nothing_else(small: Site) -> None:
    """Every action at every topic, group and call; then a grant by hand is found, and only that.

    Both at one hub: the second shows that the first could have failed.
    """
    cells = list(every_cell(small, print))

    found = outcome(cells)
    assert found["mismatches"] == []
    assert found["checked"] > 2000
    parties = {one.who for one in cells if one.kind == "http_api"}
    assert parties >= {*PARTIES, "stranger", "nobody"}
    assert {one.declared for one in cells if one.who.endswith("(suspended)")} == {"refused", "401"}

    (user,) = (one for one in small.declared() if small.party_of(one) == EPPERTSHAUSEN)
    with connected(small.settings.kafka.kafka_python()) as admin:
        user_admin.grant(admin, user.name, [MORE])
        until(lambda: MORE in user_admin.see(admin, [user.name]).grants[user.name])
    wrong = outcome(tried(user.name, small.connection(user), user.grants, small.there()))
    assert {(one["action"], one["where"]) for one in wrong["mismatches"]} == {
        ("write", "m.referrals"),
        ("describe", "m.referrals"),
        ("list offsets", "m.referrals"),
        ("write idempotently", ""),
    }
