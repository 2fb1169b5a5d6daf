"""The calls on a thread's stack, as its registers and the words there tell them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kit.lang.image import Image, Routine, Words
from kit.lang.instructions import FP, SP, WORD

Word = Callable[[int], int | None]
"""Address -> the word there; None if it was never written."""


@dataclass(frozen=True)
class CallFrame:
    """One function call on a thread's stack.

    Attributes
    ----------
    function : str
    variables : dict of str to int or tuple
        Parameters and locals that have been written; an array is a tuple, one with rows a
        tuple of tuples.
    """

    function: str
    variables: dict[str, Words]


class Call(NamedTuple):
    """A call that was found on a stack, of which nothing has been read yet.

    Attributes
    ----------
    routine : Routine
    base : int
        Address from which offsets count: where its frame pointer points while it has a frame.
    entered : bool
        Whether it has a frame; before ENTER and after LEAVE a function has only its arguments.
    """

    routine: Routine
    base: int
    entered: bool

    def frame(self, word: Word) -> CallFrame:
        """Return the call with what has been written of its variables, but for the compiler's."""
        found: dict[str, Words] = {}
        for name, offset in self.routine.slots.items():
            if "@" in name or (offset < 0 and not self.entered):
                continue
            array = self.routine.arrays.get(name)
            count = array.length if array is not None else 1
            words = [word(self.base + offset + WORD * number) for number in range(count)]
            if array is not None and any(value is not None for value in words):
                found[name] = array.value(tuple(value or 0 for value in words))
            elif array is None and words[0] is not None:
                found[name] = words[0]
        return CallFrame(self.routine.name, found)


def walk_stack(
    image: Image, code_base: int, index: int, registers: Sequence[int], word: Word
) -> Iterator[Call]:
    """Yield the calls on a stack, innermost first.

    A damaged stack may lead round in a circle: take no more of them than are needed.

    Parameters
    ----------
    image : Image
        The program.
    code_base : int
        Address of its first instruction.
    index : int
        Of the instruction that comes next.
    registers : sequence of int
        r0 to r7, fp and sp.
    word : callable
    """
    fp, sp = registers[FP], registers[SP]
    while (routine := image.routine_at(index)) is not None:
        entered = index != routine.start and image.code[index].op != "RET"
        base = fp if entered else sp - WORD
        yield Call(routine, base, entered)
        back = word(base + WORD)
        caller = word(fp) if entered else fp
        if back is None or caller is None:
            return
        index, fp, sp = (back - code_base) // WORD, caller, 0
