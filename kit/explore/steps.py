"""Which instructions other threads could notice: static tables of an image.

A thread's own stack and registers are nobody else's concern, so most instructions need no
point at which another thread could be chosen. What is left are system calls and accesses to
memory that several threads use.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from kit.lang.call_instructions import call_of
from kit.lang.image import Variable
from kit.lang.instructions import WORD, Instruction
from kit.lang.objects import OBJECTS, VALUES
from kit.lang.program import Program
from kit.lang.system_calls import SYSTEM_CALLS

LOCAL, MEMORY, CALL = range(3)

TOUCHING = ("LOAD", "STORE", "LOADA", "STOREA", "LOADX", "STOREX", "LOADP", "STOREP")
"""Instructions that read or write a word that need not be on the thread's own stack."""

_TURNS = frozenset({"JMP", "JZ", "JNZ", "CALL", "RET"})


class Steps(NamedTuple):
    """What is known of each instruction before it runs.

    Attributes
    ----------
    kinds : tuple of int
        `LOCAL`, `MEMORY` or `CALL`.
    ahead : tuple of int
        From here on, how many instructions in a row are local; a jump ends the row.
    """

    kinds: tuple[int, ...]
    ahead: tuple[int, ...]


@lru_cache(maxsize=64)
def steps_of(program: Program) -> Steps:
    """Return the tables of a program."""
    code = program.image.code
    kinds = tuple(map(_kind, code))
    ahead = [0] * len(code)
    for index in range(len(code) - 1, -1, -1):
        if kinds[index] == LOCAL:
            goes_on = code[index].op not in _TURNS and index + 1 < len(code)
            ahead[index] = 1 + (ahead[index + 1] if goes_on else 0)
    return Steps(kinds, tuple(ahead))


def words_of(variable: Variable) -> range:
    """Return the words of the data segment that belong to a variable, by number."""
    first = variable.offset // WORD
    return range(first, first + variable.length)


@lru_cache(maxsize=64)
def object_words(program: Program) -> frozenset[int]:
    """Return the words of the data segment that belong to locks and their kin, by number.

    System calls change them, so that reading one is something that matters to others.
    """
    return frozenset(
        word
        for variable in program.image.variables.values()
        if variable.kind in OBJECTS and variable.kind not in VALUES
        for word in words_of(variable)
    )


@lru_cache(maxsize=64)
def words_shared_on_purpose(program: Program) -> frozenset[int]:
    """Return the words that threads may use at the same time without that being a race."""
    return frozenset(
        word
        for variable in program.image.variables.values()
        if variable.is_shared_on_purpose
        for word in words_of(variable)
    )


def watched_variables(program: Program, watch: frozenset[str] | None) -> tuple[Variable, ...]:
    """Return the variables whose values are part of a result.

    Parameters
    ----------
    program : Program
    watch : frozenset of str or None
        The globals that count; None for all.
    """
    return tuple(
        variable
        for name, variable in program.image.variables.items()
        if variable.kind in VALUES and (watch is None or name in watch)
    )


@lru_cache(maxsize=64)
def watched_words(program: Program, watch: frozenset[str] | None) -> frozenset[int]:
    """Return the words that are part of a result."""
    watched = watched_variables(program, watch)
    return frozenset(word for variable in watched for word in words_of(variable))


def _kind(instruction: Instruction) -> int:
    if name := call_of(instruction):
        return LOCAL if SYSTEM_CALLS[name].own else CALL
    return MEMORY if instruction.op in TOUCHING else LOCAL
