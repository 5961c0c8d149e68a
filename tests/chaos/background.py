"""Work that goes on beside the test, and whose failure is the test's."""

import threading


class Background:
    """A thread that works until it is told to stop."""

    def __init__(self, name: str) -> None:
        """It does not run yet."""
        self.stopping = threading.Event()
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def work(self) -> None:
        """What is done; returns soon after `stopping` is set."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def finish(self) -> None:
        """Stop and wait for the end; raises what the work raised."""
        self.stopping.set()
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        try:
            self.work()
        except BaseException as error:  # noqa: BLE001 - raised again by finish
            self.failure = error
