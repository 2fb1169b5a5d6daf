"""Real processes: their tree, their threads, how often they switch, and how they are scheduled."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kit.errors import explain_arguments
from kit.host.errors import HostError
from kit.host.looking.access import checked_pid, read, threads_of
from kit.host.looking.tables import Cell, HostTable, psutil_for
from kit.host.systems import is_linux, system

POLICIES = {
    "SCHED_OTHER": "fair: each gets a share, by its nice value",
    "SCHED_BATCH": "fair, for long work without a user",
    "SCHED_IDLE": "fair, after all others",
    "SCHED_FIFO": "real time, until it blocks",
    "SCHED_RR": "real time, in turns",
}
LIMITS = {
    "RLIMIT_CPU": "seconds on cores",
    "RLIMIT_AS": "bytes of addresses",
    "RLIMIT_DATA": "bytes of data and heap",
    "RLIMIT_STACK": "bytes of the first thread's stack",
    "RLIMIT_NPROC": "processes and threads of this user",
    "RLIMIT_NOFILE": "open files",
    "RLIMIT_FSIZE": "bytes of a file",
    "RLIMIT_CORE": "bytes of a core dump",
}
"""Names of `resource` -> what they limit."""
KERNEL = 2 if is_linux() else -1
"""The parent of what Linux does itself, which belongs to root and is nobody's process."""
KINDS = ("voluntary", "nonvoluntary")
GROUP = Path("/sys/fs/cgroup")
GROUP_LIMITS = {
    "memory.max": "bytes of RAM of this container",
    "pids.max": "processes and threads of this container",
    "cpu.max": "microseconds on cores of this container, in a period of so many",
}


@explain_arguments
def process_tree(pid: int | None = None) -> HostTable:
    """Return your own processes, each below its parent.

    Parameters
    ----------
    pid : int, optional
        Only this one and what it has made; all of yours, if not given.

    Raises
    ------
    HostError
        If there is no such process, or it is another user's.
    """
    psutil = psutil_for("process_tree")
    root = None if pid is None else checked_pid("process_tree", pid)
    mine = psutil.Process().username()
    names = ("pid", "ppid", "name", "status", "num_threads", "username")
    found = {
        each.pid: each.info
        for each in psutil.process_iter(names)
        if each.info["username"] == mine and KERNEL not in (each.pid, each.info["ppid"])
    }
    if root and root not in found:
        raise HostError(f"process_tree: process {root} has ended, or is the system's own")
    rows: list[tuple[Cell, ...]] = []
    for number, depth in as_tree({number: info["ppid"] for number, info in found.items()}, root):
        info = found[number]
        name = "  " * depth + info["name"]
        rows.append((name, number, info["ppid"], info["status"], info["num_threads"] or 0))
    headings = ("program", "pid", "parent", "state", "threads")
    return HostTable(headings, tuple(rows), ("Only processes of this user are listed.",))


def as_tree(parents: Mapping[int, int], root: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield each process below its parent, and how many parents it has here.

    Parameters
    ----------
    parents : dict of int to int
        Pid -> that of the parent, which need not be here.
    root : int, optional
        Only this one and what is below it.
    """
    below: dict[int, list[int]] = {}
    for number in sorted(parents):
        below.setdefault(parents[number], []).append(number)
    starts = [root] if root else [n for n in sorted(parents) if parents[n] not in parents]
    waiting = [(number, 0) for number in reversed(starts)]
    while waiting:
        number, depth = waiting.pop()
        yield number, depth
        waiting += [(child, depth + 1) for child in reversed(below.get(number, []))]


@explain_arguments
def threads(pid: int | None = None) -> HostTable:
    """Return the threads of one of your processes.

    Parameters
    ----------
    pid : int, optional
        This process, the kernel of the notebook, if not given.

    Raises
    ------
    HostError
        If there is no such process, or it is another user's.
    """
    if not is_linux():
        found = _elsewhere("threads", pid, "threads")
        times = tuple((each.id, each.user_time, each.system_time) for each in found)
        note = f"{system()} does not tell more than their times; Linux does."
        return HostTable(("tid", "seconds", "in kernel mode"), times, (note,))
    ticks = os.sysconf("SC_CLK_TCK")
    rows: list[tuple[Cell, ...]] = []
    for tid, name, fields, switched in _threads("threads", pid):
        state, seconds = fields[0], int(fields[11]) / ticks
        kernel, core = int(fields[12]) / ticks, int(fields[36])
        rows.append((tid, name, state, core, seconds, kernel, *switched))
    headings = ("tid", "name", "state", "last core", "seconds", "in kernel mode")
    notes = ("State: R runs or is ready, S sleeps, D waits for a device, T is stopped, Z zombie.",)
    return HostTable((*headings, "voluntary", "involuntary"), tuple(rows), notes)


@explain_arguments
def switches(pid: int | None = None) -> HostTable:
    """Return how often the threads of one of your processes left a core.

    On Linux. Other systems do not tell apart why; an error then says how often it was in all.

    Parameters
    ----------
    pid : int, optional
        This process, the kernel of the notebook, if not given.

    Raises
    ------
    HostError
        If there is no such process, it is another user's, or the system counts both together.
    """
    note = (
        "Voluntary: it had to wait. Involuntary: another thread was given the core, because its "
        "time was up or the other one is more urgent."
    )
    headings = ("voluntary", "involuntary")
    if not is_linux():
        counted = sum(_elsewhere("switches", pid, "num_ctx_switches"))
        raise HostError(
            f"switches: {system()} counts voluntary and involuntary switches together, {counted} "
            "until now; Linux, as on Binder, tells them apart"
        )
    each = [switched for *_, switched in _threads("switches", pid)]
    return HostTable(headings, (tuple(map(sum, zip(*each, strict=True))),), (note,))


@explain_arguments
def scheduler(pid: int | None = None) -> HostTable:
    """Return how one of your processes is scheduled.

    On other systems than Linux a note says what they do not tell.

    Parameters
    ----------
    pid : int, optional
        This process, the kernel of the notebook, if not given.

    Raises
    ------
    HostError
        If there is no such process, or it is another user's.
    """
    number = checked_pid("scheduler", pid)
    if not is_linux():
        return _scheduler_elsewhere(number)
    policy = os.sched_getscheduler(number)
    name = next((n for n in POLICIES if getattr(os, n, None) == policy), f"policy {policy}")
    cores = sorted(os.sched_getaffinity(number))
    rows: list[tuple[Cell, ...]] = [
        ("policy", name, POLICIES.get(name, "")),
        ("nice", str(os.getpriority(os.PRIO_PROCESS, number)), "-20 gets the most, 19 the least"),
        ("cores", ", ".join(map(str, cores)), "those that it may use"),
    ]
    if name == "SCHED_RR":
        quantum = os.sched_rr_get_interval(number)
        rows.append(("quantum", f"{1000 * quantum:g} ms", "until others get a turn"))
    return HostTable(("what", "is", "means"), tuple(rows))


def _scheduler_elsewhere(pid: int) -> HostTable:
    """Return what psutil tells of how a process is scheduled."""
    given = _elsewhere("scheduler", pid, "nice")
    # Windows has classes instead, which psutil gives as names.
    name = getattr(given, "name", "")
    rows: list[tuple[Cell, ...]] = [
        ("priority class", name, "higher ones run first")
        if name
        else ("nice", str(given), "-20 gets the most, 20 the least")
    ]
    missing = "its policy"
    psutil = psutil_for("scheduler")
    if hasattr(psutil.Process, "cpu_affinity"):
        cores = _elsewhere("scheduler", pid, "cpu_affinity")
        rows.append(("cores", ", ".join(map(str, cores)), "those that it may use"))
    else:
        missing += " and the cores that it may use"
    note = f"{system()} does not tell {missing}; Linux does."
    return HostTable(("what", "is", "means"), tuple(rows), (note,))


def limits() -> HostTable:
    """Return the limits of this process, and of the container that it is in.

    Raises
    ------
    HostError
        If the system has none.
    """
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        raise HostError(
            f"limits: {system()} has no such limits for a process; Linux and macOS do"
        ) from None
    rows: list[tuple[Cell, ...]] = []
    for name, meaning in LIMITS.items():
        if hasattr(resource, name):
            soft, hard = resource.getrlimit(getattr(resource, name))
            now, most = (_amount(value, resource.RLIM_INFINITY) for value in (soft, hard))
            rows.append((name, now, most, meaning))
    for name, meaning in GROUP_LIMITS.items():
        try:
            text = (GROUP / name).read_text("utf-8").strip()
        except OSError:
            continue
        rows.append((name, text, text, meaning))
    notes = ("A process may raise its own limit up to the highest.",)
    return HostTable(("limit", "now", "highest", "of"), tuple(rows), notes)


def _amount(value: int, none: int) -> str:
    return "none" if value == none else str(value)


def _elsewhere(who: str, pid: int | None, method: str) -> Any:
    """Return what psutil tells of a process where there is no ``/proc``."""
    psutil, number = psutil_for(who), checked_pid(who, pid)
    try:
        return getattr(psutil.Process(number), method)()
    except psutil.AccessDenied:
        raise HostError(
            f"{who}: {system()} tells this of process {number} to an administrator only; without "
            "a pid it is told of this process"
        ) from None
    except psutil.Error:
        raise HostError(f"{who}: process {number} has ended") from None


def _threads(who: str, pid: int | None) -> list[tuple[int, str, list[str], tuple[int, int]]]:
    """Return of each thread: tid, name, fields of its ``stat`` from the state on, switches."""
    number = checked_pid(who, pid)
    found = []
    for tid in threads_of(who, number):
        try:
            stat = read(who, number, f"task/{tid}/stat")
            status = read(who, number, f"task/{tid}/status")
        except HostError:
            continue  # it has ended meanwhile
        begin, _, rest = stat.rpartition(")")
        # A name may hold what else would end a line; the system writes its line breaks as \n.
        lines = dict(line.split(":", 1) for line in status.split("\n") if line)
        voluntary, involuntary = (int(lines[f"{kind}_ctxt_switches"]) for kind in KINDS)
        found.append((tid, begin.partition("(")[2], rest.split(), (voluntary, involuntary)))
    if not found:
        raise HostError(f"{who}: process {number} has ended")
    return found
