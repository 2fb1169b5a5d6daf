"""Which processes may be looked at, and what this system tells of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.errors import require_whole
from kit.host.errors import HostError
from kit.host.looking.tables import psutil_for
from kit.host.systems import ELSEWHERE, is_linux, system

PROC = Path("/proc")


def checked_pid(who: str, pid: int | None) -> int:
    """Return a pid of one of the user's own processes; None is this one, the kernel.

    Parameters
    ----------
    who : str
        The function that was called, for errors.
    pid : int or None

    Raises
    ------
    ArgumentError
        If it is no pid.
    HostError
        If there is no such process, or it is another user's.
    """
    if pid is None:
        return os.getpid()
    require_whole(f"{who}: pid", pid, 1)
    if not is_linux():
        mine = _is_mine_elsewhere(who, pid)
    else:
        need_proc(who)
        try:
            mine = (PROC / str(pid)).stat().st_uid == os.geteuid()
        except OSError:
            raise _gone(who, pid) from None
    if not mine:
        raise HostError(f"{who}: process {pid} is another user's; only your own are looked at")
    return pid


def _is_mine_elsewhere(who: str, pid: int) -> bool:
    """Tell whether a process is the user's own, by psutil."""
    psutil = psutil_for(who)
    try:
        owner: str = psutil.Process(pid).username()
    except (psutil.NoSuchProcess, OverflowError):
        raise _gone(who, pid) from None
    except psutil.Error:
        return False
    mine: str = psutil.Process().username()
    return owner == mine


def _gone(who: str, pid: int) -> HostError:
    return HostError(f"{who}: there is no process {pid} here any longer, or never was")


def has_proc() -> bool:
    """Tell whether the system has ``/proc``, as Linux does."""
    return is_linux() and (PROC / "self" / "status").exists()


def need_proc(who: str) -> None:
    """Raise `HostError` where the system has no ``/proc``.

    Parameters
    ----------
    who : str
        The function that was called, for errors.
    """
    if not has_proc():
        raise HostError(
            f"{who}: {system()} has no /proc here, from which this is read; {ELSEWHERE}"
        )


def read(who: str, pid: int, name: str) -> str:
    """Return a file of a process below ``/proc``.

    Parameters
    ----------
    who : str
        The function that was called, for errors.
    pid : int
    name : str

    Raises
    ------
    HostError
        If it cannot be read, because it is not allowed or the process has ended.
    """
    with _looking(who, pid, name) as path:
        return path.read_text("utf-8", "replace")


def threads_of(who: str, pid: int) -> list[int]:
    """Return the numbers that the system has given to the threads of a process.

    Parameters
    ----------
    who : str
        The function that was called, for errors.
    pid : int

    Raises
    ------
    HostError
        If the process has ended.
    """
    with _looking(who, pid, "task") as path:
        return sorted(int(each.name) for each in path.iterdir())


@contextmanager
def _looking(who: str, pid: int, name: str) -> Iterator[Path]:
    need_proc(who)
    try:
        yield PROC / str(pid) / name
    except PermissionError:
        raise HostError(
            f"{who}: this system does not let /proc/{pid}/{name} be read, as containers often do"
        ) from None
    except OSError:
        raise HostError(f"{who}: process {pid} has ended, or has no /proc/{pid}/{name}") from None


def program_of(pid: int) -> str:
    """Return the path of the program that a process runs; "" where that is not told."""
    try:
        return str((PROC / str(pid) / "exe").readlink())
    except OSError:
        return ""
