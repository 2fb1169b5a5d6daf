"""The rule on what a notebook may store of its runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kit.check.cleaning import KEEPING, KINDS, WIDGET
from kit.check.notebooks import Cell
from kit.check.results import Problem
from kit.check.static.lint_context import LintContext
from kit.check.static.rule import StaticRule
from kit.errors import plural

MOST_BYTES = 100_000
"""How much a notebook may store, all outputs together."""

_SCRIPTS = ("application/javascript", "text/javascript")
# The traces of a run by cell: when it began and ended, as JupyterLab and an extension note it.
_TIMES = ("execution", "ExecuteTime")

_PATH = re.compile(
    r"""(?<![\w.])/(?:home|Users|root|tmp|private/tmp|var/folders)/[^\s'"<>]+"""
    r"""|(?<!\w)[A-Z]:\\{1,2}\w{2,}[^\s'"<>]*"""
)
# Those of the simulated computer are shorter, and the same in every run.
_ADDRESS = re.compile(r"\bat 0x[0-9A-Fa-f]{8,16}\b|\b0x7[ef][0-9a-f]{10}\b")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

_CLEAN = "run `kit clean` on the notebook"


class Outputs(StaticRule):
    """Only cells that are tagged for it store outputs, and these look alike everywhere.

    Outputs that a run has left change each time, hold paths and scripts, and tell the answers.
    """

    code, name = "KC108", "outputs"
    remedy = "run `kit clean` on the notebook"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield what the notebook stores although it may not."""
        notebook = context.notebook
        if "widgets" in notebook.metadata:
            found = "the notebook stores the state of widgets, which is dead without its kernel"
            yield Problem("outputs", found, _CLEAN)
        yield from _left_by_a_run(list(notebook.code))
        sizes: dict[int, int] = {}
        for place, cell in enumerate(notebook.code, 1):
            if any(tag in cell.tags for tag in KEEPING):
                sizes[cell.number] = len(json.dumps(cell.outputs))
                yield from _counts(cell, place)
                yield from _contents(cell)
        size = sum(sizes.values())
        if size > MOST_BYTES:
            largest = max(sizes, key=sizes.__getitem__)
            found = (
                f"the notebook stores {size // 1000} kB of outputs, more than "
                f"{MOST_BYTES // 1000}, and this cell {sizes[largest] // 1000} kB of them"
            )
            yield notebook.cells[largest - 1].problem(
                "outputs", found, "make its output smaller, or let it store none"
            )


def _left_by_a_run(code: list[Cell]) -> Iterator[Problem]:
    """Yield what running and saving a notebook has left in it, in one sentence each."""
    timed = [cell for cell in code if any(name in cell.metadata for name in _TIMES)]
    if timed:
        yield _together(timed, "the cell stores when it was run", "store when they were run")
    others = [cell for cell in code if not any(tag in cell.tags for tag in KEEPING)]
    told = [cell for cell in others if cell.outputs]
    if told:
        remedy = f"{_CLEAN}, or tag the cell 'keep-output' if its output is to be stored"
        yield _together(told, f"the cell stores {_nothing(told[0])}", "store outputs", remedy)
    counted = [
        cell for cell in others if cell.raw.get("execution_count") is not None and not cell.outputs
    ]
    if counted and not told:
        one = f"the cell stores {_nothing(counted[0])}"
        yield _together(counted, one, "store execution counts")


def _together(cells: list[Cell], one: str, several: str, remedy: str = _CLEAN) -> Problem:
    if len(cells) == 1:
        return cells[0].problem("outputs", one, remedy)
    numbers = ", ".join(str(cell.number) for cell in cells)
    found = f"{plural(len(cells), 'cell')} {several} ({numbers})"
    return Problem("outputs", found, remedy.replace("the cell", "a cell"))


def _nothing(cell: Cell) -> str:
    count = cell.raw.get("execution_count")
    stored = [plural(len(cell.outputs), "output")] if cell.outputs else []
    if count is not None:
        stored.append(f"the execution count {count!r}")
    return " and ".join(stored)


def _counts(cell: Cell, place: int) -> Iterator[Problem]:
    # Any other number would change whenever somebody saves the notebook.
    counts = [cell.raw.get("execution_count")]
    if not cell.outputs and counts == [None]:
        return
    counts += [
        output.get("execution_count")
        for output in _outputs(cell)
        if output.get("output_type") == "execute_result"
    ]
    wrong = [count for count in counts if count != place]
    if wrong:
        found = f"the execution count is {wrong[0]!r}, and the cell is code cell {place}"
        yield cell.problem("outputs", found, f"{_CLEAN}, which numbers such cells")


def _outputs(cell: Cell) -> list[Mapping[str, Any]]:
    return [output for output in cell.outputs if isinstance(output, Mapping)]


def _contents(cell: Cell) -> Iterator[Problem]:
    faults = [fault for output in _outputs(cell) for fault in _faults(cell, output)]
    for found, remedy in dict.fromkeys(faults):
        yield cell.problem("outputs", found, remedy)


def _faults(cell: Cell, output: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a stored output, each with its remedy."""
    kind = output.get("output_type")
    if kind == "stream":
        if output.get("name") == "stderr":
            yield "the cell stores what was written to stderr", f"mend its cause, or {_CLEAN}"
        yield from _texts([output.get("text")])
    elif kind == "error":
        if not cell.may_raise:
            remedy = "mend the cell, or tag it 'raises-exception' if it is meant to fail"
            yield f"the cell stores an error, {output.get('ename')}", remedy
        yield from _texts([output.get("evalue"), output.get("traceback")])
    else:
        data = output.get("data")
        if isinstance(data, Mapping):
            for name, content in data.items():
                yield from _data(name, content)


def _data(name: str, content: object) -> Iterator[tuple[str, str]]:
    if name == WIDGET:
        yield "the cell stores the view of a widget, which is dead without its kernel", _CLEAN
    elif name in _SCRIPTS or (name == "text/html" and "<script" in _joined(content).lower()):
        yield "the cell stores JavaScript, which runs when the notebook is opened", _CLEAN
    elif name not in KINDS:
        remedy = f"{_CLEAN}, or show it as text, HTML or a picture"
        yield f"the cell stores output of the type {name}", remedy
    elif name != "image/png":
        yield from _texts([content])


def _texts(contents: Iterable[object]) -> Iterator[tuple[str, str]]:
    text = "\n".join(map(_joined, contents))
    path = _PATH.search(text)
    if path:
        found = f"the stored output names a path of one computer, {path[0]}"
        yield found, "let the cell show a relative path, or none"
    address = _ADDRESS.search(text)
    if address:
        found = f"the stored output has a memory address, {address[0].removeprefix('at ')}"
        yield found, "let the cell show something that is the same in every run"


def _joined(content: object) -> str:
    text = "".join(map(str, content)) if isinstance(content, list) else str(content or "")
    return _COLOURS.sub("", text)
