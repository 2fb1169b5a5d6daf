"""`run`: programs of the lesson language, compiled and run for real."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kit.errors import explain_arguments, require, require_whole
from kit.explore.explore import Explorable, machine_of
from kit.host.c import is_file_name
from kit.host.errors import HostError
from kit.host.running.building import built, find_compiler
from kit.host.running.log import read_run
from kit.host.running.trace import HostTrace
from kit.host.systems import need_linux
from kit.lang.program import Program
from kit.sim.journal import Install, Launch, PutFile, Run

HERE = Path(__file__).parent
WAYS = ("auto", "c", "python")
MIB = 1 << 20
TICK = 0.0001
"""Seconds of a tick: how much later a program is launched that comes at a later one."""

_FILE_NAME = re.compile(r"[\w][\w.-]*")


class Prepared(NamedTuple):
    """What is to be run.

    Attributes
    ----------
    programs : dict of str to Program
    launches : list of (str, float)
        Which programs become processes, and after how many seconds.
    files : dict of str to tuple of int
    """

    programs: dict[str, Program]
    launches: list[tuple[str, float]]
    files: dict[str, tuple[int, ...]]


@explain_arguments
def run(
    scenario: Explorable,
    *,
    seconds: float = 10,
    memory: int = 256,
    processes: int = 64,
    way: str = "auto",
) -> HostTrace:
    """Run a program on this computer, and return what happened.

    It runs in a folder of its own that goes afterwards, with these limits, and all its processes
    are ended when the time is up. The language has no call for a network. Linux only.

    Parameters
    ----------
    scenario : Scenario, Machine, Program or callable
        A machine with everything launched and nothing run yet, or what makes one. Of the machine
        count the programs, their order and ticks, and the files; the rest is this computer's.
    seconds : float
        How long it may take.
    memory : int
        MiB of address space for each process.
    processes : int
        How many may be made; `fork` gives -1 after that.
    way : str
        "c": compiled from its C text. "python": as threads and processes of Python, which take
        turns of some milliseconds, and whose integers do not wrap. "auto": in C where there is a
        compiler, else in Python.

    Raises
    ------
    HostError
        If it cannot be run in this way, or not on this computer.
    """
    bounds = Bounds("run", seconds, memory, processes, way)
    prepared = prepare(scenario)
    need_linux("run")
    return run_often(prepared, 1, bounds)[0]


@dataclass(frozen=True)
class Bounds:
    """What one run may take.

    Attributes
    ----------
    who : str
        The function that was called, for errors.
    seconds : float
    memory : int
        MiB of each process.
    processes : int
    way : str
        "c", "python" or "auto".

    Raises
    ------
    ArgumentError
    """

    who: str
    seconds: float
    memory: int
    processes: int
    way: str = "c"

    def __post_init__(self) -> None:
        require(
            type(self.seconds) in (int, float) and 0 < self.seconds <= 3600,
            f"{self.who}: seconds is {self.seconds!r}; give a number above 0 and up to 3600",
        )
        require_whole(f"{self.who}: memory", self.memory, 16, 1 << 16)
        require_whole(f"{self.who}: processes", self.processes, 1, 4000)
        require(self.way in WAYS, f"{self.who}: way is {self.way!r}; give 'auto', 'c' or 'python'")


def run_often(prepared: Prepared, times: int, bounds: Bounds) -> list[HostTrace]:
    """Run the same several times; see `run`.

    Parameters
    ----------
    prepared : Prepared
    times : int
    bounds : Bounds

    Raises
    ------
    HostError
    """
    way = bounds.way
    if way == "auto":
        way = "c" if find_compiler() else "python"
    with built(prepared.programs, way) as folder:
        job = {
            "folder": str(folder),
            "programs": [*prepared.programs],
            "launches": prepared.launches,
            "files": prepared.files,
            "times": times,
            "limits": {
                "seconds": bounds.seconds,
                # Of all threads of a process together, which may have a core each.
                "cpu": (int(bounds.seconds) + 1) * (os.cpu_count() or 1),
                "memory": bounds.memory * MIB,
                "processes": bounds.processes,
            },
        }
        found = _launched(job)
    return [read_run({**each, "way": way}, prepared.programs, bounds.seconds) for each in found]


def prepare(scenario: Explorable, who: str = "run") -> Prepared:
    """Return what is to be run of a machine on which everything is launched.

    Parameters
    ----------
    scenario : Scenario, Machine, Program or callable
    who : str
        The function that was called, for errors.

    Raises
    ------
    HostError
    """
    machine = machine_of(scenario, who)
    recipe = machine.run(until=machine.now).record.recipe
    assert recipe is not None, "a run that has just been made has one"
    found = Prepared({}, [], {})
    for step in recipe.steps:
        if isinstance(step, (Launch, Install)):
            name = step.program.name
            if not _FILE_NAME.fullmatch(name):
                raise HostError(
                    f"{who}: the program '{name}' becomes a file; call it 'counter' or so"
                )
            found.programs[name] = step.program
        if isinstance(step, Launch):
            found.launches.append((step.program.name, step.at * TICK))
        elif isinstance(step, PutFile):
            if not is_file_name(step.name):
                raise HostError(
                    f"{who}: the name {step.name!r} would lead out of the folder; give one such as "
                    "'notes'"
                )
            found.files[step.name] = step.words
        elif not isinstance(step, (Install, Run)):
            raise HostError(
                f"{who}: {step!r} was done to the machine, which is not done to a real one"
            )
    for name in found.files:
        if name in found.programs:
            raise HostError(
                f"{who}: the file '{name}' has the name of a program, which is a file of the same "
                "folder on a real system; give it another name"
            )
    return found


def _launched(job: dict[str, Any]) -> list[dict[str, Any]]:
    """Let the launcher run it."""
    command = [sys.executable, "-I", "-S", str(HERE / "launcher.py")]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as launcher:
        try:
            answer, complaint = launcher.communicate(json.dumps(job))
        except BaseException:
            launcher.terminate()
            raise
    if launcher.returncode:
        raise HostError(f"programs cannot be started here: {complaint.strip()[-200:]}")
    found: list[dict[str, Any]] = json.loads(answer)
    return found
