"""Rules on the form of a notebook: schema, ids, kernel, code."""

from __future__ import annotations

import ast
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from nbformat.validator import iter_validate

from kit.check.cleaning import NEWEST_MINOR
from kit.check.course import installed
from kit.check.notebooks import Cell, Notebook
from kit.check.programs import parse
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule
from kit.errors import plural

_CELL_TYPES = ("code", "markdown", "raw")
_OUTPUT_TYPES = ("display_data", "error", "execute_result", "stream")
_SAVE = "open the notebook in JupyterLab and save it again"
_CLEAN = "run `kit clean` on the notebook"
_OF_CODE: dict[str, Any] = {"outputs": [], "execution_count": None}
"""What a cell of code has, if only empty."""


class Encoding(StaticRule):
    """The file is UTF-8 without a byte order mark, as Jupyter reads it."""

    code, name = "KC102", "encoding"
    remedy = "run `kit clean` on the notebook"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield whether the file is read here, but not by Jupyter."""
        if context.notebook.marked:
            found = "the file begins with a byte order mark, with which Jupyter does not open it"
            yield Problem(self.name, found, self.remedy)


class Schema(StaticRule):
    """Everything in it is as the notebook format wants it.

    Jupyter opens much that is not, but other programs stop at it, or lose it.
    """

    code, name = "KC103", "schema"
    remedy = "open it in JupyterLab and save it again"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield where the notebook is not as the JSON schema of its format wants it."""
        notebook = context.notebook
        yield from _unknown_types(notebook)
        raw, minor = _comparable(notebook), _minor(notebook)
        errors = iter_validate(raw, version=4, version_minor=minor)  # type: ignore[no-untyped-call]
        yield from _left_out(notebook)
        for error in errors:
            path = list(error.absolute_path)
            if path[:2] == ["metadata", "kernelspec"]:
                continue  # has a rule of its own
            where = ".".join(map(str, path[2:] if path[:1] == ["cells"] else path))
            said = textwrap.shorten(error.message, 160, placeholder=" …")
            found = f"it breaks the notebook format{f' in {where}' if where else ''}: {said}"
            if path[:1] == ["cells"] and len(path) > 1:
                cell = notebook.cells[path[1]]
                yield cell.problem("schema", found, _SAVE, details=str(error))
            else:
                yield Problem("schema", found, _SAVE, details=str(error))


def _unknown_types(notebook: Notebook) -> Iterator[Problem]:
    # The schema would only say that a cell fits none of its alternatives.
    for cell in notebook.cells:
        kind = cell.raw.get("cell_type")
        if kind not in _CELL_TYPES:
            found = f"the cell has the type {kind!r}, and notebooks have code, markdown and raw"
            yield cell.problem("schema", found, "make it one of these")
        for output in cell.outputs:
            kind = output.get("output_type") if isinstance(output, Mapping) else output
            if kind not in _OUTPUT_TYPES:
                found = f"the cell stores an output of the type {kind!r}, which does not exist"
                yield cell.problem("schema", found, "clear the cell's outputs")


def _minor(notebook: Notebook) -> int:
    minor = notebook.raw.get("nbformat_minor")
    return minor if type(minor) is int and minor >= 0 else NEWEST_MINOR


def _left_out(notebook: Notebook) -> Iterator[Problem]:
    """Yield what the format demands and an old tool has left out, in one sentence."""
    names: dict[str, list[Cell]] = {}
    for cell in notebook.cells:
        for name in ("metadata", "source", *(_OF_CODE if cell.type == "code" else ())):
            if name not in cell.raw:
                names.setdefault(name, []).append(cell)
    if names:
        cells = {cell.number: cell for found in names.values() for cell in found}
        missing = ", ".join(f"'{name}'" for name in names)
        if len(cells) == 1:
            found = f"the cell has no {missing}, which the notebook format demands"
            yield next(iter(cells.values())).problem("schema", found, _CLEAN)
        else:
            found = f"{plural(len(cells), 'cell')} have no {missing}, as an old program leaves them"
            yield Problem("schema", found, _CLEAN)


def _comparable(notebook: Notebook) -> dict[str, Any]:
    """Return the notebook without what is looked at elsewhere.

    That is ids, what has no known type, and what was left out.
    """
    cells = []
    for cell in notebook.cells:
        if cell.type not in _CELL_TYPES:
            continue
        needed = {"metadata": {}, "source": "", **(_OF_CODE if cell.type == "code" else {})}
        copy = {**needed, **cell.raw, "id": "x"}
        if _minor(notebook) < NEWEST_MINOR:
            del copy["id"]
        if cell.outputs:
            copy["outputs"] = [output for output in cell.outputs if _has_known_type(output)]
        cells.append(copy)
    return {**notebook.raw, "cells": cells}


def _has_known_type(output: object) -> bool:
    return isinstance(output, Mapping) and output.get("output_type") in _OUTPUT_TYPES


class Ids(StaticRule):
    """Each cell has an id of its own.

    Links lead to ids, and without them git mixes cells up when two people change a notebook.
    """

    code, name = "KC104", "ids"
    remedy = "run `kit clean` on the notebook"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield which cells have no id of their own."""
        notebook = context.notebook
        if _minor(notebook) < NEWEST_MINOR:
            found = f"the notebook has format 4.{_minor(notebook)}, in which cells have no ids"
            yield Problem("ids", found, f"{_CLEAN}, which upgrades it to 4.{NEWEST_MINOR}")
            return
        missing = [cell for cell in notebook.cells if "id" not in cell.raw]
        if missing:
            others = len(missing) - 1
            found = "the cell has no id" + (f", like {plural(others, 'other')}" if others else "")
            yield missing[0].problem("ids", found, _CLEAN)
        first: dict[str, int] = {}
        for cell in notebook.cells:
            name = cell.raw.get("id", "x")
            if not isinstance(name, str) or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
                found = f"the id {textwrap.shorten(repr(name), 80)} is not allowed"
                remedy = f"use 1 to 64 letters, digits, '-' and '_', or {_CLEAN}"
                yield cell.problem("ids", found, remedy)
            elif cell.id in first:
                found = f"the cell has the id '{cell.id}', as cell {first[cell.id]} has"
                yield cell.problem("ids", found, f"{_CLEAN}, which gives it another one")
            elif cell.id:
                first[cell.id] = cell.number


class Kernelspec(StaticRule):
    """It asks for the kernel python3, which everybody has.

    The name of an environment of one computer stops everybody else with a question.
    """

    code, name = "KC105", "kernelspec"
    remedy = "run `kit clean` on the notebook"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield whether the notebook asks for another kernel than the one everybody has."""
        remedy = f"{_CLEAN}, which sets the kernel python3"
        spec = context.notebook.metadata.get("kernelspec")
        if not isinstance(spec, Mapping) or not spec.get("name"):
            yield Problem("kernelspec", "the notebook names no kernel", remedy)
            return
        name, language = spec["name"], spec.get("language")
        if name != "python3" or language != "python":
            kernel = name if isinstance(name, str) else repr(name)
            found = f"the notebook was opened with another kernel, '{kernel}'"
            if name == "python3":
                found = f"the language of the kernel is {language!r}, not 'python'"
            elif not context.is_python:
                remedy = f"write its code in Python, then {remedy}"
            yield Problem("kernelspec", found, remedy)


class Code(StaticRule):
    """It has code to run."""

    code, name = "KC106", "code"
    remedy = "add a code cell, or make it a Markdown file"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield whether the notebook has no code."""
        if not any(cell.source.strip() for cell in context.notebook.code):
            kinds = Counter(cell.type for cell in context.notebook.cells)
            found = (
                f"the notebook has no code to run, only {plural(kinds['markdown'], 'cell')} of text"
            )
            yield Problem(self.name, found, self.remedy)


class Length(StaticRule):
    """Code cells of a lesson are short.

    The program texts in them do not count, nor does a cell whose source is hidden. A page that is
    no lesson may have long ones.
    """

    code, name = "KC115", "length"
    remedy = "split the cell, or allow more with cell_lines in [tool.kit.check]"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield which code cells of a lesson are long."""
        most = context.settings.cell_lines
        for cell in context.notebook.code if context.is_lesson else ():
            lines = len(cell.source.splitlines()) - _program_lines(cell)
            if lines > most and not _is_hidden(cell):
                found = f"the cell has {lines} lines, more than {most}"
                remedy = "split it, or allow more with cell_lines in [tool.kit.check]"
                yield cell.problem("length", found, remedy)


def _is_hidden(cell: Cell) -> bool:
    jupyter = cell.metadata.get("jupyter")
    return isinstance(jupyter, dict) and bool(jupyter.get("source_hidden"))


def _program_lines(cell: Cell) -> int:
    """Return how many lines are those of a program that is shown: it is no code of the cell."""
    tree = parse(cell.source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree else []
    texts = [
        argument
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == installed().program
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    return sum((text.end_lineno or text.lineno) - text.lineno for text in texts)
