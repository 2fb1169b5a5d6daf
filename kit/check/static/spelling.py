"""The rule on spelling: common misspellings, as codespell knows them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from kit.check.notebooks import Cell
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule
from kit.errors import KitError

_MISSPELT = 65
"""How codespell exits when it has found something."""


class Spelling(StaticRule):
    """No common misspellings (codespell).

    What is right although it is doubted, such as a name, can be allowed.
    """

    code, name = "KC114", "spelling"
    remedy = "write it as it is proposed, or add it to words in [tool.kit.check]"

    def look_at_all(self, contexts: Sequence[LintContext]) -> list[list[Problem]]:
        """Return for each notebook what is wrong."""
        return misspellings(contexts)


def misspellings(contexts: Sequence[LintContext]) -> list[list[Problem]]:
    """Return what is misspelt in the texts of notebooks, for each of them.

    Raises
    ------
    KitError
        If codespell does not do its work.
    """
    problems: list[list[Problem]] = [[] for _ in contexts]
    owners = [list(_lines(context)) for context in contexts]
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{number}.txt" for number in range(len(contexts))]
        for name, lines in zip(names, owners, strict=True):
            text = "".join(f"{line}\n" for _, line in lines)
            (Path(folder) / name).write_text(text, encoding="utf-8", errors="replace")
        for number, line, word, suggestion in _codespell(folder, names):
            if word.casefold() in map(str.casefold, contexts[number].settings.words):
                continue
            remedy = f"write '{suggestion}', or add it to words in [tool.kit.check]"
            cell = owners[number][line][0]
            problems[number].append(cell.problem("spelling", f"'{word}' is misspelt", remedy))
    return [list(dict.fromkeys(found)) for found in problems]


def _lines(context: LintContext) -> Iterator[tuple[Cell, str]]:
    for cell, prose in context.prose:
        for line in prose.lines:
            # Codespell ends lines at some of these characters, and skips files with others.
            yield cell, "".join(char if char.isprintable() else " " for char in line)


def _codespell(folder: str, names: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """Yield number of the file, number of the line from 0, what is written, what would be right."""
    if not names:
        return
    # In a folder of its own it finds no settings but its defaults.
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", "--disable-colors", *names],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode not in (0, _MISSPELT):
        raise KitError(f"codespell failed: {done.stderr.strip()}; see whether it is installed well")
    for finding in done.stdout.splitlines():
        place, _, words = finding.partition(": ")
        word, _, suggestion = words.partition(" ==> ")
        name, _, line = place.rpartition(":")
        yield int(Path(name).stem), int(line) - 1, word, suggestion.replace(",", " or")
