"""Which states threads and processes have, and what moves them: the theory as tables.

A thread is *new* while its process is being loaded, *ready* when only a core is
missing, *running* on a core, *blocked* while it waits for something that is not a
core, *terminated* when it has ended. Only a running thread can block: to ask for
something it must execute. A blocked thread never goes straight to running: being
woken means being allowed to queue.

A process is what resources are given to. It is *new* while it is loaded; then it
is as busy as its busiest thread (*running*, *ready*, *blocked*); ended but not yet
waited for it is a *zombie*, without memory but with an exit status; then it is
*terminated*.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on the
abstraction of the process; Tanenbaum & Bos, *Modern Operating Systems*, 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from kit.errors import KitError

Table = Mapping[tuple[str, str], str]
"""(state, trigger) -> next state."""

THREAD: Table = {
    ("new", "admit"): "ready",
    ("ready", "dispatch"): "running",
    ("running", "preempt"): "ready",
    ("running", "block"): "blocked",
    ("blocked", "wake"): "ready",
    ("running", "end"): "terminated",
    ("new", "kill"): "terminated",
    ("ready", "kill"): "terminated",
    ("running", "kill"): "terminated",
    ("blocked", "kill"): "terminated",
}

PROCESS: Table = {
    ("new", "admit"): "ready",
    ("ready", "dispatch"): "running",
    ("running", "preempt"): "ready",
    ("running", "block"): "blocked",
    ("blocked", "wake"): "ready",
    ("new", "exit"): "zombie",
    ("ready", "exit"): "zombie",
    ("running", "exit"): "zombie",
    ("blocked", "exit"): "zombie",
    ("zombie", "reap"): "terminated",
}
"""Its threads move it until it ends; `exit` and `reap` are its own."""

_BUSIEST = ("running", "ready", "blocked", "new")


class IllegalTransition(KitError):  # noqa: N818 - the word of automata theory
    """A trigger does not apply to the state something is in."""


def follow(table: Table, state: str, trigger: str) -> str:
    """Return the state that `trigger` leads to.

    Raises
    ------
    IllegalTransition
        Naming the triggers that would have been legal.
    """
    try:
        return table[state, trigger]
    except KeyError:
        legal = ", ".join(t for s, t in table if s == state) or "none"
        raise IllegalTransition(
            f"'{trigger}' does not apply to the state '{state}'; legal here: {legal}"
        ) from None


def busiest(states: list[str]) -> str:
    """Return the state of a process whose threads are in `states`."""
    return next((state for state in _BUSIEST if state in states), "terminated")
