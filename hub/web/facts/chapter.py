"""Labelled facts, and chapters of them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Fact(NamedTuple):
    """One labelled fact."""

    label: str
    text: str


class Chapter(NamedTuple):
    """Facts that belong together."""

    title: str
    facts: Sequence[Fact]
    warnings: Sequence[str] = ()
    """What must not be overlooked."""


class Names(NamedTuple):
    """Who gives names to ids and keys."""

    party: Callable[[str], str]
    town: Callable[[str], str]


def known(*facts: tuple[str, str | None]) -> list[Fact]:
    """Those of the facts that are known."""
    return [Fact(label, text) for label, text in facts if text]
