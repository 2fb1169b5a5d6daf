"""A fault in a sentence: what a thread tried, and what that is called."""

from __future__ import annotations

import re

from kit.sim.events.processes import Faulted
from kit.trace.narration.names import Names

_PRESENT = {
    "asked": "asks",
    "called": "calls",
    "chose": "chooses",
    "computed": "computes",
    "divided": "divides",
    "found": "finds",
    "freed": "frees",
    "needed": "needs",
    "notified": "notifies",
    "read": "tries to read",
    "released": "releases",
    "returned": "returns",
    "set": "sets",
    "shifted": "shifts",
    "started": "starts",
    "stopped": "stops",
    "used": "uses",
    "waited": "waits",
    "went": "goes",
    "wrote": "tries to write",
}
"""How a message of a fault begins -> how it is told."""

_SHORTER = (
    (re.compile(r"which belongs to no segment of its address space"), "which is in no segment"),
    (re.compile(r", in the guard page .*"), ", below its stack"),
    (re.compile(r"that an assert did not hold.*", re.DOTALL), "an assert that does not hold"),
    (
        re.compile(r"^tries to write to a pipe that nobody can read any more"),
        "writes to a pipe without readers",
    ),
    (re.compile(r"which is in its (code|data) and may only be read"), r"which is read-only"),
)
"""What is said in fewer words in the first sentence; the message is among the details."""


def failure(names: Names, event: Faulted) -> tuple[str, ...]:
    """Return what a thread tried and what fault that was, then the whole message of the fault.

    Parameters
    ----------
    names : Names
    event : Faulted
    """
    message = event.message.partition(") ")[2]
    verb, _, rest = message.partition(" ")
    text, _, segments = f"{_PRESENT.get(verb, verb)} {rest}".partition("; ")
    short = text
    for pattern, fewer in _SHORTER:
        short = pattern.sub(fewer, short)
    details = [] if short == text else [f"It {text}."]
    if segments:
        details.append(f"The segments: {segments}.")
    named = "" if event.fault in short else f": {event.fault}"
    return (f"{names.who(event)} {short}{named}.", *details)
