"""What grants come to, by the rules of Kafka's authorizer."""

import pytest

from hub.users.grant import EVERYTHING, Grant, Operation, Resource
from tests.matrix.cell import ALLOWED, REFUSED, Cell, outcome
from tests.matrix.declared import verdict

OWN = Grant(Resource.TOPIC, "to.kfb", Operation.READ)
GROUPS = Grant(Resource.GROUP, "party.kfb.", Operation.READ, prefixed=True)


@pytest.mark.parametrize(
    ("operation", "resource", "name", "wanted"),
    [
        (Operation.READ, Resource.TOPIC, "to.kfb", ALLOWED),
        (Operation.DESCRIBE, Resource.TOPIC, "to.kfb", ALLOWED),
        (Operation.READ, Resource.TOPIC, "to.kfb-2", REFUSED),
        (Operation.WRITE, Resource.TOPIC, "to.kfb", REFUSED),
        (Operation.READ, Resource.GROUP, "party.kfb.archive", ALLOWED),
        (Operation.READ, Resource.GROUP, "party.kfb", REFUSED),
        (Operation.READ, Resource.GROUP, "to.kfb", REFUSED),
        (Operation.DESCRIBE, Resource.CLUSTER, "", REFUSED),
        (Operation.IDEMPOTENT_WRITE, Resource.CLUSTER, "", REFUSED),
        (Operation.CREATE, Resource.TOPIC, "to.kfb", REFUSED),
    ],
)
def test_a_reader_may_read(
    operation: Operation, resource: Resource, name: str, wanted: str
) -> None:
    """And with that describe; just there, and nothing else."""
    assert verdict([OWN, GROUPS], operation, resource, name) == wanted


def test_one_grant_may_imply_another() -> None:
    """All is each of them, everywhere is there, and to write anywhere is to write idempotently."""
    every = [Grant(Resource.TOPIC, EVERYTHING, Operation.ALL)]
    alter = [Grant(Resource.TOPIC, "x", Operation.ALTER_CONFIGS)]
    create = [Grant(Resource.CLUSTER, "kafka-cluster", Operation.CREATE)]

    assert verdict(every, Operation.DELETE, Resource.TOPIC, "x") == ALLOWED
    assert verdict(every, Operation.IDEMPOTENT_WRITE, Resource.CLUSTER, "") == ALLOWED
    assert verdict(alter, Operation.DESCRIBE_CONFIGS, Resource.TOPIC, "x") == ALLOWED
    assert verdict(create, Operation.CREATE, Resource.TOPIC, "x") == ALLOWED


def test_what_does_not_match_is_counted() -> None:
    """With where it is; a cell that matches is counted as checked alone."""
    right = Cell("topic", "kfb", "read", "to.kfb", ALLOWED, ALLOWED)
    wrong = right._replace(action="write", declared=REFUSED)

    found = outcome([right, wrong])

    assert (found["checked"], found["mismatched"]) == (2, 1)
    assert found["mismatches"] == [wrong._asdict()]
