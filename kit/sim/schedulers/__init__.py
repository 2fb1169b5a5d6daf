"""Who runs next: scheduling policies."""

from kit.sim.schedulers.basic import FIFO, RoundRobin
from kit.sim.schedulers.queue import ReadyQueue, Scheduler

__all__ = ["FIFO", "ReadyQueue", "RoundRobin", "Scheduler"]
