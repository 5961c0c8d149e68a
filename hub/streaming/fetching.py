"""Stops an aiokafka consumer for certain, whatever it is doing at that moment.

The task that fetches cancels its own fetches when the assignment changes, and they swallow a
cancellation that `AIOKafkaConsumer.stop` sends it meanwhile: `stop` would then wait for ever.
"""

import asyncio
from typing import Any


async def end_fetching(consumer: Any) -> None:
    """Return once this consumer fetches no more; it can be stopped then."""
    if consumer._fetcher is None:  # noqa: SLF001 - it was never started
        return
    fetching = consumer._fetcher._fetch_task  # noqa: SLF001 - nothing public ends it
    while not fetching.done():
        fetching.cancel()
        await asyncio.sleep(0)


async def stop_consumer(consumer: Any) -> None:
    """End fetching and let go of the broker."""
    await end_fetching(consumer)
    await consumer.stop()
