"""A worker whose client is told of no broker when it looks for its group.

`python -m tests.broker.without_a_group worker`. A broker that has just come back answers so, and
aiokafka's membership ends at it.
"""

from typing import NoReturn

from aiokafka.client import AIOKafkaClient

from hub.cli import main


async def _nobody(*_: object) -> NoReturn:
    raise AssertionError("Did we not perform bootstrap?")


if __name__ == "__main__":
    setattr(AIOKafkaClient, "coordinator_lookup", _nobody)  # noqa: B010 - what the client does
    main()
