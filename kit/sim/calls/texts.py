"""Texts in system calls: patterns from the image, numbers from registers."""

from __future__ import annotations

from kit.sim.process import Thread


def text_of(thread: Thread, number: int) -> str:
    """Return the text a call was given: its pattern with the numbers from r0 on put in."""
    values = iter(thread.registers)
    pattern = thread.process.program.image.texts[number]
    return " ".join(str(next(values)) if part is None else part for part in pattern)


def texts_of(thread: Thread, number: int) -> list[str]:
    """Return the texts of a call's pattern, without its numbers."""
    return [part for part in thread.process.program.image.texts[number] if part is not None]
