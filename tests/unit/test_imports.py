"""Which modules of the kit import each other."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import kit

ROOT = Path(kit.__file__).parent
MODULES = {
    ".".join(("kit", *path.relative_to(ROOT).with_suffix("").parts)): path
    for path in sorted(ROOT.rglob("*.py"))
    if path.name != "__init__.py"
}


def imported(module: str) -> Iterator[str]:
    """Yield the modules that one imports when it is loaded."""
    # What stands below `if TYPE_CHECKING` or in a function is not in the body itself.
    for node in ast.parse(MODULES[module].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_module_needs_one_that_needs_it():
    """There is no circle of imports, whatever is loaded first."""
    graph = {module: MODULES.keys() & set(imported(module)) for module in MODULES}
    assert graph["kit.sim.loader"], "it imports others"
    TopologicalSorter(graph).prepare()
