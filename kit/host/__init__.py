"""The real machine next to the model: programs of the lesson language in C, and run for real.

Nothing of the model imports it. What it shows depends on the computer that it runs on, on its
load and on its clock, so that no two runs are equal.
"""

from kit.host.c import c_text
from kit.host.errors import HostError
from kit.host.look import Look, look
from kit.host.looking import (
    Footprint,
    ForkMemory,
    HostAddressSpace,
    HostTable,
    Region,
    address_space,
    fork_and_write,
    limits,
    process_tree,
    scheduler,
    switches,
    system_calls,
    threads,
)
from kit.host.reading import read_trace
from kit.host.running import HostEvent, HostTrace, RaceResult, race, run

__all__ = [
    "Footprint",
    "ForkMemory",
    "HostAddressSpace",
    "HostError",
    "HostEvent",
    "HostTable",
    "HostTrace",
    "Look",
    "RaceResult",
    "Region",
    "address_space",
    "c_text",
    "fork_and_write",
    "limits",
    "look",
    "process_tree",
    "race",
    "read_trace",
    "run",
    "scheduler",
    "switches",
    "system_calls",
    "threads",
]
