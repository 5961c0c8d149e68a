"""The declared topics and users as files for Kubernetes."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from hub import wiring
from hub.membership import strimzi
from hub.settings import Settings
from hub.streaming.topic_plan import wanted_config


def strimzi_files(settings: Settings, cluster: str) -> dict[str, str]:
    """Strimzi's resources for this cluster, by file name; raises ConfigError."""
    prefix, copies = settings.topic_prefix, settings.replication
    topics = [
        strimzi.topic(one, prefix, copies, wanted_config(one, copies), cluster)
        for one in wiring.declared_topics(settings)
    ]
    users = [
        strimzi.user(one, cluster) for one in wiring.declared_users(settings) if not one.is_over
    ]
    return {"topics.yaml": _yaml(topics), "users.yaml": _yaml(users)}


def _yaml(resources: Iterable[Mapping[str, Any]]) -> str:
    return yaml.safe_dump_all(resources, sort_keys=False, explicit_start=True)
