"""Texts in system calls: patterns from the image, numbers from registers."""

from __future__ import annotations

from kit.sim.process import Thread


def text_of(thread: Thread, number: int) -> str:
    """Return the text a call was given: its pattern with the numbers from r0 on put in."""
    return thread.process.program.image.texts[number].text(thread.registers)


def texts_of(thread: Thread, number: int) -> list[str]:
    """Return the texts of a call's pattern, without its numbers."""
    return thread.process.program.image.texts[number].texts
