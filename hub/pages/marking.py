"""Marks texts for the catalogues."""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """The text as it is: found by the extraction, translated when it is shown."""
    return text
