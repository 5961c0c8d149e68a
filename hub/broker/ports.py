"""Finds ports nobody listens on."""

import os
import socket
from random import SystemRandom
from typing import Final

from hub.broker.errors import PortTaken

HOST: Final = "127.0.0.1"
# Below every system's range for outgoing connections: a client that knocks at a dead node's port
# could otherwise be given that very port and hold it against the node's return.
_RANGE: Final = range(20000, 30000)


def is_free(port: int) -> bool:
    """Whether a program may listen on this port of the own machine now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # as Java does: remains of old connections do not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Whether a program listens on this port of the own machine now."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def free(count: int) -> list[int]:
    """So many different ports, each free a moment ago."""
    found: list[int] = []
    for port in SystemRandom().sample(_RANGE, len(_RANGE)):
        if len(found) == count:
            break
        if is_free(port):
            found.append(port)
    return found


def insist(port: int) -> int:
    """This port; raises PortTaken when another program listens on it."""
    if not is_free(port):
        raise PortTaken(port)
    return port
