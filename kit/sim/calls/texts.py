"""Texts in system calls: patterns from the image, numbers from registers."""

from __future__ import annotations

from kit.sim.process import Thread


def text_of(thread: Thread, number: int) -> str:
    """Return the text a call was given: its pattern with the numbers from r0 on put in."""
    values = iter(thread.registers)
    pattern = thread.process.program.image.texts[number]
    return " ".join(str(next(values)) if part is None else part for part in pattern)


def name_of(thread: Thread, number: int) -> str:
    """Return the first text of a call's pattern: a name."""
    return next(part for part in thread.process.program.image.texts[number] if part is not None)
