"""Runs programs with limits, as often as asked; a program of its own, started by `running`.

It is told what to do as JSON, and answers in JSON. It imports nothing of the kit, so that it
starts quickly and needs nothing but Python.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import mmap
import os
import resource
import shutil
import signal
import struct
import sys
import time
from pathlib import Path
from typing import Any

BE_SUBREAPER = 36
"""The option of `prctl` by which orphans become our children, so that we know how they end."""
TABLE_BYTES = 4 * (2 + 4096)
MOST_BYTES = 1 << 24
"""Longest file that a program can write."""
AWAITED = (signal.SIGCHLD, signal.SIGTERM)
"""What a run waits for: a process of it ends, or we are asked to end."""


def _limit(limits: dict[str, int]) -> None:
    """Set the limits of this process and its children."""
    for kind, value in (
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, MOST_BYTES),
        (resource.RLIMIT_NOFILE, 1024),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_STACK, 1 << 20),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


def _child(folder: Path, name: str, number: int, group: int, job: dict[str, Any]) -> None:
    """Become a program, in the new child process."""
    try:
        os.setpgid(0, group)
        os.chdir(folder / "work")
        empty = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(empty, descriptor)
        # A program inherits what is ignored: by Python, by `nohup`, by a shell in the background.
        for ignored in signal.valid_signals():
            if signal.getsignal(ignored) is signal.SIG_IGN:
                signal.signal(ignored, signal.SIG_DFL)
        # Then the call that writes to a file which is too long says so, as on a full disk.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        _limit(job["limits"])
        environment = {
            "KIT_HOST_TABLE": str(folder / "table"),
            "KIT_HOST_PID": str(number),
            "MALLOC_ARENA_MAX": "1",
            "KIT_HOST_LOG": str(folder / "log"),
        }
        os.execve(f"./{name}", [f"./{name}"], environment)
    finally:
        os._exit(127)


def _prepare(folder: Path, job: dict[str, Any]) -> None:
    """Make the folder of one run."""
    (folder / "work").mkdir(parents=True)
    for name in job["programs"]:
        # A copy: what one run writes to its programs is no other run's.
        shutil.copy(Path(job["folder"]) / "programs" / name, folder / "work" / name)
    for name, words in job["files"].items():
        content = struct.pack(f"={len(words)}q", *words)
        (folder / "work" / name).write_bytes(content)
    launched = len(job["launches"])
    table = bytearray(TABLE_BYTES)
    struct.pack_into("=2i", table, 0, 2 + launched, 2 + job["limits"]["processes"])
    (folder / "table").write_bytes(table)
    (folder / "log").touch()


_unwanted: list[int] = []
"""Filled when we are asked to end: what runs is ended, and nothing is begun."""


def _sleep(seconds: float) -> None:
    """Sleep until a child ends, until we are asked to end, or so long."""
    got = signal.sigtimedwait(AWAITED, seconds)
    if got is not None and got.si_signo == signal.SIGTERM:
        _unwanted.append(got.si_signo)


def _reap(ends: dict[int, list[int]]) -> bool:
    """Note how children ended, when, and what they used; tell whether others are left."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.wait4(-1, os.WNOHANG))[0]:
            pid, status, used = ended
            ends[pid] = [
                os.waitstatus_to_exitcode(status),
                time.monotonic_ns(),
                round(1e6 * (used.ru_utime + used.ru_stime)),
                used.ru_nvcsw,
                used.ru_nivcsw,
                used.ru_minflt + used.ru_majflt,
            ]
        return True
    return False


def _start(folder: Path, name: str, number: int, group: int, job: dict[str, Any]) -> int:
    """Make a process of a program, in a process group, or leading one if that is 0."""
    pid = os.fork()
    if pid == 0:
        _child(folder, name, number, group, job)
    with contextlib.suppress(OSError):
        os.setpgid(pid, group or pid)
    return pid


def _one(folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    """Run everything once: launch programs at their times, end them when the time is up."""
    _prepare(folder, job)
    late, seconds = False, job["limits"]["seconds"]
    ends: dict[int, list[int]] = {}
    launched: dict[int, int] = {}
    waiting = [*enumerate(job["launches"], 2)]
    begin = time.monotonic_ns()
    # The group lasts as long as its leader is not reaped: all join it before that.
    while waiting or _reap(ends):
        group = launched.get(2, 0)
        passed = (time.monotonic_ns() - begin) / 1e9
        if _unwanted or passed >= seconds:
            late = True
            waiting.clear()
            if group:  # 0 would be our own
                with contextlib.suppress(OSError):
                    os.killpg(group, signal.SIGKILL)
            _sleep(0.01)
        elif waiting and waiting[0][1][1] <= passed:
            number, (name, _) = waiting.pop(0)
            launched[number] = _start(folder, name, number, group, job)
        else:
            _sleep(min([seconds, *(delay for _, (_, delay) in waiting[:1])]) - passed)
    end = time.monotonic_ns()
    found = _found(folder, launched, ends)
    cores = len(os.sched_getaffinity(0))
    return {**found, "late": late, "begin": begin, "end": end, "cores": cores}


def _found(folder: Path, launched: dict[int, int], ends: dict[int, list[int]]) -> dict[str, Any]:
    """Return what is known of a run, also of programs that were ended before they began."""
    with (folder / "table").open("r+b") as file, mmap.mmap(file.fileno(), TABLE_BYTES) as table:
        # More may have been asked for than there may be.
        last, limit, *real = struct.unpack("=4098i", table)
    made = {number: real[number] for number in range(2, min(last, limit)) if real[number]}
    pids = launched | made
    known = {pid: number for number, pid in pids.items()}
    reaped = {known[pid]: end for pid, end in ends.items() if pid in known}
    log = (folder / "log").read_text("utf-8", "replace")
    return {"pids": pids, "ends": reaped, "log": log, "refused": last > limit}


def main() -> None:
    """Do what is asked for, and answer."""
    job = json.load(sys.stdin)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(BE_SUBREAPER, 1, 0, 0, 0)
    # They wait until we look for them, so none comes in the middle of something else; whoever
    # ignores the end of its children is not told of it.
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    results = []
    for number in range(job["times"]):
        if _unwanted:
            break
        folder = Path(job["folder"]) / f"run{number}"
        results.append(_one(folder, job))
        shutil.rmtree(folder, ignore_errors=True)
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
