"""`run`: programs of the lesson language, compiled and run for real."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kit.errors import explain_arguments, require, require_whole
from kit.explore.explore import Explorable, machine_of
from kit.host.c import CProgram, is_file_name, translate
from kit.host.errors import HostError
from kit.host.running.log import read_run
from kit.host.running.python_way import write_script
from kit.host.running.trace import HostTrace
from kit.lang.objects import VALUES
from kit.lang.program import Program
from kit.sim.journal import Install, Launch, PutFile, Run

HERE = Path(__file__).parent
COMPILERS = ("cc", "gcc", "clang")
RECORDER = ("record.c", "record_waits.c")
WAYS = ("auto", "c", "python")
OPTIONS = ("-std=c11", "-O0", "-pthread", "-fwrapv")
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
    are ended when the time is up. Linux only.

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
    return run_often(prepare(scenario), 1, bounds)[0]


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
    with compiled(prepared) if way == "c" else scripted(prepared) as folder:
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


def compiler() -> str:
    """Return the path of a C compiler.

    Raises
    ------
    HostError
        If there is none.
    """
    path = find_compiler()
    if not path:
        raise HostError(
            "run: there is no C compiler here; install gcc (Debian, Ubuntu: apt-get install gcc)"
        )
    return path


def find_compiler() -> str:
    """Return the path of a C compiler; "" if there is none.

    Raises
    ------
    HostError
        If programs cannot be run on this system at all.
    """
    if not sys.platform.startswith("linux"):
        raise HostError(f"programs are run on Linux only, and this is {sys.platform}")
    return next((path for path in map(shutil.which, COMPILERS) if path), "")


@contextmanager
def scripted(prepared: Prepared) -> Iterator[Path]:
    """Write programs as Python scripts to a folder that goes afterwards, like `compiled`.

    Raises
    ------
    HostError
    """
    with tempfile.TemporaryDirectory(prefix="kit-host-") as name:
        folder = Path(name)
        made = folder / "programs"
        made.mkdir()
        for program in prepared.programs.values():
            write_script(program, made / program.name)
        yield folder


@contextmanager
def compiled(prepared: Prepared, options: Iterable[str] = ()) -> Iterator[Path]:
    """Compile programs in a folder that goes afterwards; in it, ``programs`` has what is run.

    Raises
    ------
    HostError
    """
    command = compiler()
    with tempfile.TemporaryDirectory(prefix="kit-host-") as name:
        folder = Path(name)
        # Apart from each other and from the runs: a program may be called "p.c" or "run0".
        texts, made = folder / "texts", folder / "programs"
        texts.mkdir()
        made.mkdir()
        for program in prepared.programs.values():
            c_program = translate(program)
            source = texts / f"{program.name}.c"
            source.write_text(c_program.text, encoding="utf-8")
            recorded = texts / f"{program.name}.recorded.c"
            recorded.write_text(recorded_text(program, c_program), encoding="utf-8")
            parts: list[str | Path] = ["-I", HERE, recorded, *(HERE / name for name in RECORDER)]
            parts += ["-o", made / program.name]
            done = subprocess.run(
                [command, *OPTIONS, *options, *parts], capture_output=True, text=True, check=False
            )
            if done.returncode:
                first = done.stderr.strip().splitlines()[:1]
                raise HostError(f"{command} cannot compile '{program.name}': {first}")
        yield folder


def recorded_text(program: Program, c_program: CProgram) -> str:
    """Return the C text that is compiled: the program between what records it.

    Parameters
    ----------
    program : Program
    c_program : CProgram
    """
    lines = ['#include "record.h"', f'#include "{program.name}.c"', "void kit_values(void) {"]
    for variable in program.image.variables.values():
        if variable.kind in VALUES:
            address = f"(const void *)&{c_program.names[variable.name]}"
            lines.append(f'    kit_value("{variable.name}", {address}, {variable.length});')
    lines += ["}", "const char *kit_name(const volatile char *address, long *element) {"]
    lines += ["    (void)address;", "    (void)element;"]
    for name, variable_name in c_program.objects.items():
        start = f"(const volatile char *)&{name}"
        inside = f"    if (address >= {start} && address < {start} + sizeof {name}) {{"
        lines.append(inside)
        if program.image.variables[variable_name].is_array:
            lines.append(f"        *element = (address - ({start})) / (long)sizeof {name}[0];")
        lines += [f'        return "{variable_name}";', "    }"]
    lines += [
        "    return NULL;",
        "}",
        "int kit_called(char *text, size_t size, kit_function *function, int number) {",
    ]
    lines += ["    (void)function;", "    (void)number;"]
    for name in c_program.spawned:
        count = len(c_program.scope.functions[name].parameters)
        given = "".join(f", arguments[number][{place}]" for place in range(count))
        call = f'snprintf(text, size, "{name}{" %lld" * count}"{given})'
        lines.append(f"    if (function == start_{name}) return {call};")
    return "\n".join([*lines, '    return snprintf(text, size, "?");', "}", ""])


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
