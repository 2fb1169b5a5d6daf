"""The lessons as the browser-only Jupyter gets them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from kit.authoring.notebooks import find_notebooks, readable
from kit.errors import KitError

INSTALL = """# Here nothing is installed yet: this takes about a minute the first time.
%pip install -q os-course-kit"""
INSTALL_ID = "install-the-kit"
LEFT_OUT = ("*.answers.json*", "*.ipynb", "__pycache__")


def copy(paths: Sequence[str | Path], folder: Path) -> list[str]:
    """Copy notebooks, and what is beside them, into a folder, and return the notebooks' names.

    Each notebook gets a first cell of code that installs the kit. Hidden files and answers
    stay behind.

    Raises
    ------
    KitError
        If there is no notebook, or two have one name.
    """
    notebooks = list(find_notebooks([str(path) for path in paths]))
    names = [path.name for path in notebooks]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise KitError(f"two notebooks are called {twice}; call one of them otherwise")
    folder.mkdir(parents=True)
    for parent in dict.fromkeys(path.parent for path in notebooks):
        _copy_beside(parent, folder)
    for path in notebooks:
        _write_with_installation(path, folder / path.name)
    return names


def _copy_beside(source: Path, folder: Path) -> None:
    for one in _shown(source.iterdir()):
        if one.is_dir():
            ignored = shutil.ignore_patterns(".*", *LEFT_OUT)
            shutil.copytree(one, folder / one.name, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy(one, folder / one.name)


def _shown(entries: Iterable[Path]) -> Iterable[Path]:
    for one in sorted(entries):
        if not one.name.startswith(".") and not any(one.match(left) for left in LEFT_OUT):
            yield one


def _write_with_installation(path: Path, place: Path) -> None:
    readable(path)
    notebook = nbformat.read(path, as_version=4)
    code = [n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    cell = new_code_cell(INSTALL, id=INSTALL_ID)
    notebook.cells.insert(code[0] if code else len(notebook.cells), cell)
    nbformat.write(notebook, place)
