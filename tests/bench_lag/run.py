"""One run: all scenes side by side on one Kafka, then everybody is asked the same."""

import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.bench.contender import NotThere
from tests.bench_lag.peers import hub as hub_peer
from tests.bench_lag.peers import klag_exporter
from tests.bench_lag.peers.consumer_group_command import ConsumerGroupCommand
from tests.bench_lag.peers.kafkatop import Kafkatop
from tests.bench_lag.peers.peer import Peer
from tests.bench_lag.scenes import ALL, Scene
from tests.bench_lag.stage import Stage, stage, tell
from tests.bench_lag.word import Word, is_right
from tests.support.waiting import until

SETTLE: Final = timedelta(seconds=80)
"""Longer than the hub's own limits: a transaction blocks after 60 s."""
AFTER_RESTART: Final = timedelta(seconds=20)
NOT_THERE: Final = "not there"


def run(scenes: Sequence[Scene] = ALL, *, with_peers: bool = True) -> dict[str, Any]:
    """Play the scenes and ask; per scene the truth, the hub's word and each peer's."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-lag-")))
        played = stack.enter_context(stage(folder))
        ours = stack.enter_context(hub_peer.running(played.bootstrap, folder))
        peers, missing = _peers(stack, played, folder) if with_peers else ([], {})
        words: dict[str, dict[str, Word]] = {}
        last = [scene for scene in scenes if scene.name == "broker-restart"]
        first = [scene for scene in scenes if scene not in last]
        for group, settle in ((first, SETTLE), (last, AFTER_RESTART)):
            _play(group, played, ours)
            _wait(settle)
            until(lambda: ours.has_seen(datetime.now(UTC) - timedelta(seconds=5)))
            _ask([ours, *peers], group, words, missing)
    names = [peer.name for peer in (ours, *peers)] + list(missing)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {peer.name: peer.version for peer in (ours, *peers)},
        "not_there": missing,
        "scenes": {one.name: _judged(one, words[one.name], names, missing) for one in scenes},
    }


def _peers(stack: ExitStack, played: Stage, folder: Path) -> tuple[list[Peer], dict[str, str]]:
    """Those that can be had here, and why the others cannot."""
    peers: list[Peer] = [ConsumerGroupCommand(played.bootstrap), Kafkatop(played.bootstrap)]
    missing: dict[str, str] = {}
    try:
        peers.append(stack.enter_context(klag_exporter.running(played.bootstrap, folder)))
    except NotThere as error:
        missing[klag_exporter.CRATE] = str(error)
    return peers, missing


def _play(scenes: Sequence[Scene], played: Stage, ours: hub_peer.Hub) -> None:
    """First as it was while all was well, long enough to be seen; then what happens."""
    for scene in scenes:
        tell(f"{scene.name}: {scene.says}")
        scene.before(scene, played)
    begun = datetime.now(UTC)
    until(lambda: ours.has_seen(begun + timedelta(seconds=10)))
    for scene in scenes:
        scene.then(scene, played)


def _wait(span: timedelta) -> None:
    """Faults are faults only once they have lasted."""
    tell(f"Waiting {span.seconds} s")
    threading.Event().wait(span.total_seconds())


def _ask(
    asked: Sequence[Peer],
    scenes: Sequence[Scene],
    words: dict[str, dict[str, Word]],
    missing: dict[str, str],
) -> None:
    for peer in asked:
        try:
            said = peer.ask([scene.group for scene in scenes])
        except (NotThere, OSError) as error:
            tell(f"{peer.name} gives no answer: {error}")
            if not any(peer.name in word for word in words.values()):
                missing[peer.name] = str(error)
            continue
        for scene in scenes:
            mine = words.setdefault(scene.name, {})
            if scene.group in said:
                mine[peer.name] = said[scene.group]


def _judged(
    scene: Scene, said: Mapping[str, Word], names: Sequence[str], missing: Mapping[str, str]
) -> dict[str, Any]:
    truth = {"lag": scene.truth.lag, "sign": scene.truth.sign or "fine"}
    found: dict[str, Any] = {"says": scene.says, "truth": truth}
    for name in names:
        if name in missing:
            found[name] = {"there": False}
            continue
        word = said.get(name)
        found[name] = {
            "right": is_right(word, scene.truth),
            "word": word.text if word else "not shown",
            "says": word.says if word else "",
        }
    return found
