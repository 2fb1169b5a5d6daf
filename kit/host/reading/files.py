"""`read_trace`: which format a file has, and the run that is in it."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from kit.errors import explain_arguments, require
from kit.files import read_bytes
from kit.host.errors import HostError
from kit.host.reading.chrome import read_chrome
from kit.host.reading.sched import read_sched
from kit.host.running.trace import HostTrace

LARGEST = 64_000_000
"""Bytes of a file; a second of a busy computer takes some megabytes."""
_BINARY = (
    (b"\x17\x08\x44tracing", "a file of trace-cmd", "trace-cmd report FILE > sched.txt"),
    (b"PERFILE2", "a file of perf", "perf sched script -i FILE > sched.txt"),
    (b"\x1f\x8b", "a file that gzip has packed", "gunzip FILE"),
    (b"PK\x03\x04", "a zip file", "unzip FILE"),
)


@explain_arguments
def read_trace(path: str | PathLike[str], *, names: Iterable[str] = ()) -> HostTrace:
    """Read a recording of a real system, or a run that `write_perfetto` wrote.

    Formats are the JSON that Perfetto and Chrome write ("Trace Event Format"), and what
    `perf sched script`, `trace-cmd report` and the file `trace` of ftrace print of the events
    sched_switch, sched_wakeup, sched_process_fork, sched_process_exec and sched_process_exit.

    Pids are those of the file, and threads are counted in each process. A file of Linux says which
    thread runs on which core, and not what a thread waits for: that one sleeps until it is woken.
    Where it does not say to which process threads belong (`perf sched script -F +pid` and ftrace's
    option record-tgid do), each is a process of its own. The lane of a thread begins where it is
    first seen.

    Parameters
    ----------
    path : str or path
    names : iterable of str
        Of the processes to be shown; all of them, if none is given.

    Raises
    ------
    FileError
        If the file cannot be read.
    HostError
        If it is of another format, damaged, or too large.
    """
    require(
        isinstance(path, (str, PathLike)),
        f"read_trace: the path is {path!r}; give a text such as 'trace.json'",
    )
    require(
        not isinstance(names, str), f"read_trace: names is {names!r}; give a list such as ['make']"
    )
    wanted = frozenset(names)
    label = Path(path).name
    text = _text(read_bytes(Path(path), LARGEST), label)
    reader = read_chrome if text.lstrip()[:1] in ("{", "[") else read_sched
    recording = reader(text, label)
    if wanted:
        called = {(task.process, task.name) for task in recording.tasks}
        called |= {(process, group.name) for process, group in recording.groups.items()}
        meant = {process for process, name in called if name in wanted}
        chosen = [task for task in recording.tasks if task.process in meant]
        if not chosen:
            some = ", ".join(sorted({name for _, name in called})[:10])
            raise HostError(f"{label}: no process has one of these names; there are {some}")
        recording.tasks = chosen
    return recording.host_trace()


def _text(raw: bytes, label: str) -> str:
    for start, kind, remedy in _BINARY:
        if raw.startswith(start):
            raise _no_text(label, kind, remedy)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A text may begin with this byte, too: it is the end of an empty line.
        if raw.startswith(b"\n"):
            remedy = "traceconv json FILE trace.json"
            raise _no_text(label, "a file of Perfetto", remedy) from None
        raise HostError(
            f"{label}: byte {error.start} is no UTF-8, so this is no text of a trace; give JSON of "
            "Perfetto or Chrome, or what perf sched script or trace-cmd report prints"
        ) from None


def _no_text(label: str, kind: str, remedy: str) -> HostError:
    return HostError(f"{label}: this is {kind}, which is not text; read what this prints: {remedy}")
