"""Makes the users on the broker as declared, and never touches a user that is not ours.

`plan` looks, `apply` mends. A password cannot be read back, so it is never compared: `apply` sets
each one anew, which disturbs nobody who has come in.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hub.errors import BrokerUnavailable
from hub.streaming import user_admin
from hub.streaming.admin import connected
from hub.users.plan import Difference, compare
from hub.users.roles import User

_VISIBLE_WITHIN_S: Final = 30
_PAUSE_S: Final = 0.1


def plan(connection: Mapping[str, Any], wanted: Iterable[User]) -> tuple[Difference, ...]:
    """What differs on the broker from these users.

    `connection`: what kafka-python's clients take. Looks only. Raises BrokerUnavailable, and
    BrokerRefused where the broker knows no users or does not show them to whoever asks.
    """
    users = list(wanted)
    with connected(connection) as admin:
        return compare(users, user_admin.see(admin, [user.name for user in users]))


def apply(
    connection: Mapping[str, Any], wanted: Sequence[User], passwords: Mapping[str, str]
) -> None:
    """Make these users as declared, and return once the broker shows it.

    `passwords`: of every user, by its name. May run twice, also at the same time. Raises
    BrokerUnavailable and BrokerRefused.
    """
    names = [user.name for user in wanted]
    with connected(connection) as admin:
        user_admin.set_passwords(admin, {name: passwords[name] for name in names})
        for one in compare(wanted, user_admin.see(admin, names)):
            if one.lacks:
                user_admin.grant(admin, one.name, one.lacks)
            if one.exceeds:
                user_admin.take_away(admin, one.name, one.exceeds)
        until = time.monotonic() + _VISIBLE_WITHIN_S
        while compare(wanted, user_admin.see(admin, names)):
            if time.monotonic() > until:
                raise BrokerUnavailable("the broker does not show what it acknowledged")
            time.sleep(_PAUSE_S)
