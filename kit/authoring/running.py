"""Running a lesson, and asking it what it asks: one way for storing, building, coverage, grading.

`kit check` has an engine of its own, nbval, because it judges each cell; which kernel and which
cells are run both ask in `kit.check`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat.v4 import new_code_cell

from kit.check.execution.kernel_failures import how_it_ended
from kit.check.execution.probing import told_in
from kit.check.execution.telling import short
from kit.check.kernels import OPTIONS, PRESENT, PresentKernelManager, environment
from kit.check.notebooks import MAY_RAISE, Cell
from kit.check.settings import Settings
from kit.errors import KitError

WIDGETS = "jupyter.widget"
"""What the comms of widgets are for."""
RECORDED = {"KIT_REAL_MACHINE": "recorded"}
"""On pages, in what is stored and in grading, looks at a real machine are recordings."""
GRACE = 3
"""Seconds in which an interrupted kernel must stop what it does."""


@dataclass(frozen=True)
class Opened:
    """A model that a cell has made.

    Attributes
    ----------
    cell : int
        Place of the cell in the notebook, from 0.
    id : str
        As ipywidgets has made it.
    model : str
        Name of the model, such as "IntSliderModel".
    """

    cell: int
    id: str
    model: str


class CellFailed(KitError):  # noqa: N818 - it is the cell that did
    """A cell has raised an exception.

    Attributes
    ----------
    number : int
        Which cell, all counted from 1.
    said : str
        The exception in a line.
    """

    def __init__(self, path: Path, number: int, said: str) -> None:
        super().__init__(f"{path}: a cell fails: {said}; mend it")
        self.number, self.said = number, said


class KernelDied(KitError):  # noqa: N818 - the kernel did
    """The kernel has ended.

    Attributes
    ----------
    how : str
        Its exit code or signal in words.
    """

    def __init__(self, path: Path, how: str) -> None:
        super().__init__(f"{path}: its kernel died ({how}); run `kit check` on it")
        self.how = how


class TookTooLong(KitError):  # noqa: N818 - the cell did
    """A cell, or an answer, did not come to its end in time, and was interrupted.

    Attributes
    ----------
    seconds : int
        How long it was given.
    """

    def __init__(self, path: Path, seconds: int) -> None:
        super().__init__(f"{path}: a cell takes longer than {seconds} s; make it quicker")
        self.seconds = seconds


class Running:
    """A notebook, run from top to bottom in a kernel that stays open; a context manager.

    Parameters
    ----------
    content : NotebookNode
        See `kit.check.runnable.executable`. Its outputs are filled in.
    path : Path
        Where it is; its folder is where it runs, and errors name it.

    Attributes
    ----------
    cell_seconds : int
        How long a cell, or an answer, may take.
    is_alive : bool
        Whether it can still be asked.
    opened : list of Opened
        The models of widgets that cells have made, in their order.

    Raises
    ------
    KitError
        If a cell fails, takes too long or ends the kernel, or no kernel can be started; raised
        on entering.
    """

    def __init__(self, content: nbformat.NotebookNode, path: Path) -> None:
        self.content, self.path = content, path
        self.cell_seconds: int = Settings.near(path).cell_seconds
        self.is_alive = False
        self.opened: list[Opened] = []

    def __enter__(self) -> Running:
        self.start()
        return self

    def start(self) -> None:
        """Start the kernel and run the notebook in it."""
        self._home = tempfile.TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True)
        self._manager = PresentKernelManager(kernel_name=PRESENT)
        self._client = _Client(
            self.content,
            self._manager,
            coalesce_streams=True,  # what is printed arrives in pieces, in other ones each time
            resources={"metadata": {"path": str(self.path.resolve().parent)}},
            # Its warning about its own sockets is nothing that a teacher could mend.
            extra_arguments=["--IPKernelApp.log_level=ERROR", *OPTIONS],
            on_cell_executed=self._check_end,
        )
        self._client.opened = self.opened
        self.is_alive = True
        try:
            self._do(lambda: self._client.execute(env=environment() | RECORDED))
        except BaseException:
            self.stop()
            raise

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the kernel."""
        self.is_alive = False
        if self._client.kc is not None:
            self._client.kc.stop_channels()
        if self._manager.has_kernel:
            run_sync(self._manager.shutdown_kernel)(now=True)
        self._home.cleanup()

    def ask(self, question: str, *arguments: str) -> Any:
        """Return what a function of the probe tells in the kernel, as its widgets say.

        Raises
        ------
        KitError
            If it fails, takes too long, or ends the kernel.
        """
        file = Path(self._home.name) / "told.json"
        file.unlink(missing_ok=True)
        try:
            self._do(lambda: self._execute(told_in(file, question, *arguments)))
        except CellFailed as error:
            raise KitError(f"{self.path} could not be asked: {error.said}") from None
        except TookTooLong:
            self._interrupt()
            raise
        return json.loads(file.read_text(encoding="utf-8"))

    def written(self, source: str) -> str:
        """Return what code writes to a file in the kernel.

        Parameters
        ----------
        source : str
            With ``{path!r}`` where it names the file.

        Raises
        ------
        KitError
            If it fails, takes too long, or ends the kernel.
        """
        file = Path(self._home.name) / "written.txt"
        file.unlink(missing_ok=True)
        self._do(lambda: self._execute(source.format(path=str(file))))
        return file.read_text(encoding="utf-8")

    def _execute(self, source: str) -> None:
        cells = self.content.cells
        cells.append(new_code_cell(source))
        try:
            self._client.execute_cell(cells[-1], len(cells) - 1, store_history=False)
        finally:
            cells.pop()

    def _do(self, what: Callable[[], object]) -> None:
        """Let the kernel do something, and tell in a sentence why it did not come to its end."""
        self._client.timeout = self.cell_seconds
        try:
            what()
        except CellExecutionError as error:
            said = short(f"{error.ename}: {error.evalue}")
            raise CellFailed(self.path, self._client.number, said) from None
        except (CellTimeoutError, TimeoutError):
            raise TookTooLong(self.path, self.cell_seconds) from None
        except (DeadKernelError, RuntimeError):
            how = how_it_ended(self._exit_code())
            self.stop()
            raise KernelDied(self.path, how) from None

    def _check_end(self, execute_reply: dict[str, Any], **_others: Any) -> None:
        """Refuse a cell that ends its kernel, as ``exit()`` does."""
        payload = execute_reply["content"].get("payload", ())
        if any(one.get("source") == "ask_exit" for one in payload):
            number = self._client.number
            raise KitError(f"{self.path} ends its kernel in cell {number}; see: kit check")

    def _interrupt(self) -> None:
        run_sync(self._manager.interrupt_kernel)()
        self._client.timeout = GRACE
        try:
            self._execute("pass")
        except (CellTimeoutError, TimeoutError, DeadKernelError, RuntimeError):
            self.stop()

    def _exit_code(self) -> int | None:
        provisioner = self._manager.provisioner
        code: int | None = run_sync(provisioner.poll)() if provisioner else None
        return code


def run(content: nbformat.NotebookNode, path: Path) -> None:
    """Run a notebook from top to bottom, and fill in its outputs; see `Running`."""
    with Running(content, path):
        pass


class _Client(NotebookClient):
    """Runs of a notebook what is to be run.

    Attributes
    ----------
    number : int
        Of the cell that is run, all counted from 1.
    """

    number = 0
    opened: list[Opened]

    def handle_comm_msg(self, outs: list[Any], msg: dict[str, Any], cell_index: int) -> None:
        """Note which models a cell makes."""
        if msg["msg_type"] == "comm_open" and msg["content"].get("target_name") == WIDGETS:
            state = msg["content"]["data"].get("state", {})
            name = str(state.get("_model_name", ""))
            self.opened.append(Opened(cell_index, msg["content"]["comm_id"], name))
        super().handle_comm_msg(outs, msg, cell_index)

    async def async_execute_cell(
        self, cell: Any, cell_index: int, *arguments: Any, **options: Any
    ) -> Any:
        """Run a cell, unless it is skipped; nbclient knows one tag for each, and no comment."""
        self.number, stored = cell_index + 1, Cell(cell_index + 1, cell)
        if stored.is_skipped:
            return cell
        tags = cell.metadata.get("tags")
        if stored.may_raise:
            cell.metadata["tags"] = [*stored.tags, MAY_RAISE]
        try:
            return await super().async_execute_cell(cell, cell_index, *arguments, **options)
        finally:
            if stored.may_raise:
                cell.metadata["tags"] = tags
                if tags is None:
                    del cell.metadata["tags"]
