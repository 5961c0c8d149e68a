"""The keys of subjects, those used last at hand."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple, Protocol

from schemas.encryption import Key

KEPT_S: Final = 5.0
"""So long a key stays at hand, in seconds: as soon has everybody noticed that it was destroyed."""
AT_HAND: Final = 8_000
"""So many keys are at hand at most; each takes some 3 kB, most of them OpenSSL's."""
Keys = Mapping[str, Key | None]
"""Each subject's key; None: it was destroyed. Not in it: there never was one."""


class Store(Protocol):
    """Where the keys are kept; any number of threads and processes may ask."""

    @property
    def is_near(self) -> bool:
        """Whether `find` answers from this machine, within milliseconds whatever others do."""

    def find(self, subjects: Collection[str]) -> dict[str, bytes | None]:
        """Their keys, as `Keys` has them; raises Later."""

    def make(self, subjects: Collection[str]) -> dict[str, bytes | None]:
        """Their keys, made where there were none; raises Later."""


class _Kept(NamedTuple):
    key: Key | None
    until: float


class Keyring:
    """Asks the store only for what it was not asked in the last seconds; thread-safe."""

    def __init__(self, store: Store, clock: Callable[[], float], at_hand: int = AT_HAND) -> None:
        """`clock`: seconds that only grow."""
        self._store = store
        self._clock = clock
        self._most = at_hand
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def is_near(self) -> bool:
        """Whether keys are found sooner than a thread could be asked to."""
        return self._store.is_near

    def at_hand(self, subjects: Collection[str]) -> dict[str, Key | None]:
        """Those of the keys that need not be asked for."""
        now = self._clock()
        found: dict[str, Key | None] = {}
        with self._lock:
            for one in subjects:
                kept = self._kept.get(one)
                if kept is not None and (kept.until > now or kept.key is None):
                    found[one] = kept.key
        return found

    def find(self, subjects: Collection[str]) -> Keys:
        """Their keys; raises Later."""
        return self._with(subjects, self._store.find)

    def make(self, subjects: Collection[str]) -> Keys:
        """Their keys, made where there were none; raises Later."""
        return self._with(subjects, self._store.make)

    def _with(
        self, subjects: Collection[str], ask: Callable[[Collection[str]], dict[str, bytes | None]]
    ) -> Keys:
        here = self.at_hand(subjects)
        if missing := {one for one in subjects if one not in here}:
            here |= self._keep(ask(missing))
        return here

    def _keep(self, asked: Mapping[str, bytes | None]) -> Keys:
        made = {one: None if raw is None else Key.of(raw) for one, raw in asked.items()}
        until = self._clock() + KEPT_S
        with self._lock:
            for subject, key in made.items():
                self._kept[subject] = _Kept(key, until)
                self._kept.move_to_end(subject)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
