"""Colours, one meaning each, chosen to stay apart for colour-blind readers.

Segment colours follow Paul Tol's "bright" scheme. No picture relies on colour alone:
segments carry their names, threads theirs, states differ in height and label.
"""

from __future__ import annotations

from kit.sim.recording import ThreadId
from kit.trace import Trace

CODE, DATA, HEAP, STACK = "#4477AA", "#CCBB44", "#228833", "#EE6677"
SHARED = "#66CCEE"
SYSTEM, FREE = "#777777", "#F4F4F2"
SEGMENTS = {"code": CODE, "data": DATA, "heap": HEAP, "stack": STACK, "shared": SHARED}
PALE = {
    "code": "#CBD8E6",
    "data": "#F0ECCD",
    "heap": "#C3DFC9",
    "stack": "#FAD3D8",
    "shared": "#D8F2FB",
}
"""Segment colours mixed with white, so that dark text stands on them."""

INK, QUIET, LINE, PANEL = "#1f2d3a", "#5f6b77", "#d5d9de", "#ffffff"
ALARM = "#b3261e"

THREADS = (
    "#AA3377",
    "#0077BB",
    "#555555",
    "#117733",
    "#B8400E",
    "#332288",
    "#7A5C00",
    "#00736B",
)
"""Thread colours; white text stands on each with a contrast of at least 4.5 to 1."""


def thread_colors(trace: Trace) -> dict[ThreadId, str]:
    """Return a colour for each thread of a trace, in order of creation."""
    return {key: THREADS[index % len(THREADS)] for index, key in enumerate(trace.history.births)}


def pale(color: str) -> str:
    """Return a colour mixed with three parts of white."""
    parts = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{(part + 3 * 255) // 4:02x}" for part in parts)


def shorten(text: str, characters: int) -> str:
    """Return `text`, cut to a number of characters with … at the end."""
    return text if len(text) <= characters else text[: max(1, characters - 1)] + "…"


def thread_name(trace: Trace, key: ThreadId, characters: int) -> str:
    """Return a thread's name by the program it runs, which `exec` may have changed: "sum T2"."""
    pid, tid = key
    processes = trace.history.processes
    name = processes[pid].threads[tid].program.name
    others = (other for other in processes.values() if other.pid != pid)
    alike = any(thread.program.name == name for p in others for thread in p.threads.values())
    number = f" #{pid}" if alike else ""
    return f"{shorten(name, characters - len(number))}{number} T{tid}"


def process_name(trace: Trace, pid: int, characters: int) -> str:
    """Return a process's program name, with the pid where several run the same program."""
    processes = trace.history.processes
    name = processes[pid].program.name
    twins = sum(process.program.name == name for process in processes.values())
    number = f" #{pid}" if twins > 1 else ""
    return shorten(name, characters - len(number)) + number
