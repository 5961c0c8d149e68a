"""What can go wrong with the embedded Apache Kafka; each says what to do about it.

HubError
├── BrokerUnavailable
│   └── NotReady: Kafka did not come up; its last words are kept
├── DownloadFailed: a jar could not be fetched, or is not the one expected
├── PortTaken: another program listens on the port asked for
└── FolderUnfit: the folder holds another number of nodes
"""

from typing import Final

from hub.errors import BrokerUnavailable, HubError

ELSEWHERE: Final = "or use a broker that is already there (--bootstrap HOST:PORT)"


class NotReady(BrokerUnavailable):
    """Kafka did not come up."""

    def __init__(self, what: str, *, where: str, last_words: str) -> None:
        """Keep the end of its logs, which says why."""
        super().__init__(f"{what}\n{last_words}".rstrip(), where=where, remedy=f"read {where}")
        self.last_words = last_words


class DownloadFailed(HubError):
    """A jar of Kafka could not be fetched, or is not the one expected."""

    def __init__(self, jar: str, why: str) -> None:
        """Keep which jar and why."""
        remedy = f"make Maven Central reachable for the first start, {ELSEWHERE}"
        super().__init__(f"cannot fetch it: {why}", where=jar, remedy=remedy)


class PortTaken(HubError):
    """Another program listens on this port."""

    def __init__(self, port: int) -> None:
        """Keep the port."""
        super().__init__(where=f"port {port}", remedy="stop it or choose another port")
        self.port = port


class FolderUnfit(HubError):
    """The folder holds another number of nodes."""

    def __init__(self, folder: str, holds: int, asked: int) -> None:
        """Keep how many nodes it holds."""
        super().__init__(
            f"it holds {holds} node(s) of Kafka, asked for {asked}",
            where=folder,
            remedy=f"start {holds} or use another folder",
        )
        self.holds = holds
