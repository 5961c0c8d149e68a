"""What the declared grants of a user come to, by the rules of Kafka's authorizer."""

from collections.abc import Collection
from typing import Final

from hub.users.grant import Grant, Operation, Resource
from tests.matrix.cell import ALLOWED, REFUSED

IMPLIED: Final = {
    Operation.DESCRIBE: {Operation.READ, Operation.WRITE, Operation.DELETE, Operation.ALTER},
    Operation.DESCRIBE_CONFIGS: {Operation.ALTER_CONFIGS},
}
"""Who may do one of these may do this as well."""


def verdict(grants: Collection[Grant], operation: Operation, resource: Resource, name: str) -> str:
    """Whether the grants allow it there; `name` is empty for the cluster."""
    enough = {operation, Operation.ALL} | IMPLIED.get(operation, set())
    found = any(
        one.operation in enough and one.resource is resource and _covers(one, name)
        for one in grants
    )
    if operation is Operation.CREATE and resource is Resource.TOPIC:
        found = found or verdict(grants, operation, Resource.CLUSTER, "") == ALLOWED
    if operation is Operation.IDEMPOTENT_WRITE:  # since Kafka 3.0 to write anywhere is enough
        found = found or any(
            one.operation in (Operation.WRITE, Operation.ALL) and one.resource is Resource.TOPIC
            for one in grants
        )
    return ALLOWED if found else REFUSED


def _covers(grant: Grant, name: str) -> bool:
    if grant.name == "*" or grant.resource is Resource.CLUSTER:
        return True
    return name.startswith(grant.name) if grant.prefixed else name == grant.name
