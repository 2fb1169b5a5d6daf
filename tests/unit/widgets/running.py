"""What tests of widgets that run something share: programs, and waiting for the run."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from kit import Limits, Machine, Program, RoundRobin

PATIENCE = 20.0
ENDLESS = Program("endless", "def main():\n    while True:\n        pass\n")
HELLO = "count = 0\ndef main():\n    count = 7\n    print(count)\n"


def hello(times: int = 1):
    """Return the run of a program that prints so many numbers."""
    machine = Machine(scheduler=RoundRobin(4))
    machine.launch(Program("hello", f"def main():\n    for i in range({times}):\n        print(i)"))
    return machine.run()


def endless(ticks: int = 10**12, **settings: Any):
    """Run a program that does not end, up to a limit that is far away."""
    machine = Machine(limits=Limits(ticks=ticks), **settings)
    machine.launch(ENDLESS)
    return machine.run()


def workers() -> list[threading.Thread]:
    """The threads in which something runs."""
    return [one for one in threading.enumerate() if one.name.startswith("kit ")]


async def until(condition: Callable[[], object]) -> None:
    """Let the event loop go on until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        await asyncio.sleep(0.005)
