"""What `hub party render` writes is what Strimzi's CustomResourceDefinitions ask for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator

from hub import origins, wiring
from hub.errors import ConfigError
from hub.members.kubernetes import strimzi_files
from hub.membership import register, strimzi
from hub.membership.issuing import issue
from hub.membership.membership import Membership, State
from hub.settings import Settings

HERE: Final = Path(__file__).parent / "strimzi"
"""Of strimzi/strimzi-kafka-operator at 8541da1e33, Apache License 2.0."""
FILES: Final = {"topics.yaml": "043-Crd-kafkatopic.yaml", "users.yaml": "044-Crd-kafkauser.yaml"}
NOW: Final = datetime.now(UTC)
OPEN: Final = "x-kubernetes-preserve-unknown-fields"


def closed(schema: Any) -> Any:  # noqa: ANN401 - a JSON Schema
    """The same, refusing what Kubernetes would drop without a word."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(value) for name, value in schema.items()}
    if "properties" in made and not made.get(OPEN):
        made.setdefault("additionalProperties", False)
    return made


def validator(file: str) -> Draft202012Validator:
    """What Kubernetes checks in the version that Strimzi stores."""
    definition = yaml.safe_load((HERE / FILES[file]).read_text("utf-8"))
    (version,) = (one for one in definition["spec"]["versions"] if one["storage"])
    assert f"{definition['spec']['group']}/{version['name']}" == strimzi.VERSION
    schema = closed(version["schema"]["openAPIV3Schema"])
    schema["properties"]["metadata"] = {"type": "object"}
    return Draft202012Validator(schema)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A hub with a party that takes part, one that is suspended, and one that was removed."""
    for party, state in zip(("kfb", "06432005", "06432015"), State, strict=True):
        new = issue(1, NOW, NOW + timedelta(days=1)).credentials
        member = Membership(party=party, state=state, credentials=(new,))
        register.write(tmp_path, member)
    return origins.load({"membership.folder": str(tmp_path), "replication": 3})


@pytest.mark.parametrize("file", FILES)
def test_each_resource_is_valid(settings: Settings, file: str) -> None:
    """Every field is there, known, and of the right kind."""
    check = validator(file)
    found = list(yaml.safe_load_all(strimzi_files(settings, "kurze-wege")[file]))

    assert len(found) > 8
    for one in found:
        assert [error.message for error in check.iter_errors(one)] == []
        assert one["metadata"]["labels"] == {"strimzi.io/cluster": "kurze-wege"}


@pytest.mark.parametrize("file", FILES)
def test_the_check_can_fail(settings: Settings, file: str) -> None:
    """A field that nobody knows and a value of another kind are found."""
    one = next(yaml.safe_load_all(strimzi_files(settings, "x")[file]))

    assert not validator(file).is_valid(one | {"spec": one["spec"] | {"partition": 1}})
    assert not validator(file).is_valid(one | {"spec": []})


def test_it_is_the_same_list(settings: Settings) -> None:
    """Topics and users are those of the live cluster, with the same grants and limits."""
    files = strimzi_files(settings, "kurze-wege")
    topics = {one["metadata"]["name"]: one for one in yaml.safe_load_all(files["topics.yaml"])}
    users = {one["metadata"]["name"]: one for one in yaml.safe_load_all(files["users.yaml"])}

    assert topics.keys() == {one.name for one in wiring.declared_topics(settings)}
    assert topics["to.kfb"]["spec"]["replicas"] == 3
    assert topics["to.kfb"]["spec"]["config"]["min.insync.replicas"] == "2"
    declared = {one.name: one for one in wiring.declared_users(settings) if not one.is_over}
    assert users.keys() == declared.keys()
    for name, one in declared.items():
        acls = users[name]["spec"]["authorization"]["acls"]
        assert sum(len(acl["operations"]) for acl in acls) == len(one.grants)
    assert users["party.06432005.1"]["spec"]["authorization"]["acls"] == []
    assert "party.06432015.1" not in users


def test_a_partys_user_says_what_it_may(settings: Settings) -> None:
    """Word by word, as Strimzi writes it."""
    users = yaml.safe_load_all(strimzi_files(settings, "kurze-wege")["users.yaml"])
    (kfb,) = (one for one in users if one["metadata"]["name"] == "party.kfb.1")

    assert kfb["spec"] == {
        "authentication": {"type": "scram-sha-512"},
        "authorization": {
            "type": "simple",
            "acls": [
                {
                    "type": "allow",
                    "resource": {"type": "group", "name": "party.kfb.", "patternType": "prefix"},
                    "host": "*",
                    "operations": ["Read"],
                },
                {
                    "type": "allow",
                    "resource": {"type": "topic", "name": "to.kfb", "patternType": "literal"},
                    "host": "*",
                    "operations": ["Read"],
                },
            ],
        },
        "quotas": {
            "producerByteRate": 65536,
            "consumerByteRate": 2097152,
            "requestPercentage": 25,
        },
    }


def test_a_name_that_kubernetes_does_not_know_is_refused(tmp_path: Path) -> None:
    """Before anything is written, with what is allowed."""
    new = issue(1, NOW, NOW + timedelta(days=1)).credentials
    register.write(tmp_path, Membership(party="ab-", state=State.ACTIVE, credentials=(new,)))

    with pytest.raises(ConfigError) as told:
        strimzi_files(origins.load({"membership.folder": str(tmp_path)}), "kurze-wege")
    assert told.value.where == "party.ab-.1"
