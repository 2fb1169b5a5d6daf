"""Which of the things that happen at one tick is told first.

What changes most for the run leads: what stops it, what somebody does from outside, what
fails, what ends a process; then threads and processes that begin, threads that end, a page
fault, and what others can see of what a thread does: system calls and stores. After that come
pages that were moved, which thread got a core, how a page was found, and last what a thread
did to its own registers and stack. Of several with the same rank the first to happen leads.
"""

from __future__ import annotations

STOPS, OUTSIDE, FAILS, ENDS, BEGINS, PAGE, SEEN, MOVED, SWITCH, FOUND, OWN = range(11)

_KINDS = {
    STOPS: ("limit", "deadlock", "stuck"),
    OUTSIDE: ("intervene",),
    FAILS: ("fault",),
    ENDS: ("exit",),
    BEGINS: ("launch", "exec", "fork", "thread", "end", "no_hole", "place", "relocate"),
    PAGE: ("page_fault",),
    MOVED: (
        *("load", "share_code", "own", "copy", "swap_out", "discard", "swap_free", "swap_in"),
        *("place_segment", "move_segment"),
    ),
    SWITCH: ("wake", "io_done", "bump", "dispatch"),
    FOUND: (
        *("system_call", "tlb_miss", "flush", "share", "area", "preempt"),
        *("cache_miss", "snoop", "cache_drop"),
    ),
}

RANKS = {kind: rank for rank, kinds in _KINDS.items() for kind in kinds}
"""Kind of event -> its rank; `SEEN` for a kind that is not here, as system calls are not."""


def rank_of(kind: str) -> int:
    """Return how soon an event of a kind is told among those of its tick."""
    return RANKS.get(kind, SEEN)
