"""Makes the users on the broker as declared, and never touches a user that is not ours.

`plan` looks, `apply` mends. A password cannot be read back, so it is never compared: `apply` sets
each one anew, which disturbs nobody who has come in.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from kafka.admin import KafkaAdminClient

from hub.errors import BrokerUnavailable
from hub.streaming import quota_admin, user_admin
from hub.streaming.admin import connected
from hub.users.plan import Difference, compare
from hub.users.roles import User

_VISIBLE_WITHIN_S: Final = 30
_PAUSE_S: Final = 0.1


class Applied(NamedTuple):
    """What was done."""

    found: tuple[Difference, ...]
    """What differed before."""
    left: tuple[Difference, ...]
    """What could not be mended: users without a password, and none was given."""


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
) -> Applied:
    """Make these users as declared, and return once the broker shows it.

    `passwords`: of the users whose password is set anew, by name. Who lacks one and is given none
    cannot be mended here. May run twice, also at the same time. Raises BrokerUnavailable and
    BrokerRefused.
    """
    names = [user.name for user in wanted]
    given = {name: word for name, word in passwords.items() if name in names}
    with connected(connection) as admin:
        differences = compare(wanted, user_admin.see(admin, names))
        user_admin.set_passwords(admin, given)
        user_admin.forget_passwords(admin, [one.name for one in differences if one.is_left])
        for one in differences:
            _mend(admin, one)
        until = time.monotonic() + _VISIBLE_WITHIN_S
        while left := compare(wanted, user_admin.see(admin, names)):
            if all(one.name not in given and one.is_only_missing for one in left):
                return Applied(differences, left)
            if time.monotonic() > until:
                raise BrokerUnavailable("the broker does not show what it acknowledged")
            time.sleep(_PAUSE_S)
    return Applied(differences, ())


def _mend(admin: KafkaAdminClient, one: Difference) -> None:
    if one.exceeds:
        user_admin.take_away(admin, one.name, one.exceeds)
    if one.lacks:
        user_admin.grant(admin, one.name, one.lacks)
    if one.limits:
        quota_admin.set_limits(admin, one.name, one.limits)
