"""The declared topics and users as Strimzi's resources (`kafka.strimzi.io/v1`), for Kubernetes.

Their fields are those of Strimzi's CustomResourceDefinitions. Passwords stand in none of them: the
User Operator makes one for each user and keeps it in a Secret of the user's name.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from hub.errors import ConfigError
from hub.users.grant import Grant
from hub.users.quota import READ_BYTES, REQUESTS, WRITE_BYTES
from hub.users.roles import User
from schemas.topics import Topic

VERSION: Final = "kafka.strimzi.io/v1"
CLUSTER: Final = "strimzi.io/cluster"
_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LIMITS: Final = {
    WRITE_BYTES: "producerByteRate",
    READ_BYTES: "consumerByteRate",
    REQUESTS: "requestPercentage",
}


def topic(one: Topic, prefix: str, copies: int, config: Mapping[str, str], cluster: str) -> Any:  # noqa: ANN401 - YAML
    """A topic as `KafkaTopic`; raises ConfigError for a name that Kubernetes does not know."""
    spec = {
        "partitions": one.partitions,
        "replicas": copies,
        "config": dict(sorted(config.items())),
    }
    return _resource("KafkaTopic", prefix + one.name, cluster, spec)


def user(one: User, cluster: str) -> Any:  # noqa: ANN401 - YAML
    """A user as `KafkaUser`; raises ConfigError for a name that Kubernetes does not know."""
    spec: dict[str, Any] = {
        "authentication": {"type": "scram-sha-512"},
        "authorization": {"type": "simple", "acls": list(_acls(one.grants))},
    }
    if one.quota:
        spec["quotas"] = {_LIMITS[key]: value for key, value in one.quota.limits().items()}
    return _resource("KafkaUser", one.name, cluster, spec)


def _acls(grants: Iterable[Grant]) -> Iterable[dict[str, Any]]:
    found: dict[tuple[str, str, bool, str, bool], list[str]] = {}
    for one in sorted(grants):
        key = (one.resource, one.name, one.prefixed, one.host, one.allows)
        found.setdefault(key, []).append(_camel(one.operation))
    for (resource, name, prefixed, host, allows), operations in found.items():
        kind = _camel(resource)
        pattern = "prefix" if prefixed else "literal"
        yield {
            "type": "allow" if allows else "deny",
            "resource": {
                "type": kind[0].lower() + kind[1:],
                "name": name,
                "patternType": pattern,
            },
            "host": host,
            "operations": operations,
        }


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _resource(kind: str, name: str, cluster: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    if _NAME.fullmatch(name) is None:
        remedy = "In Kubernetes each part between dots begins and ends with a letter or a digit."
        raise ConfigError(f"No {kind} can be called that.", where=name, remedy=remedy)
    return {
        "apiVersion": VERSION,
        "kind": kind,
        "metadata": {"name": name, "labels": {CLUSTER: cluster}},
        "spec": dict(spec),
    }
