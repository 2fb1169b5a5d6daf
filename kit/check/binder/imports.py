"""What the notebooks of a repository import, and whether Binder has it."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kit.check.binder.environment import Environment
from kit.check.notebooks import Notebook, Unreadable, find_checked
from kit.check.results import Problem
from kit.errors import KitError

FIND = """
import importlib.util, json, sys
found = []
for folder, names in json.load(sys.stdin):
    sys.path.insert(0, folder)
    found.append([name for name in names if importlib.util.find_spec(name) is None])
    sys.path.pop(0)
json.dump(found, sys.stdout)
"""
# A notebook that says so itself knows best where its modules come from.
SEARCHES = ("sys.path", "pip install")


def problems(environment: Environment) -> Iterator[Problem]:
    """Yield a problem for each notebook that imports what an environment does not have.

    Parameters
    ----------
    environment : Environment
        Its home is the repository.
    """
    try:
        notebooks = find_checked([environment.home])
    except KitError:
        return
    wanted = [(path, sorted(_imported(path))) for path in notebooks]
    asked = json.dumps([(str(path.parent), names) for path, names in wanted])
    done = subprocess.run(
        # Without -I the folder where this runs would be searched too.
        [environment.python, "-I", "-c", FIND],
        input=asked,
        env=environment.variables(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    for (path, _), missing in zip(wanted, json.loads(done.stdout), strict=True):
        if missing:
            name = path.relative_to(environment.home).as_posix()
            yield Problem(
                "missing",
                f"{name} imports {', '.join(missing)}, which Binder does not install",
                "add the package with its version to requirements.txt, or import something else",
            )


def _imported(path: Path) -> set[str]:
    """Return the modules that a notebook imports whatever happens, by their first names."""
    try:
        notebook = Notebook.read(path)
    except Unreadable:
        return set()
    sources = [cell.source for cell in notebook.run if not cell.may_raise]
    if any(word in source for source in sources for word in SEARCHES):
        return set()
    return {name.partition(".")[0] for source in sources for name in _top_level(source)}


def _top_level(source: str) -> Iterator[str]:
    plain = [line for line in source.splitlines() if not line.startswith(("%", "!"))]
    try:
        tree = ast.parse("\n".join(plain))
    except SyntaxError:
        return
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            yield statement.module
