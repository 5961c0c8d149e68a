"""What `hub lag` shows: what the monitor knows or, where none runs, a look of its own."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import httpx

from hub.lookout.lookout import Lookout
from hub.monitor.memory import Memory
from hub.monitor.observing import observe
from hub.monitor.plain import Json, plain
from hub.monitor.snapshot import Snapshot
from hub.monitor.state_file import StateFile
from hub.monitor.watch import Watch
from hub.operations import watched
from hub.settings import Settings

ASKED_WITHIN_S: Final = 2.0
"""How long the monitor is waited for."""
Tell = Callable[[str], None]


def known(settings: Settings, tell: Tell) -> Json:
    """The newest there is; raises BrokerUnavailable and BrokerRefused."""
    return asked(settings) or looked(settings, tell)


def asked(settings: Settings) -> Json | None:
    """What a running monitor knows; None where there is none, or none of this hub."""
    options = settings.monitor
    if not options.port:
        return None
    host = f"[{options.host}]" if ":" in options.host else options.host
    try:
        answer = httpx.get(f"http://{host}:{options.port}/snapshot", timeout=ASKED_WITHIN_S)
        answer.raise_for_status()
        found: Json = answer.json()
    except (httpx.HTTPError, ValueError):
        return None
    return found if found.get("hub") == watched.hub_name(settings) else None


def looked(settings: Settings, tell: Tell) -> Json:
    """What is found now: by two looks, and by two more later where something waits."""
    watch, limits = watched.watch(settings), settings.monitor.limits
    memory = StateFile(settings.monitor.state).load()
    with watched.lookout(settings) as lookout:
        memory, snapshot = _twice(lookout, memory, watch)
        wait = max(limits.stop_after, limits.stall_after)
        if _is_doubtful(snapshot, wait):
            tell(f"Something waits; looking again in {wait.seconds} s to tell slow from stopped.")
            time.sleep(wait.total_seconds())
            _, snapshot = _twice(lookout, memory, watch)
    return plain(snapshot, watched.names(settings), watched.now())


def _twice(lookout: Lookout, memory: Memory, watch: Watch) -> tuple[Memory, Snapshot]:
    memory, _ = observe(memory, lookout.look(), (), watch, probed=())
    return observe(memory, lookout.look(), (), watch, probed=())


def _is_doubtful(snapshot: Snapshot, wait: timedelta) -> bool:
    """Whether something has waited long enough that its reader may have stopped."""
    waiting = (row.oldest_at for row in snapshot.rows if not row.state.is_bad and row.oldest_at)
    return any(snapshot.at - oldest_at >= wait for oldest_at in waiting)
