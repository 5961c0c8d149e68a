"""The matrix says what it tries."""

from pathlib import Path

from tests.matrix import other_actions, topic_actions

README = " ".join(Path("tests/matrix/README.md").read_text("utf-8").split())


def test_each_action_stands_in_the_readme() -> None:
    """What is tried at topics, groups, transactional ids and the cluster, in that order."""
    kinds = (
        topic_actions.ACTIONS,
        other_actions.GROUPS,
        other_actions.TRANSACTIONS,
        {"connect": None, **other_actions.CLUSTER},
    )
    for actions in kinds:
        assert f"| {', '.join(actions)} |" in README
