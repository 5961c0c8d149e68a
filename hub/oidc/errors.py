"""Why nobody comes in through the provider; the docstring is the message."""


class CodeRefused(Exception):
    """The provider does not take the code."""

    def __init__(self, code: str = "") -> None:
        """`code`: why, as a code of the standard (RFC 6749, 5.2)."""
        said = (type(self).__doc__ or "").strip()
        super().__init__(f"{said} ({code})" if code else said)
