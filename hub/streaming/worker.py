"""Runs a worker: the Faust app, its lanes and its watchdog, until it is told to stop."""

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

import structlog

from hub.alive import Sign
from hub.streaming import large_buffers
from hub.streaming.app import AppSettings, HubApp, create_app
from hub.streaming.fail_stop import die
from hub.streaming.lanes import Lanes, LaneSettings
from hub.streaming.rules import Rules
from hub.streaming.watchdog import Signs, Watchdog
from hub.withhold import error_text

BEAT_S: Final = 0.5
STOP_LIMIT_S: Final = 15.0


class Heart:
    """Says when the loop last turned: to the watchdog, to supervisors by its log and its sign."""

    def __init__(self, sign: Sign) -> None:
        """Begin as alive."""
        self.at = time.monotonic()
        self._sign = sign

    async def beat(self) -> None:
        """Turn with the loop, for ever."""
        while True:
            self.at = time.monotonic()
            self._sign.show()
            with suppress(OSError):  # stderr may be no file
                os.utime(sys.stderr.fileno())
            await asyncio.sleep(BEAT_S)


def run_worker(
    rules: Rules,
    app_settings: AppSettings,
    lane_settings: LaneSettings,
    watchdog_s: float,
    sign: Sign,
) -> None:
    """Run until SIGTERM or SIGINT; running batches are ended first, nothing is left half-done."""
    large_buffers.give_back()
    asyncio.run(_work(rules, app_settings, lane_settings, watchdog_s, Heart(sign)))


async def _work(
    rules: Rules,
    app_settings: AppSettings,
    lane_settings: LaneSettings,
    watchdog_s: float,
    heart: Heart,
) -> None:
    log = structlog.get_logger()
    lanes = Lanes(rules, lane_settings)
    app = create_app(app_settings, lanes)
    stop = _stop_signal()
    beating = asyncio.create_task(heart.beat())
    watchdog = Watchdog(
        Signs(lambda: heart.at, _rebalancing(app, lanes), lanes),
        lane_settings.kafka_python,
        watchdog_s,
    )
    log.info("worker_starting", group=app_settings.group, topics=lanes.topics)
    watchdog.start()
    await _until_stopped(_run(app, lanes), stop)
    log.info("worker_stopping")
    watchdog.stop()
    try:
        async with asyncio.timeout(STOP_LIMIT_S):
            await lanes.close()
            await app.stop()
    except Exception as error:  # noqa: BLE001 - a stop that hangs is ended
        die("stop did not end", error=error_text(error))
    beating.cancel()
    log.info("worker_stopped")


async def _run(app: HubApp, lanes: Lanes) -> None:
    await lanes.start()
    await app.start()
    gc.collect()
    gc.freeze()  # it stays, and looking through it was most of what collecting cost
    structlog.get_logger().info("worker_started")


async def _until_stopped(start: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Wait for the signal, also while the worker is still starting; raises what the start did."""
    starting = asyncio.create_task(start)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
    else:
        starting.cancel()
    await stopping


def _rebalancing(app: HubApp, lanes: Lanes) -> Callable[[], bool]:
    return lambda: bool(app.rebalancing) or lanes.opening


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop: Any = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
