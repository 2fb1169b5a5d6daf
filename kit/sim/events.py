"""The kinds of event the machine writes down, and what each carries.

An event is a tuple ``(tick, kind, pid, tid, *details)``; the names of the details
stand here. Times are instants: an instruction that takes the tick from 41 to 42 has
its effect at 42.
"""

from __future__ import annotations

EVENTS: dict[str, tuple[str, ...]] = {
    "launch": ("program", "parent"),
    "segment": ("name", "start", "end"),
    "drop": ("name",),
    "map": ("page", "frame", "writable"),
    "unmap": ("page", "frame"),
    "share": ("page", "frame", "mode"),
    "protect": ("page", "frame"),
    "own": ("page", "frame"),
    "copy": ("page", "original", "copy", "core"),
    "area": ("name", "number", "frame"),
    "fill": ("page", "word", "values", "core"),
    "load": ("segment", "page", "frame"),
    "page_fault": ("address", "writing", "ticks"),
    "swap_out": ("page", "frame", "slot"),
    "swap_in": ("page", "frame", "slot"),
    "swap_copy": ("page", "slot", "copy", "parent"),
    "flush": ("core",),
    "tlb_miss": ("core", "page"),
    "thread": ("function", "arguments", "creator"),
    "admit": (),
    "dispatch": ("core",),
    "preempt": ("core",),
    "block": ("core", "reason", "detail"),
    "wake": ("result",),
    "end": ("core", "how", "result"),
    "exit": ("exit_code", "reason"),
    "fork": ("program", "parent"),
    "exec": ("program",),
    "kill": ("target",),
    "adopt": ("parent",),
    "reap": ("parent",),
    "fault": ("fault", "message"),
    "print": ("text",),
    "alloc": ("address", "words"),
    "free": ("address",),
    "refuse": ("call", "reason"),
    "await": ("reason", "detail"),
    "acquire": ("address",),
    "release": ("address",),
    "lock_left_held": ("address", "area"),
    "down": ("address", "count"),
    "up": ("address", "count"),
    "notify": ("address", "waiting_pid", "waiting_tid"),
    "barrier": ("address", "parties"),
    "deadlock": ("cycle",),
    "stuck": ("waiting",),
}
"""Kind -> names of its details."""
