"""What a person sees of a demo: what is going on and how far it is, on stderr."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Screen:
    """A line for each step, and two bars while the day goes on; the bars only on a terminal."""

    def __init__(self, events: int, arrivals: int) -> None:
        """So many events will be handed in, so many copies and receipts must arrive."""
        self._console = Console(stderr=True, highlight=False, markup=False)
        self._bars = Progress(
            TextColumn("{task.description:12}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._events = self._bars.add_task("handed in", total=events)
        self._arrivals = self._bars.add_task("arrived", total=arrivals)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def tell(self, text: str) -> None:
        """Say what is going on."""
        self._console.print(text, soft_wrap=True)

    def progress(self, handed_in: int, arrived: int) -> None:
        """Show how far the day is."""
        self._bars.start()
        self._bars.update(self._events, completed=handed_in)
        self._bars.update(self._arrivals, completed=arrived)

    def day_is_over(self) -> None:
        """Leave the bars as they are."""
        self._bars.stop()
