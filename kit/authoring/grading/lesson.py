"""A lesson that has been run, and can be asked what is right."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from kit.check.execution.ends import KernelDied, NotStarted, TookTooLong
from kit.check.execution.kernel import Kernel
from kit.check.execution.rules import short
from kit.check.execution.troubles import CellOwner
from kit.check.kernels import PRESENT
from kit.check.notebooks import Cell, Notebook
from kit.check.settings import Settings
from kit.errors import KitError
from kit.quiz.question import makes

STARTUP_SECONDS = 60
_CALL = (
    "__import__('pathlib').Path({file!r}).write_text("
    "__import__('kit.answering.notebook', fromlist=['notebook']).{call}, encoding='utf-8')"
)


@dataclass(frozen=True)
class Asked:
    """A question or an exercise of a lesson.

    Attributes
    ----------
    key, kind, prompt : str
    form : str
        Of a question: "one", "several", "order" or "mark".
    choices : tuple of str
    right : tuple of int
        Places of the choices that make the right answer.
    """

    key: str
    kind: str
    prompt: str
    form: str = ""
    choices: tuple[str, ...] = ()
    right: tuple[int, ...] = ()

    @classmethod
    def of(cls, told: dict[str, Any]) -> Asked:
        """Return what a kernel has told of one."""
        lists = {name: tuple(told.get(name, ())) for name in ("choices", "right")}
        return cls(told["key"], told["kind"], told["prompt"], told.get("form", ""), **lists)

    def is_right(self, chosen: Sequence[int]) -> bool:
        """Tell whether the chosen places are the right answer."""
        return makes(self.form, self.right, chosen)


class Lesson:
    """A notebook, run from top to bottom in a kernel that stays open; a context manager.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    path : Path
    asked : list of Asked
        What it asks, in order.

    Raises
    ------
    KitError
        If it cannot be read, or does not run; raised on entering.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: list[Asked] = []
        self._kernel: Kernel | None = None
        self._judged: dict[tuple[str, str], tuple[bool, str]] = {}

    def __enter__(self) -> Lesson:
        self._stored = Notebook.read(self.path)
        self._seconds = Settings.near(self.path).cell_seconds
        self._home = tempfile.TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True)
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        self._stop()
        self._home.cleanup()

    def judge(self, key: str, text: str) -> tuple[bool, str]:
        """Check a program by an exercise of this lesson.

        Returns
        -------
        bool
            Whether it passes.
        str
            What is wrong, in words.
        """
        if (key, text) not in self._judged:
            self._judged[key, text] = self._judge(key, text)
        return self._judged[key, text]

    def rest(self) -> None:
        """End the kernel; it is started and the notebook is run again when `judge` needs it."""
        self._stop()

    # -- inside -------------------------------------------------------------------------

    def _judge(self, key: str, text: str) -> tuple[bool, str]:
        file = Path(self._home.name) / "texts.json"
        file.write_text(json.dumps([{"key": key, "text": text}]), encoding="utf-8")
        call = f"regrade(__import__('pathlib').Path({str(file)!r}).read_text(encoding='utf-8'))"
        try:
            if self._kernel is None:
                self._start()
            (told,) = self._call(call)
        except TookTooLong as late:
            if late.killed:
                self._stop()
            return False, f"the check did not end within {late.seconds:g} s"
        except KernelDied as death:
            self._stop()
            return False, f"the kernel died while it was checked ({death.how})"
        except KitError as error:
            return False, str(error)
        return bool(told["passed"]), " ".join(map(str, told["messages"]))

    def _start(self) -> None:
        try:
            self._run_all()
        except NotStarted as error:
            raise KitError(f"{self.path}: {error}") from None
        except (KernelDied, TookTooLong) as error:
            self._stop()
            raise KitError(f"{self.path} does not run: {error}; see: kit check") from None
        except KitError:
            self._stop()
            raise

    def _run_all(self) -> None:
        self._kernel = Kernel(
            PRESENT,
            self.path.resolve().parent,
            startup_seconds=STARTUP_SECONDS,
            cell_seconds=self._seconds,
        )
        for cell in self._stored.run:
            self._run(cell)
        self.asked = [Asked.of(told) for told in self._call("asked()")]

    def _run(self, cell: Cell) -> None:
        kernel = self._kernel
        assert kernel is not None
        request = kernel.begin(CellOwner(cell))
        kernel.run(cell.source)
        request.take()
        if any(one.get("source") == "ask_exit" for one in kernel.reply.get("payload", ())):
            raise KitError(f"{self.path} ends its kernel in cell {cell.number}; see: kit check")
        if kernel.reply["status"] != "ok" and not cell.may_raise:
            told = short(f"{kernel.reply.get('ename')}: {kernel.reply.get('evalue')}")
            raise KitError(f"{self.path} stops at cell {cell.number}: {told}; see: kit check")

    def _call(self, call: str) -> Any:
        """Return what a function of `kit.answering.notebook` returns in the kernel.

        It comes by a file: a notebook can change what is displayed, and how.
        """
        kernel = self._kernel
        assert kernel is not None
        file = Path(self._home.name) / "result.json"
        file.unlink(missing_ok=True)
        kernel.begin(CellOwner(None))
        kernel.run(_CALL.format(file=str(file), call=call))
        if kernel.reply["status"] != "ok":
            told = short(f"{kernel.reply.get('ename')}: {kernel.reply.get('evalue')}")
            raise KitError(f"{self.path} could not be asked: {told}")
        return json.loads(file.read_text(encoding="utf-8"))

    def _stop(self) -> None:
        if self._kernel is not None:
            self._kernel.stop()
            self._kernel = None
