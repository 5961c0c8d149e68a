"""The admin calls about users: who is there, what each may do, and to change both."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from hub.streaming.admin import BrokerRefused
from hub.streaming.quota_admin import limits_of
from hub.users.grant import Grant, Operation, Resource
from hub.users.plan import Found

MECHANISM: Final = ScramMechanism.SCRAM_SHA_512
NOBODY: Final[Mapping[str, Any]] = {"credential_infos": ()}


def see(admin: KafkaAdminClient, names: Collection[str]) -> Found:
    """Which of these users have a password, what each may do, and how much."""
    grants = {name: _grants(admin, name) for name in names}  # first: it refuses at once
    known = admin.describe_user_scram_credentials()
    with_password = frozenset(
        name
        for name in names
        if any(one["mechanism"] is MECHANISM for one in known.get(name, NOBODY)["credential_infos"])
    )
    return Found(with_password, grants, limits_of(admin, names))


def set_passwords(admin: KafkaAdminClient, passwords: Mapping[str, str]) -> None:
    """Give each user this password; raises BrokerRefused."""
    _alter(
        admin,
        [UserScramCredentialUpsertion(name, MECHANISM, word) for name, word in passwords.items()],
    )


def forget_passwords(admin: KafkaAdminClient, names: Iterable[str]) -> None:
    """Let nobody come as these users any more, who have one; raises BrokerRefused."""
    _alter(admin, [UserScramCredentialDeletion(name, MECHANISM) for name in names])


def _alter(admin: KafkaAdminClient, alterations: Sequence[Any]) -> None:
    answer = admin.alter_user_scram_credentials(alterations) if alterations else {}
    for name, why in answer.items():
        if why is not None:
            raise BrokerRefused(why, where=name)


def grant(admin: KafkaAdminClient, name: str, grants: Iterable[Grant]) -> None:
    """Let this user do these; raises BrokerRefused."""
    answer = admin.create_acls([_acl(ACL, ResourcePattern, name, one) for one in grants])
    for error in answer["failed"]:
        raise BrokerRefused(error.__name__, where=name)


def take_away(admin: KafkaAdminClient, name: str, grants: Iterable[Grant]) -> None:
    """Take these, and nothing else, away from this user; raises BrokerRefused."""
    filters = [_acl(ACLFilter, ResourcePatternFilter, name, one) for one in grants]
    for _, _, error in admin.delete_acls(filters):
        if error.errno:
            raise BrokerRefused(error.__name__, where=name)


def _grants(admin: KafkaAdminClient, name: str) -> frozenset[Grant]:
    anything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    asked = ACLFilter(f"User:{name}", None, ACLOperation.ANY, ACLPermissionType.ANY, anything)
    found, _ = admin.describe_acls(asked)
    return frozenset(_grant(one) for one in found)


def _grant(acl: Any) -> Grant:
    pattern = acl.resource_pattern
    return Grant(
        resource=Resource(pattern.resource_type.name.lower()),
        name=pattern.resource_name,
        operation=Operation(acl.operation.name.lower()),
        prefixed=pattern.pattern_type is ACLResourcePatternType.PREFIXED,
        host=acl.host,
        allows=acl.permission_type is ACLPermissionType.ALLOW,
    )


def _acl(kind: Any, pattern: Any, name: str, one: Grant) -> Any:
    """As an entry or as a filter that finds exactly this entry."""
    patterns, permissions = ACLResourcePatternType, ACLPermissionType
    return kind(
        principal=f"User:{name}",
        host=one.host,
        operation=ACLOperation[one.operation.upper()],
        permission_type=permissions.ALLOW if one.allows else permissions.DENY,
        resource_pattern=pattern(
            ResourceType[one.resource.upper()],
            one.name,
            patterns.PREFIXED if one.prefixed else patterns.LITERAL,
        ),
    )
