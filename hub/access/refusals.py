"""Why somebody does not come in; each docstring is its message."""

from datetime import timedelta


class NotAdmitted(Exception):
    """You cannot sign in."""

    def __str__(self) -> str:
        """The message: the class's docstring."""
        return (self.__doc__ or "").strip()


class WrongNameOrPassword(NotAdmitted):
    """The name or the password is wrong."""


class MustWait(NotAdmitted):
    """It failed too often: wait before you try again."""

    def __init__(self, pause: timedelta) -> None:
        """`pause`: for how long."""
        super().__init__()
        self.pause = pause


class NoRoleHere(NotAdmitted):
    """Your account has no role at this back office."""


class AccountLocked(NotAdmitted):
    """This account is locked."""


class NameTaken(NotAdmitted):
    """There is an account with this name already."""


class NoSuchAccount(NotAdmitted):
    """There is no account with this name."""
