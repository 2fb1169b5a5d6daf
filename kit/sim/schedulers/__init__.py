"""Who runs next: scheduling policies."""

from kit.sim.schedulers.basic import FIFO, Cyclic, RoundRobin
from kit.sim.schedulers.feedback import MLFQ
from kit.sim.schedulers.follow import Follow
from kit.sim.schedulers.ordered import SJF, STCF, Priority
from kit.sim.schedulers.queue import ReadyQueue, Scheduler, may_use
from kit.sim.schedulers.shares import Fair, Lottery, Stride

POLICIES = (FIFO, RoundRobin, SJF, STCF, Priority, MLFQ, Lottery, Stride, Fair, Cyclic, Follow)
"""Every policy of the kit."""

__all__ = [
    "FIFO",
    "MLFQ",
    "POLICIES",
    "SJF",
    "STCF",
    "Cyclic",
    "Fair",
    "Follow",
    "Lottery",
    "Priority",
    "ReadyQueue",
    "RoundRobin",
    "Scheduler",
    "Stride",
    "may_use",
]
