"""What a check leaves for whoever looks later: notebooks as executed, a page for each failure."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kit.check.results import Problem, Result
from kit.check.tiers import Report
from kit.errors import KitError
from kit.files import read_text, write_text

MOST_CHARACTERS = 20_000
"""Characters of one output that a page shows."""

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{background:#f4f4f4;padding:.5rem;overflow:auto}img{max-width:100%}"
    "section{border-left:4px solid #b00020;padding-left:1rem;margin:2rem 0}"
)


def check_place(folder: Path, paths: Iterable[str | Path]) -> None:
    """Check that what is kept in a folder will not be taken for notebooks to be checked.

    Raises
    ------
    KitError
        If it is below a folder that is checked.
    """
    place = folder.resolve()
    for path in map(Path, paths):
        if path.is_dir() and place.is_relative_to(path.resolve()):
            inside = place.relative_to(path.resolve()).parts
            if not any(part.startswith(".") for part in inside):
                raise KitError(
                    f"{folder}: what is kept there would be checked with {path} the next time; "
                    "name a folder outside, or one whose name begins with a dot"
                )


def keep_failures(report: Report, folder: Path) -> None:
    """Write a page for each notebook that has failed, beside the notebook as executed.

    Parameters
    ----------
    report : Report
    folder : Path
        Where the notebooks are as they were executed.

    Raises
    ------
    KitError
        If a page cannot be written.
    """
    results = [result for tier in report.tiers for result in tier.results]
    failed = list(dict.fromkeys(result.path for result in results if not result.passed))
    above = _common(report.notebooks)
    for path in failed:
        place = path.resolve()
        inside = place.relative_to(above) if place.is_relative_to(above) else Path(place.name)
        found = [result for result in results if result.path == path]
        page = folder / inside.with_name(f"{inside.name}.html")
        executed = folder / inside
        page.parent.mkdir(parents=True, exist_ok=True)
        write_text(page, page_of(path, found, _cells(executed if executed.is_file() else path)))


def _common(paths: Sequence[Path]) -> Path:
    """Return the folder below which all notebooks are."""
    return Path(os.path.commonpath([path.resolve().parent for path in paths]))


def _cells(path: Path) -> list[Any]:
    """Return the cells of a notebook; none if it cannot be read."""
    try:
        cells = json.loads(read_text(path))["cells"]
    except (KitError, OSError, ValueError, LookupError, TypeError, RecursionError):
        return []
    return cells if isinstance(cells, list) else []


def page_of(path: Path, results: Sequence[Result], cells: Sequence[Any]) -> str:
    """Return a page that tells what is wrong with a notebook, with the cells that it is about.

    Parameters
    ----------
    path : Path
    results : sequence of Result
        Of all tiers.
    cells : sequence
        As the notebook was executed; those of a damaged one may be of any type.
    """
    name = html.escape(path.name)
    parts = [part for one in results for part in _problems(one, cells)]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'\">"
        f"<title>{name}: what failed</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{name}: what failed</h1>\n{''.join(parts)}</body></html>\n"
    )


def _problems(result: Result, cells: Sequence[Any]) -> Iterator[str]:
    for problem in result.problems:
        place = f"{problem.place}: " if problem.place else ""
        yield f"<section><h2>{html.escape(place + problem.found)}</h2>\n"
        yield f"<p>What to do: {html.escape(problem.remedy)}. "
        yield f"({html.escape(problem.rule)}, {result.tier})</p>\n"
        yield from _cell_of(problem, cells)
        if problem.details:
            yield f"<h3>Details</h3>{_pre(problem.details)}"
        yield "</section>\n"


def _cell_of(problem: Problem, cells: Sequence[Any]) -> Iterator[str]:
    if problem.cell is None or problem.cell > len(cells):
        return
    cell = cells[problem.cell - 1]
    if not isinstance(cell, dict):
        return
    yield f"<h3>The cell</h3>{_pre(_text(cell.get('source', '')))}"
    outputs = cell.get("outputs")
    shown = [_output(one) for one in outputs or () if isinstance(one, dict)]
    if any(shown):
        yield f"<h3>What it showed</h3>{''.join(shown)}"


def _output(output: dict[str, Any]) -> str:
    data = output.get("data")
    data = data if isinstance(data, dict) else {}
    picture = data.get("image/png")
    if isinstance(picture, str):
        source = f"data:image/png;base64,{html.escape(picture)}"
        return f'<img alt="A picture that the cell showed" src="{source}">'
    if output.get("output_type") == "error":
        return _pre(f"{output.get('ename', '')}: {output.get('evalue', '')}")
    return _pre(_text(output.get("text", data.get("text/plain", ""))))


def _text(stored: object) -> str:
    return "".join(map(str, stored)) if isinstance(stored, list) else str(stored)


def _pre(text: str) -> str:
    cut = text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}\n…"
    return f"<pre>{html.escape(cut)}</pre>\n" if cut.strip() else ""
