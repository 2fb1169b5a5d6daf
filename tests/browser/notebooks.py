"""Writing notebooks for a server to show, and opening them in a page."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Page

from kit.check.browser.servers import Server
from tests.browser import kernels
from tests.browser.page_logs import log_of, traffic

# What JupyterLab and Notebook 7 call themselves when told to show themselves.
APP = "window.jupyterapp"
PANEL = f"{APP}.shell.currentWidget"
LOAD_MS = 90_000
RUN_MS = 120_000

IS_READY = f"""() => {{
    const panel = {APP} && {PANEL};
    const context = panel && panel.context;
    return Boolean(context && context.isReady && panel.content.model
        && panel.sessionContext.session?.kernel?.status === 'idle');
}}"""
HAS_RUN = f"""() => {PANEL}.sessionContext.session.kernel.status === 'idle'
    && Array.from({PANEL}.content.model.cells)
        .filter(cell => cell.type === 'code' && cell.sharedModel.source.trim())
        .every(cell => cell.executionCount !== null)"""
OUTPUTS = f"""() => Array.from({PANEL}.content.model.cells)
    .filter(cell => cell.type === 'code')
    .map(cell => cell.outputs.toJSON())"""
RUN_NEW_CELL = f"""async (source) => {{
    const {{ content: notebook, context }} = {PANEL};
    notebook.activeCellIndex = notebook.widgets.length - 1;
    await {APP}.commands.execute('notebook:insert-cell-below');
    notebook.activeCell.model.sharedModel.setSource(source);
    await {APP}.commands.execute('notebook:run-cell');
}}"""


@dataclass(frozen=True)
class OpenNotebook:
    """A notebook that is open in a page."""

    page: Page
    server: Server
    name: str

    def kernel_eval(self, expression: str) -> Any:
        """Evaluate an expression in the notebook's kernel, once that is idle."""
        return kernels.kernel_eval(self._connection, expression)

    def kernel_run(self, code: str) -> None:
        """Run statements in the notebook's kernel, in no cell."""
        kernels.kernel_run(self._connection, code)

    @property
    def _connection(self) -> Path:
        return self.server.connection_file(traffic(self.page).kernel_ids[-1])

    def run_cell(self, source: str) -> list[dict[str, Any]]:
        """Run a new last cell, and return its outputs; not in Voila."""
        self.page.evaluate(RUN_NEW_CELL, source)
        self.page.wait_for_function(HAS_RUN, timeout=RUN_MS)
        return self.outputs()[-1]

    def run_all(self) -> None:
        """Run every cell and wait for the last; not in Voila, which has done it."""
        self.page.evaluate(f"() => {{ {APP}.commands.execute('notebook:run-all-cells') }}")
        self.page.wait_for_function(HAS_RUN, timeout=RUN_MS)

    def outputs(self) -> list[list[dict[str, Any]]]:
        """The outputs of each code cell; not in Voila."""
        found: list[list[dict[str, Any]]] = self.page.evaluate(OUTPUTS)
        return found

    def errors(self) -> list[str]:
        """The exceptions that cells ended in; not in Voila."""
        flat = [output for cell in self.outputs() for output in cell]
        return [f"{o['ename']}: {o['evalue']}" for o in flat if o["output_type"] == "error"]


def write_notebook(server: Server, name: str, *cells: str | nbformat.NotebookNode) -> str:
    """Write a notebook where a server finds it; a string is a code cell."""
    made = [nbformat.v4.new_code_cell(c) if isinstance(c, str) else c for c in cells]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernelspec})
    path = server.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return name


def forget_answers(server: Server, notebook: str) -> None:
    """Take away what others have answered in a notebook, so that a reader begins anew.

    A second wrong answer, for one, is followed by another question.
    """
    for kept in server.root.glob(f"{notebook}.answers*"):
        kept.unlink()


def open_notebook(
    page: Page, server: Server, notebook: str | Path, *, run_all: bool = True
) -> OpenNotebook:
    """Open a notebook and, unless told otherwise, run all of it.

    A name is that of a notebook in the server's folder; a path is that of a
    notebook elsewhere, of which the server gets a copy.
    """
    if isinstance(notebook, Path):
        shutil.copy(notebook, server.root / notebook.name)
        notebook = notebook.name
    opened = OpenNotebook(page, server, notebook)
    log_of(page).servers.append(server)
    page.goto(server.page_url(notebook), timeout=LOAD_MS)
    if server.kind == "voila":
        # Voila has run every cell by the time it sends the page; then it connects.
        traffic(page).wait_for(lambda: traffic(page).since(0, "kernel_info_reply"), RUN_MS / 1000)
        return opened
    page.wait_for_function(IS_READY, timeout=LOAD_MS)
    if run_all:
        opened.run_all()
    return opened
