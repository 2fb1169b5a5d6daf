"""What a blocked thread waits for, in words: the texts of `kit.sim.waits`, filled in."""

from __future__ import annotations

import re

from kit.errors import plural
from kit.sim.waits import WAITS, Reason
from kit.trace.narration.names import Names

_ABOUT_AN_OBJECT = re.compile(r"the (\w+) \{place\}")


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
    text = wait.any[1] if wait.any and none else wait.sentence
    return _filled(text, names, pid, reason, detail, quoted=True)


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
    wait = WAITS[reason]
    none = wait.any and wait.any[0] == detail
    text = wait.any[1] if wait.any and none else wait.meanwhile or wait.sentence
    return _filled(text, names, pid, reason, detail)


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


def _filled(
    text: str, names: Names, pid: int, reason: Reason, detail: int, *, quoted: bool = False
) -> str:
    left = plural(detail - names.tick, "tick") if WAITS[reason].detail == "tick" else ""
    if WAITS[reason].detail == "address":
        text = _ABOUT_AN_OBJECT.sub(lambda it: names.object(pid, it[1], detail, quoted), text)
    place = names.place(pid, detail) if "{place}" in text else ""
    return text.format(detail=detail, place=place, left=left)
