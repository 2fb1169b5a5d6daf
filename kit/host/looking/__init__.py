"""What the system tells of real processes: their memory, threads, switches and system calls."""

from kit.host.looking.forking import ForkMemory, fork_and_write
from kit.host.looking.memory import Footprint, HostAddressSpace, Region, address_space
from kit.host.looking.processes import limits, process_tree, scheduler, switches, threads
from kit.host.looking.system_calls import system_calls
from kit.host.looking.tables import HostTable

__all__ = [
    "Footprint",
    "ForkMemory",
    "HostAddressSpace",
    "HostTable",
    "Region",
    "address_space",
    "fork_and_write",
    "limits",
    "process_tree",
    "scheduler",
    "switches",
    "system_calls",
    "threads",
]
