"""Where instructions are put down: labels, source lines, resolved at the end."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from kit.lang.instructions import INSTRUCTIONS, Instruction


@dataclass
class Emitter:
    """Collects instructions; jump targets are labels until `resolved`.

    Attributes
    ----------
    line : int
        Source line of what is emitted next; 0 for none.
    """

    code: list[Instruction] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    line: int = 0
    _places: list[int] = field(default_factory=list)

    def emit(self, op: str, *operands: int) -> None:
        """Append one instruction; a code target is a label."""
        self.code.append(Instruction(op, *operands))
        self.lines.append(self.line)

    def label(self) -> int:
        """Return a new label, not yet placed."""
        self._places.append(-1)
        return len(self._places) - 1

    def place(self, label: int) -> None:
        """Let `label` mean the next instruction."""
        self._places[label] = len(self.code)

    def is_placed_here(self) -> bool:
        """Tell whether a label means the next instruction."""
        return len(self.code) in self._places

    def at(self, node: ast.AST) -> None:
        """Let the following instructions belong to the line of `node`."""
        self.line = getattr(node, "lineno", self.line)

    def resolved(self) -> tuple[Instruction, ...]:
        """Return the code with instruction indexes for labels."""
        return tuple(self._resolve(instruction) for instruction in self.code)

    def _resolve(self, instruction: Instruction) -> Instruction:
        place = INSTRUCTIONS[instruction.op].operands.find("t")
        if place < 0:
            return instruction
        operands = list(instruction[1:])
        operands[place] = self._places[operands[place]]
        return Instruction(instruction.op, *operands)
