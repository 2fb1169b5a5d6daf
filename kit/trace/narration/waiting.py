"""What a blocked thread waits for, in words: the texts of `kit.sim.waits`, filled in."""

from __future__ import annotations

from kit.errors import plural
from kit.sim.waits import WAITS, Reason
from kit.trace.narration.names import Names


def waiting(names: Names, pid: int, reason: Reason, detail: int) -> str:
    """Return what a thread of a process does that is blocked: "waits for the lock mutex".

    Parameters
    ----------
    names : Names
    pid : int
    reason : Reason
    detail : int
        Which one; see `kit.sim.waits`.
    """
    wait = WAITS[reason]
    none = wait.any and wait.any[0] == detail
    return _filled(wait.any[1] if wait.any and none else wait.sentence, names, pid, reason, detail)


def waiting_meanwhile(names: Names, pid: int, reason: Reason, detail: int) -> str:
    """Return the same as it can be said of any tick: "sleeps until tick 40".

    Parameters
    ----------
    names : Names
    pid : int
    reason : Reason
    detail : int
        Which one; see `kit.sim.waits`.
    """
    lasting = WAITS[reason].meanwhile
    if lasting:
        return _filled(lasting, names, pid, reason, detail)
    return waiting(names, pid, reason, detail)


def awaited(names: Names, pid: int, reason: Reason, detail: int) -> str:
    """Return what a thread of a process waits for, in a few words: "lock mutex".

    Parameters
    ----------
    names : Names
    pid : int
    reason : Reason
    detail : int
        Which one; see `kit.sim.waits`.
    """
    wait = WAITS[reason]
    none = wait.any and wait.any[0] == detail
    return _filled(wait.any[2] if wait.any and none else wait.short, names, pid, reason, detail)


def _filled(text: str, names: Names, pid: int, reason: Reason, detail: int) -> str:
    place = names.place(pid, detail) if WAITS[reason].detail == "address" else ""
    left = plural(detail - names.tick, "tick") if WAITS[reason].detail == "tick" else ""
    return text.format(detail=detail, place=place, left=left)
