"""SIGTERM and Ctrl-C ask a process to end well; a second one ends it."""

import signal

import pytest

from tests.support.programs import line, running

WAITS = """
from hub.stopping import stop_on_signals
stop = stop_on_signals()
print("ready", flush=True)
stop.wait()
print("stopped", flush=True)
"""
ELSEWHERE = """
import signal
import threading
from hub.stopping import stop_on_signals
stop = stop_on_signals()
print("ready", flush=True)
other = threading.Thread(target=stop.wait)
other.start()
threading.Timer(0.2, signal.pthread_kill, (other.ident, signal.SIGTERM)).start()
print("stopped" if stop.wait(10) else "deaf", flush=True)
"""
LINGERS = WAITS + "stop.clear(); stop.wait()"
BUSY = """
from hub.stopping import stop_on_signals
stop = stop_on_signals()
print("ready", flush=True)
while not stop.wait(0.00001):
    pass
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("code", [WAITS, BUSY], ids=["waiting", "busy waiting"])
def test_the_first_signal(code: str, number: signal.Signals) -> None:
    """The first signal lets the process end by itself, whatever it waits for."""
    with running(code) as process:
        assert line(process) == "ready"
        process.send_signal(number)
        assert line(process) == "stopped"
        assert process.wait(10) == 0


def test_a_signal_given_to_another_thread() -> None:
    """The main thread need not be the one that the system hands the signal to."""
    with running(ELSEWHERE) as process:
        assert line(process) == "ready"
        assert line(process) == "stopped"
        assert process.wait(10) == 0


def test_the_second_signal() -> None:
    """Who does not end after the first signal is ended by the second."""
    with running(LINGERS) as process:
        assert line(process) == "ready"
        process.send_signal(signal.SIGTERM)
        assert line(process) == "stopped"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == -signal.SIGTERM
