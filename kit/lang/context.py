"""What the compiler knows about the function that it is compiling."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import NoReturn

from kit.lang.call_instructions import instruction_for
from kit.lang.emitter import Emitter
from kit.lang.image import Variable
from kit.lang.instructions import COUNTS
from kit.lang.patterns import Pattern
from kit.lang.scope import Function, Scope
from kit.lang.source import Source


@dataclass(frozen=True)
class FunctionContext:
    """What all parts of the compiler share while they compile one function.

    Attributes
    ----------
    source, scope : Source, Scope
        The program.
    function : Function
        The function being compiled.
    slots : dict of str to int
        Parameter or local -> bytes from the frame pointer.
    labels : dict of str to int
        Function -> label of its first instruction.
    out : Emitter
    texts : list of tuple
        Grows by what ``print`` and other calls with texts need.
    arrays : dict of str to Variable
        The local arrays; their offsets count from the frame pointer.
    """

    source: Source
    scope: Scope
    function: Function
    slots: dict[str, int]
    labels: dict[str, int]
    out: Emitter
    texts: list[Pattern]
    arrays: dict[str, Variable]

    def refuse(self, node: ast.AST, message: str) -> NoReturn:
        """Raise `LanguageError` at a node of the syntax tree."""
        self.source.refuse(node, message)

    def emit(self, op: str, *operands: int) -> None:
        """Append one instruction."""
        self.out.emit(op, *operands)

    def emit_call(self, name: str, number: int) -> None:
        """Append the instruction that makes a call.

        Parameters
        ----------
        name : str
            In `SYSTEM_CALLS`.
        number : int
            How many arguments it has, or which texts.
        """
        self.out.emit(*instruction_for(name, number))

    def pattern(self, node: ast.AST, pattern: Pattern) -> int:
        """Return the number of a pattern of texts, which is new or known."""
        if pattern not in self.texts:
            if len(self.texts) == COUNTS:
                self.refuse(node, f"the program has more than {COUNTS} different texts; use fewer")
            self.texts.append(pattern)
        return self.texts.index(pattern)

    def load(self, name: str, register: int = 0) -> None:
        """Emit code that loads a slot of the stack frame into a register."""
        self.emit("LOADF", register, self.slots[name])

    def store(self, name: str, register: int = 0) -> None:
        """Emit code that stores a register into a slot of the stack frame."""
        self.emit("STOREF", register, self.slots[name])
