"""Running notebooks and storing what their cells say, for readers without a kernel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from kit.check.cleaning import clean
from kit.check.kernels import OPTIONS, PRESENT, PresentKernelManager, environment
from kit.check.notebooks import MAY_RAISE, Cell, Notebook, readable
from kit.check.runnable import executable
from kit.check.settings import Settings
from kit.errors import KitError
from kit.files import check_writable, read_bytes, write_text

COMPARED = "nbval-check-output"
"""The tag of a cell whose stored output is compared with what it says when it is run again."""
UNSTORED = "nbval-ignore-output"
"""The tag of a cell that says something else each time, so that nothing of it is stored."""


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
    stored = readable(path)
    check_writable(path)
    notebook = executable(stored)
    run(notebook, path)
    for before, cell in zip(stored.cells, notebook.cells, strict=True):
        if before.type == "code" and not before.is_skipped:
            _settle(cell, f"{path}, cell {before.number}", may_raise=before.may_raise)
    after = clean(Notebook(path, json.loads(nbformat.writes(notebook)))).text
    changed = after.encode("utf-8", "replace") != read_bytes(path)
    if changed:
        write_text(path, after)
    return changed


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
        If a cell fails or takes too long, or no kernel can be started.
    """
    folder = str(path.resolve().parent)
    seconds = Settings.near(path).cell_seconds
    client = _Client(
        notebook,
        timeout=seconds,
        kernel_name=PRESENT,
        kernel_manager_class=PresentKernelManager,
        coalesce_streams=True,  # what is printed arrives in pieces, in other ones each time
        resources={"metadata": {"path": folder}},
        # Its warning about its own sockets is nothing that a teacher could mend.
        extra_arguments=["--IPKernelApp.log_level=ERROR", *OPTIONS],
    )
    try:
        client.execute(env=environment())
    except CellExecutionError as error:
        raise KitError(f"{path}: a cell fails: {error.ename}: {error.evalue}; mend it") from None
    except (CellTimeoutError, TimeoutError):
        raise KitError(f"{path}: a cell takes longer than {seconds} s; make it quicker") from None
    except (DeadKernelError, RuntimeError):
        raise KitError(f"{path}: its kernel died; run `kit check` on it") from None


class _Client(NotebookClient):
    """Runs of a notebook what is to be run."""

    async def async_execute_cell(self, cell: Any, *arguments: Any, **options: Any) -> Any:
        """Run a cell, unless it is skipped; nbclient knows one tag for each, and no comment."""
        stored = Cell(0, cell)
        if stored.is_skipped:
            return cell
        tags = cell.metadata.get("tags")
        if stored.may_raise:
            cell.metadata["tags"] = [*stored.tags, MAY_RAISE]
        try:
            return await super().async_execute_cell(cell, *arguments, **options)
        finally:
            if stored.may_raise:
                cell.metadata["tags"] = tags
                if tags is None:
                    del cell.metadata["tags"]


def _settle(cell: Any, place: str, *, may_raise: bool) -> None:
    """Tag a cell that says something, and keep what may be compared."""
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != COMPARED]
    if UNSTORED in tags:
        cell.outputs = []
    spoken = "".join(_stderr(cell.outputs))
    if spoken and "allow-stderr" not in tags:
        raise KitError(f"{place}: it writes to stderr: {spoken.strip()[:200]}; mend its cause")
    cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    if cell.outputs and not may_raise:
        tags.append(COMPARED)
    if tags:
        cell.metadata["tags"] = tags
    else:
        cell.metadata.pop("tags", None)


def _stderr(outputs: list[Any]) -> Iterator[str]:
    for output in outputs:
        if output.output_type == "stream" and output.name == "stderr":
            yield output.text
