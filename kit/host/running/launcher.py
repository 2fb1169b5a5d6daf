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


class _Late(Exception):  # noqa: N818 - no error: the time is up
    pass


_unwanted: list[int] = []
"""Filled when we are asked to end: what runs is ended, and nothing is begun."""


def _late(number: int, _: object) -> None:
    if number == signal.SIGTERM:
        _unwanted.append(number)
    raise _Late


def _start(folder: Path, job: dict[str, Any]) -> int:
    """Launch all programs at their times; return the process group that they are in."""
    group, begin = 0, time.monotonic()
    for number, (name, delay) in enumerate(job["launches"], 2):
        with contextlib.suppress(_Late):
            time.sleep(max(0.0, begin + delay - time.monotonic()))
        pid = os.fork()
        if pid == 0:
            _child(folder, name, number, group, job)
        with contextlib.suppress(OSError):
            os.setpgid(pid, group or pid)
        group = group or pid
    return group


def _one(folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    """Run everything once."""
    _prepare(folder, job)
    late, statuses = False, {}
    signal.signal(signal.SIGALRM, _late)
    begin = time.monotonic_ns()
    signal.setitimer(signal.ITIMER_REAL, job["limits"]["seconds"])
    group = _start(folder, job)
    while True:
        try:
            if late:
                with contextlib.suppress(OSError):
                    os.killpg(group, signal.SIGKILL)
            pid, status = os.waitpid(-1, 0)
            statuses[pid] = os.waitstatus_to_exitcode(status)
        except _Late:
            late = True
        except ChildProcessError:
            break
    signal.setitimer(signal.ITIMER_REAL, 0)
    return {**_found(folder, statuses), "late": late, "begin": begin, "end": time.monotonic_ns()}


def _found(folder: Path, statuses: dict[int, int]) -> dict[str, Any]:
    with (folder / "table").open("r+b") as file, mmap.mmap(file.fileno(), TABLE_BYTES) as table:
        # More may have been asked for than there may be.
        last, limit, *real = struct.unpack("=4098i", table)
    pids = {number: real[number] for number in range(2, min(last, limit)) if real[number]}
    known = {pid: number for number, pid in pids.items()}
    codes = {known[pid]: code for pid, code in statuses.items() if pid in known}
    log = (folder / "log").read_text("utf-8", "replace")
    return {"pids": pids, "codes": codes, "log": log}


def main() -> None:
    """Do what is asked for, and answer."""
    job = json.load(sys.stdin)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(BE_SUBREAPER, 1, 0, 0, 0)
    results = []
    signal.signal(signal.SIGTERM, _late)
    for number in range(job["times"]):
        if _unwanted:
            break
        folder = Path(job["folder"]) / f"run{number}"
        results.append(_one(folder, job))
        shutil.rmtree(folder, ignore_errors=True)
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
