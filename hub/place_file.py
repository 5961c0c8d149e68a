"""Reads the map of the district that ships with the hub."""

from importlib import resources

from hub.domain.places import Places, parse


def load_places() -> Places:
    """The places in `hub/places.toml`."""
    return parse((resources.files("hub") / "places.toml").read_text(encoding="utf-8"))
