"""Which programs the engine takes, and which words of their data never change.

What `kit.explore.engine.compiling` has no function for, or is not listed here, is not taken: a new
instruction or system call goes to the computer until somebody teaches the engine what it does.
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.explore.engine.compiling import TAKEN
from kit.explore.engine.local_arrays import local_arrays
from kit.explore.plan import Plan
from kit.explore.steps import words_of
from kit.lang.call_instructions import call_of
from kit.lang.image import Image
from kit.lang.instructions import FP, INSTRUCTIONS, WORD, Instruction
from kit.lang.objects import OBJECTS, VALUES
from kit.lang.program import Program
from kit.sim.journal import Launch

OWN = frozenset({"gettid", "getpid", "work"})
"""Calls that nobody else notices."""

QUIET = frozenset({"spawn", "join", "thread_exit"})
"""Calls that come to the same whatever others do meanwhile, if only `main` spawns and joins."""

LOUD = frozenset(
    {
        *("print", "exit", "abort", "fail_assert", "choose"),
        *("acquire", "release", "down", "up", "wait_condition", "notify", "notify_all"),
        *("try_acquire", "try_down", "atomic_begin", "atomic_end"),
        *("alloc", "free"),
        *("acquire_read", "release_read", "acquire_write", "release_write"),
        *("wait_barrier", "test_and_set", "fetch_and_add", "compare_and_swap"),
    }
)
"""The other calls: when they come makes a difference."""

CALLS = OWN | QUIET | LOUD
KINDS = frozenset({*VALUES, "Lock", "Semaphore", "Condition", "Barrier", "RWLock"})
"""Kinds of variables."""


def program_of(plan: Plan) -> Program | None:
    """Return the one program of a plan, if the engine takes it; otherwise None.

    Parameters
    ----------
    plan : Plan
    """
    launched = [step for step in plan.steps if isinstance(step, Launch)]
    plain = plan.real is None and plan.until is None and plan.setup.exceptions == "process"
    if len(launched) != 1 or not plain:
        return None
    program = launched[0].program
    # Only what the compiler wrote is known to use its stack as a stack.
    if program.language != "python" or not _is_taken(program.image):
        return None
    return program


def _is_taken(image: Image) -> bool:
    local = local_arrays(image)
    return all(variable.kind in KINDS for variable in image.variables.values()) and all(
        _is_known(instruction, local=index in local or index + 1 in local)
        for index, instruction in enumerate(image.code)
    )


def _is_known(instruction: Instruction, *, local: bool) -> bool:
    """Tell whether the engine can carry out an instruction.

    Parameters
    ----------
    instruction : Instruction
    local : bool
        Whether it makes or uses the address of an array on the stack, and nothing else does.
    """
    op = instruction.op
    name = call_of(instruction)
    if (name not in CALLS) if name else (op not in TAKEN):
        return False
    operands = zip(INSTRUCTIONS[op].operands, instruction[1:], strict=False)
    return local or all(number < FP for kind, number in operands if kind in "rw")


def constant_words(image: Image) -> frozenset[int]:
    """Return the words of the data segment to which the code never writes, by number."""
    written: set[int] = set()
    for op, _, b, c in image.code:
        if op in ("STOREX", "STOREP"):
            return frozenset()
        if op == "STORE":
            written.add(b // WORD)
        elif op in ("STOREA", "LEA"):
            written.update(_words_around(image, b if op == "LEA" else c))
    for variable in image.variables.values():
        if variable.kind in OBJECTS:
            written.update(words_of(variable))
    return frozenset(range(len(image.data))) - written


def _words_around(image: Image, offset: int) -> Iterator[int]:
    for variable in image.variables.values():
        if offset // WORD in words_of(variable):
            yield from words_of(variable)


def object_kinds(image: Image) -> dict[int, str]:
    """Return the first word of each lock and its kin, with its kind."""
    return {
        first: variable.kind
        for variable in image.variables.values()
        if variable.kind in OBJECTS
        for first in words_of(variable)[:: variable.words]
    }
