"""Writing an exam: its key, and its papers in each form that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kit.authoring.exam.drawing import Exam
from kit.authoring.exam.key import key_table, key_text
from kit.authoring.exam.moodle import moodle_of
from kit.authoring.exam.notebooks import exam_notebook, released_notebook
from kit.authoring.exam.pages import page_of
from kit.authoring.exam.qti import qti_of
from kit.authoring.exam.sheets import Sheet, Sheets
from kit.errors import KitError
from kit.files import write_bytes, write_text
from kit.printer import Printer

FORMS = ("notebooks", "pages", "paper", "pdf", "moodle", "qti")
"""What an exam can be written as."""
Tell = Callable[[str], object]


def write_exam(exam: Exam, folder: Path, forms: Sequence[str], tell: Tell) -> list[Path]:
    """Write an exam into a folder, with its key.

    Parameters
    ----------
    exam : Exam
    folder : Path
        Made if there is none; files of an earlier exam in it are replaced.
    forms : sequence of str
        Of `FORMS`.
    tell : callable
        Is told what is being done.

    Returns
    -------
    list of Path
        The files and folders that were made.

    Raises
    ------
    KitError
        If a file cannot be written, or a PDF is wanted and there is no browser.
    """
    sheets = Sheets()
    made = [folder / "key.json", folder / "key.csv"]
    folder.mkdir(parents=True, exist_ok=True)
    write_text(made[0], key_text(exam))
    write_text(made[1], key_table(exam), mark=True)
    asked = {one.question.key: one for pool in exam.pools for one in pool.instances}
    for number, sheet in enumerate(sheets.of(asked.values()), 1):
        tell(f"picture {number} of {len(asked)}")
        sheet.draw()
    if "moodle" in forms:
        made.append(folder / "moodle.xml")
        write_text(made[-1], moodle_of(exam, sheets))
    if "qti" in forms:
        made.append(folder / "qti.zip")
        write_bytes(made[-1], qti_of(exam, sheets))
    wanted = [form for form in FORMS[:4] if form in forms]
    for form in wanted:
        (folder / form).mkdir(exist_ok=True)
        made.append(folder / form)
    with Printer() as printer:
        for number, paper in enumerate(exam.papers, 1):
            tell(f"paper {number} of {len(exam.papers)}")
            for form in wanted:
                path = folder / form / paper.name
                _write(form, path, exam.title, sheets.of(paper.asked), printer)
    return made


def _write(form: str, path: Path, title: str, sheets: Sequence[Sheet], printer: Printer) -> None:
    name = path.name
    if form == "notebooks":
        write_text(path.with_name(f"{name}.ipynb"), exam_notebook(title, name, sheets))
    elif form == "pdf":
        printer.write(path.with_name(f"{name}.pdf"), page_of(title, name, sheets, printed=True))
    else:
        page = page_of(title, name, sheets, printed=form == "paper")
        write_text(path.with_name(f"{name}.html"), page)


def write_released(exam: Exam, folder: Path, tell: Tell) -> Path:
    """Write every paper as a notebook with feedback and runs; return the folder.

    Parameters
    ----------
    exam : Exam
    folder : Path
        Made if there is none.
    tell : callable
        Is told what is being done.

    Raises
    ------
    KitError
        If a file cannot be written.
    """
    sheets = Sheets()
    target = folder / "released"
    target.mkdir(parents=True, exist_ok=True)
    for number, paper in enumerate(exam.papers, 1):
        tell(f"paper {number} of {len(exam.papers)}")
        text = released_notebook(exam.title, paper.name, sheets.of(paper.asked))
        write_text(target / f"{paper.name}.ipynb", text)
    return target


def checked_forms(listed: str) -> list[str]:
    """Return the forms that are named, separated by commas.

    Raises
    ------
    KitError
        If there is no such form.
    """
    forms = [one.strip() for one in listed.split(",") if one.strip()]
    unknown = [one for one in forms if one not in FORMS]
    if unknown or not forms:
        raise KitError(f"--as {listed}: name some of {', '.join(FORMS)}, separated by commas")
    return forms
