"""A whole report: files are graded, and what they say about the class is written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from kit.authoring.class_report.beliefs import report_of
from kit.authoring.class_report.notebook import notebook_of
from kit.authoring.class_report.page import page_of
from kit.authoring.grading.grading import grade_class
from kit.authoring.grading.report import summary
from kit.check.notebooks import Notebook
from kit.errors import KitError, plural
from kit.files import check_writable, write_text

FORMS = {".html": page_of, ".ipynb": notebook_of}
"""Suffix of the file -> what makes its text."""


def write_report(
    paths: Sequence[str | Path], output: Path, *, lessons: str | None, student: str, names: bool
) -> bool:
    """Grade files of answers, and write what the class believes.

    Parameters
    ----------
    paths : sequence of path
        Files of answers, or folders with such files.
    output : Path
        Ends in ``.html`` or ``.ipynb``.
    lessons : str or None
        The folder with the lessons.
    student : str
        How to tell whose a file is; see `kit.authoring.grading.students.pattern_of`.
    names : bool
        Whether it says who holds which idea.

    Returns
    -------
    bool
        Whether every file of answers was graded.

    Raises
    ------
    KitError
        If it could not be asked like that, or nothing could be graded.
    """
    if output.suffix not in FORMS:
        raise KitError(f"{output}: a report is a page or a notebook; end it in .html or .ipynb")
    check_writable(output)
    result = grade_class(paths, lessons=lessons, student=student)
    failed = sum(bool(one.problem) for one in result.graded)
    if not result.handed:
        raise KitError(
            f"none of {plural(failed, 'file')} could be graded, so that there is nothing to "
            f"report; the first: {result.graded[0].file}: {result.graded[0].problem}"
        )
    made = report_of(result.handed, _titles(result.notebooks), failed)
    write_text(output, FORMS[output.suffix](made, names=names))
    if failed:
        click.echo(str(summary(result.graded, result.found.passed_over)), err=True)
    click.echo(
        f"{output} tells what {plural(made.students, 'student')} believe, from "
        f"{plural(made.files, 'file')}."
    )
    return not failed


def _titles(notebooks: Iterable[Path]) -> dict[str, str]:
    """Return what the notebooks are called that have a title."""
    found = {}
    for path in notebooks:
        try:
            title = Notebook.read(path).course.get("title")
        except KitError:
            continue
        if isinstance(title, str) and title.strip():
            found[path.name] = title
    return found
