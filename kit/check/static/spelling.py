"""The rule on spelling: common misspellings, as codespell knows them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kit.check.languages import ENGLISH, main_of
from kit.check.notebooks import Cell
from kit.check.profiles import counts
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule
from kit.errors import KitError

_MISSPELT = 65
"""How codespell exits when it has found something."""


class Spelling(StaticRule):
    """No common misspellings (codespell).

    What is right although it is doubted, such as a name, can be allowed. In a course of another
    ``language`` than English only the ``dictionaries`` count that it names.
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
    together = defaultdict[tuple[str, ...], list[int]](list)
    for number, context in enumerate(contexts):
        if dictionaries := _dictionaries(context):
            together[dictionaries].append(number)
    for dictionaries, numbers in together.items():
        for number, problem in _misspelt({one: contexts[one] for one in numbers}, dictionaries):
            problems[number].append(problem)
    return [list(dict.fromkeys(found)) for found in problems]


def _dictionaries(context: LintContext) -> tuple[str, ...]:
    """Return where the misspelt words are of a notebook's language; codespell's own are "-"."""
    settings = context.settings
    if not counts(Spelling.name, Spelling.code, [settings.choice]):
        return ()
    own = ("-",) if main_of(settings.language) == ENGLISH else ()
    for file in settings.dictionaries:
        if not Path(file).is_file():
            raise KitError(f"{file}: there is no such file; mend dictionaries in [tool.kit.check]")
    return (*own, *settings.dictionaries)


def _misspelt(
    contexts: Mapping[int, LintContext], dictionaries: Sequence[str]
) -> Iterator[tuple[int, Problem]]:
    """Yield what is misspelt in notebooks of one language, after their numbers."""
    owners = {number: list(_lines(context)) for number, context in contexts.items()}
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{number}.txt" for number in contexts]
        for name, lines in zip(names, owners.values(), strict=True):
            text = "".join(f"{line}\n" for _, line in lines)
            (Path(folder) / name).write_text(text, encoding="utf-8", errors="replace")
        for number, line, word, suggestion in _codespell(folder, names, dictionaries):
            if word.casefold() in map(str.casefold, contexts[number].settings.words):
                continue
            remedy = f"write '{suggestion}', or add it to words in [tool.kit.check]"
            cell = owners[number][line][0]
            yield number, cell.problem("spelling", f"'{word}' is misspelt", remedy)


def _lines(context: LintContext) -> Iterator[tuple[Cell, str]]:
    for cell, prose in context.prose:
        for line in prose.lines:
            # Codespell ends lines at some of these characters, and skips files with others.
            yield cell, "".join(char if char.isprintable() else " " for char in line)


def _codespell(
    folder: str, names: Sequence[str], dictionaries: Sequence[str]
) -> Iterator[tuple[int, int, str, str]]:
    """Yield number of the file, number of the line from 0, what is written, what would be right."""
    # In a folder of its own it finds no settings but its defaults.
    chosen = [word for file in dictionaries for word in ("--dictionary", file)]
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", "--disable-colors", *chosen, *names],
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
