"""Programs of the lesson language, run for real, with limits, and what was recorded of them."""

from kit.host.running.racing import RaceResult, race
from kit.host.running.run import run
from kit.host.running.trace import HostEvent, HostTrace

__all__ = ["HostEvent", "HostTrace", "RaceResult", "race", "run"]
