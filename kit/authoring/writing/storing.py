"""Running notebooks and storing what their cells say, for readers without a kernel."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from kit.authoring.notebooks import Notebook, readable
from kit.authoring.writing.cleaning import clean
from kit.errors import KitError
from kit.quiz.answers import without_answers

COMPARED = "nbval-check-output"
"""The tag of a cell whose stored output is compared with what it says when it is run again."""
UNSTORED = "nbval-ignore-output"
"""The tag of a cell that says something else each time, so that nothing of it is stored."""
SECONDS = 120
"""How long one cell may take."""


def store(path: Path) -> bool:
    """Run a notebook, store what its cells say, and return whether the file has changed.

    Widgets are stored as the words that they show where no widget can be shown. Each cell
    that says something is tagged ``nbval-check-output``, so that a check notices when what is
    stored is no longer true; what a cell tagged ``nbval-ignore-output`` says is not stored.

    Parameters
    ----------
    path : Path

    Raises
    ------
    KitError
        If it is no notebook, a cell fails or writes to stderr, or it cannot be written.
    """
    readable(path)
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)
    run(notebook, path)
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code":
            _settle(cell, f"{path}, cell {number}")
    after = clean(Notebook(path, json.loads(nbformat.writes(notebook)))).text
    if after != before:
        try:
            path.write_text(after, encoding="utf-8", newline="\n")
        except OSError as error:
            raise KitError(
                f"{path}: it cannot be written ({error.strerror}); check its permissions"
            ) from None
    return after != before


def run(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Run a notebook from top to bottom in a kernel of its own, and fill in its outputs.

    Parameters
    ----------
    notebook : NotebookNode
    path : Path
        Where it is; its folder is where it runs, and errors name it.

    Raises
    ------
    KitError
        If a cell fails or takes too long, or there is no such kernel.
    """
    folder = str(path.resolve().parent)
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        coalesce_streams=True,  # what is printed arrives in pieces, in other ones each time
        resources={"metadata": {"path": folder}},
        # Its warning about its own sockets is nothing that a teacher could mend.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    try:
        client.execute(env=without_answers(os.environ))
    except CellExecutionError as error:
        raise KitError(f"{path}: a cell fails: {error.ename}: {error.evalue}; mend it") from None
    except (CellTimeoutError, TimeoutError):
        raise KitError(f"{path}: a cell takes longer than {SECONDS} s; make it quicker") from None
    except DeadKernelError:
        raise KitError(f"{path}: its kernel died; run `kit check` on it") from None
    except NoSuchKernel as error:
        raise KitError(f"{path}: there is no kernel '{error.name}'; install it") from None


def _settle(cell: Any, place: str) -> None:
    """Tag a cell that says something, and keep what may be compared."""
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != COMPARED]
    if UNSTORED in tags:
        cell.outputs = []
    spoken = "".join(_stderr(cell.outputs))
    if spoken and "allow-stderr" not in tags:
        raise KitError(f"{place}: it writes to stderr: {spoken.strip()[:200]}; mend its cause")
    cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    if cell.outputs and "raises-exception" not in tags:
        tags.append(COMPARED)
    if tags:
        cell.metadata["tags"] = tags
    else:
        cell.metadata.pop("tags", None)


def _stderr(outputs: list[Any]) -> Iterator[str]:
    for output in outputs:
        if output.output_type == "stream" and output.name == "stderr":
            yield output.text
