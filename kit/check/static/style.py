"""The rule on code: what ruff finds in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit.check.programs import Piece
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.magics import BOUND, NUMBERED, as_python, words_of_commands
from kit.check.static.rule import StaticRule
from kit.errors import KitError

SELECTED = ("E9", "F", "B", "W605")
"""What ruff looks for: syntax, names, likely bugs, and escapes that Python warns about."""

IGNORED = {
    "B007": "a loop may only count",
    "B018": "a cell ends in the expression it shows",
    "B028": "a lesson's warning has no caller to point to",
    "B905": "zip reads better without strict=",
    "E402": "a cell imports what it is about to use",
    "F405": "F403 has reported the import already",
}
"""What it does not, and why."""

_SYNTAX = "invalid-syntax"
_NAME = re.compile(r"`([^`]+)`")
_REMEDIES = {
    _SYNTAX: "mend it, or tag the cell 'raises-exception' if it is meant to fail",
    "F401": "use it, or remove the import",
    "F403": "import the names that are used",
    "F821": "define it in an earlier cell, or mend its spelling",
}


class Style(StaticRule):
    """No syntax errors, unknown names, unused imports or likely bugs (ruff)."""

    code, name = "KC107", "style"
    remedy = "mend what ruff says of the line"

    def look_at_all(self, contexts: Sequence[LintContext]) -> list[list[Problem]]:
        """Return for each notebook what is wrong."""
        return mistakes(contexts)


def mistakes(contexts: Sequence[LintContext]) -> list[list[Problem]]:
    """Return what is wrong with the code of notebooks, for each of them.

    Raises
    ------
    KitError
        If ruff does not do its work.
    """
    # Ruff gets copies that hold only the code, because it refuses a notebook that breaks the
    # format anywhere, and skips what a course's own settings exclude.
    problems: list[list[Problem]] = [[] for _ in contexts]
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{number}.ipynb" for number, context in enumerate(contexts) if context.pieces]
        for name in names:
            pieces = contexts[int(name.removesuffix(".ipynb"))].pieces
            place = contexts[int(name.removesuffix(".ipynb"))].notebook.path.parent
            (Path(folder) / name).write_text(json.dumps(_notebook(pieces, place)), encoding="utf-8")
        used = [words_of_commands([piece.source for piece in one.pieces]) for one in contexts]
        for finding in _ruff(folder, names):
            number = int(Path(finding["filename"]).stem)
            problem = _problem(contexts[number].pieces, finding, used[number])
            if problem is not None:
                problems[number].append(problem)
    return [_first_of_syntax(found) for found in problems]


def _notebook(pieces: Sequence[Piece], folder: Path) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": str(place),
            "metadata": {},
            "outputs": [],
            "source": _text(piece, folder),
        }
        for place, piece in enumerate(pieces)
    ]
    language = {"language_info": {"name": "python"}}
    return {"cells": cells, "metadata": language, "nbformat": 4, "nbformat_minor": 5}


def _text(piece: Piece, folder: Path) -> str:
    if piece.may_raise and piece.tree is None:
        return "pass"
    # Half of a surrogate pair, which JSON can hold, is no text for ruff.
    return as_python(piece.source, folder).encode("utf-8", "replace").decode()


def _ruff(folder: str, names: Sequence[str]) -> list[dict[str, Any]]:
    if not names:
        return []
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--exit-zero",
        "--quiet",
        "--output-format=json",
        "--target-version=py311",
        f"--select={','.join(SELECTED)}",
        f"--ignore={','.join(IGNORED)}",
        f"--config=builtins={json.dumps(BOUND)}",
        *names,
    ]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, check=False, encoding="utf-8", errors="replace"
    )
    if done.returncode:
        raise KitError(f"ruff failed: {done.stderr.strip()}; see whether it is installed well")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _problem(
    pieces: Sequence[Piece], finding: dict[str, Any], used: frozenset[str]
) -> Problem | None:
    piece = pieces[(finding["cell"] or 1) - 1]
    code = finding["code"] or _SYNTAX
    if piece.may_raise and code in ("F821", _SYNTAX):
        return None
    if piece.is_solution and code == "F811":  # it is there to redefine what the starter has
        return None
    name = _NAME.search(finding["message"])
    if name and code == "F821" and NUMBERED.fullmatch(name[1]):
        return None
    if name and code == "F401" and name[1].split()[-1].partition(".")[0] in used:
        return None
    named = "" if code == _SYNTAX else f" ({code})"
    where = "the solution's line" if piece.is_solution else "line"
    kind = "syntax error: " if code == _SYNTAX else ""
    said = finding["message"][:1].lower() + finding["message"][1:]
    found = f"{where} {finding['location']['row']}: {kind}{said}{named}"
    fix = finding["fix"] or {}
    remedy = _REMEDIES.get(code) or fix.get("message") or f"see {finding['url']}"
    return piece.cell.problem("style", found, remedy[:1].lower() + remedy[1:])


def _first_of_syntax(problems: list[Problem]) -> list[Problem]:
    """Leave out errors of syntax that only follow from the first one of their cell."""
    kept: list[Problem] = []
    broken: set[int | None] = set()
    for problem in problems:
        if ": syntax error: " in problem.found:
            if problem.cell in broken:
                continue
            broken.add(problem.cell)
        kept.append(problem)
    return kept
