"""The rule on chance: every reader is to see the same run."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator

from kit.check.course import Call, installed
from kit.check.notebooks import Cell
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule

# What draws from the one generator of its module, which starts anew in each kernel.
_RANDOM = frozenset(random.__all__) - {"Random", "SystemRandom", "getstate", "seed", "setstate"}
_NUMPY_NEUTRAL = frozenset({"default_rng", "get_state", "seed", "set_state"})

# Without an argument these take their seed from the operating system.
_GENERATORS = frozenset(
    {
        "numpy.random.MT19937",
        "numpy.random.PCG64",
        "numpy.random.PCG64DXSM",
        "numpy.random.Philox",
        "numpy.random.RandomState",
        "numpy.random.SFC64",
        "numpy.random.SeedSequence",
        "numpy.random.default_rng",
        "numpy.random.seed",
        "random.Random",
        "random.seed",
    }
)


class Seeds(StaticRule):
    """What uses chance names a seed, so that every reader sees the same.

    Text about a run is true only for the run that its reader sees.
    """

    code, name = "KC117", "seed"
    remedy = "give what draws a number as its seed"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield where something uses chance and names no seed."""
        reader = _Reader()
        for piece in context.pieces:
            if piece.tree is not None:
                reader.cell = piece.cell
                reader.visit(piece.tree)
        yield from reader.problems
        for module, (name, cell) in reader.drawn.items():
            if module not in reader.seeded:
                found = f"{module}.{name} draws by chance, and the notebook sets no seed"
                yield cell.problem("seed", found, f"call {module}.seed(1) before it")


class _Reader(ast.NodeVisitor):
    """Reads the Python of a notebook from top to bottom.

    Attributes
    ----------
    cell : Cell
        The one that is read.
    problems : list of Problem
    drawn : dict
        Module -> the function of it that is used first, and where.
    seeded : set of str
        The modules whose own generator gets a seed.
    """

    def __init__(self) -> None:
        self.cell = Cell(0, {})
        self.problems: list[Problem] = []
        self.drawn: dict[str, tuple[str, Cell]] = {}
        self.seeded: set[str] = set()
        # What a name in the notebook stands for, such as np for numpy.
        self._names: dict[str, str] = {}
        # What a variable was made by last, as far as it is a call.
        self._made: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self._names[alias.asname or top] = alias.name if alias.asname else top

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            names = _RANDOM if (node.module, alias.name) == ("random", "*") else {alias.name}
            for name in names:
                self._names[alias.asname or name] = f"{node.module}.{name}"

    def visit_Name(self, node: ast.Name) -> None:
        self._use(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._use(node)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        self._made |= dict.fromkeys(names, self._text_of(node.value))

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        dotted = self._dotted(node.func)
        module, _, name = dotted.rpartition(".")
        if dotted in _GENERATORS:
            if _is_unseeded(node):
                remedy = f"give it a number: {dotted}(1)"
                self._report(f"{dotted}() names no seed, so every run differs", remedy)
            elif name == "seed":
                self.seeded.add(module)
        elif dotted == "random.SystemRandom":
            found = "random.SystemRandom has no seed, so every run differs"
            self._report(found, "use random.Random(1)")
        elif dotted:
            given = {one.arg or "**": self._text_of(one.value) for one in node.keywords}
            if wrong := installed().unseeded(Call(dotted, given)):
                self._report(*wrong)

    def _text_of(self, node: ast.expr) -> str:
        """Return the text that an argument is, or the function that has made it, or nothing."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else ""
        if isinstance(node, ast.Name):
            return self._made.get(node.id, "")
        return self._dotted(node.func) if isinstance(node, ast.Call) else ""

    def _use(self, node: ast.expr) -> None:
        module, _, name = self._dotted(node).rpartition(".")
        legacy = module == "numpy.random" and name.islower() and name not in _NUMPY_NEUTRAL
        if legacy or (module == "random" and name in _RANDOM):
            self.drawn.setdefault(module, (name, self.cell))

    def _dotted(self, node: ast.expr) -> str:
        """Return what a name stands for, such as ``numpy.random.rand``, or nothing."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id, "")
        if isinstance(node, ast.Attribute):
            before = self._dotted(node.value)
            return f"{before}.{node.attr}" if before else ""
        return ""

    def _report(self, found: str, remedy: str) -> None:
        self.problems.append(self.cell.problem("seed", found, remedy))


def _is_unseeded(call: ast.Call) -> bool:
    """Whether a call gives no seed, or None for one."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return not given or (isinstance(given[0], ast.Constant) and given[0].value is None)
