"""The simulated computer: deterministic, standard library only, knows nothing of widgets."""

from kit.sim.computer import Computer
from kit.sim.copies import Snapshot
from kit.sim.schedulers import FIFO, RoundRobin, Scheduler
from kit.sim.settings import Costs, KiB, Limits, MiB

__all__ = [
    "FIFO",
    "Computer",
    "Costs",
    "KiB",
    "Limits",
    "MiB",
    "RoundRobin",
    "Scheduler",
    "Snapshot",
]
