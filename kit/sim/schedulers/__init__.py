"""Who runs next: scheduling policies."""

from kit.sim.schedulers.basic import FIFO, Cyclic, RoundRobin
from kit.sim.schedulers.feedback import MLFQ
from kit.sim.schedulers.ordered import SJF, STCF, Priority
from kit.sim.schedulers.queue import ReadyQueue, Scheduler
from kit.sim.schedulers.shares import Fair, Lottery, Stride

__all__ = [
    "FIFO",
    "MLFQ",
    "SJF",
    "STCF",
    "Cyclic",
    "Fair",
    "Lottery",
    "Priority",
    "ReadyQueue",
    "RoundRobin",
    "Scheduler",
    "Stride",
]
