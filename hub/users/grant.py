"""What a user may do: one entry of Kafka's access control list (ACL)."""

from enum import StrEnum
from typing import NamedTuple, Self

EVERYTHING = "*"
"""As a name: every resource of that kind."""


class Resource(StrEnum):
    """What an operation is about, as Kafka calls it."""

    TOPIC = "topic"
    GROUP = "group"
    TRANSACTIONAL_ID = "transactional_id"
    CLUSTER = "cluster"


class Operation(StrEnum):
    """What may be done, as Kafka calls it; to read or write includes to describe."""

    ALL = "all"
    READ = "read"
    WRITE = "write"
    CREATE = "create"
    DELETE = "delete"
    ALTER = "alter"
    DESCRIBE = "describe"
    CLUSTER_ACTION = "cluster_action"
    DESCRIBE_CONFIGS = "describe_configs"
    ALTER_CONFIGS = "alter_configs"
    IDEMPOTENT_WRITE = "idempotent_write"


class Grant(NamedTuple):
    """One operation on one resource, or on all whose names begin alike."""

    resource: Resource
    name: str
    operation: Operation
    prefixed: bool = False
    """Whether it is for every name that begins with `name`."""
    host: str = "*"
    """From where; the hub grants from everywhere."""
    allows: bool = True
    """False: it forbids; the hub never does."""

    @classmethod
    def topic(cls, operation: Operation, name: str) -> Self:
        """On this topic."""
        return cls(Resource.TOPIC, name, operation)

    @property
    def text(self) -> str:
        """For people: `read topic to.*`."""
        verb = "" if self.allows else "never "
        wide = "*" if self.prefixed else ""
        away = "" if self.host == EVERYTHING else f" from {self.host}"
        return f"{verb}{self.operation} {self.resource} {self.name}{wide}{away}"
