"""The kernel in the page: runs a lesson's cells in the browser's Python, and carries messages.

This file goes into the site by itself, beside the kit and the pure libraries of its widgets; it
is no part of what `kit build` runs. It knows neither the page nor the worker: it is given a
function that posts messages, and its own functions are called.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import comm
from comm.base_comm import BaseComm

Post = Callable[[str, list[memoryview]], object]
"""Takes a message as JSON, and its buffers."""

AUTHOR = "lesson"
"""What tracebacks call the file of a cell."""
IMPORTED = ("kit.widgets", "kit.explore", "kit.scenarios")
"""What lessons import."""
LONGEST = 300

_MAGIC = re.compile(r"\s*%%(\w+)[ \t]*([^\n]*)\n")


class Kernel:
    """Runs cells, and is the other end of the comms of the page's widgets.

    Ids of models are counted: those that a cell makes are called after it, so that they are the
    same whenever and wherever the cell is run; see `kit.authoring.site.identities`.

    Parameters
    ----------
    post : callable
        Takes each message for the page.
    generation : int
        Which kernel of this page it is, so that what is made later has ids of its own.
    """

    def __init__(self, post: Post, generation: int = 1) -> None:
        self.connect(post, generation)
        self._parent = 0
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.magics: dict[str, Callable[[str, str], object]] = {}
        self.shown: list[str] = []

    def connect(self, post: Post, generation: int) -> None:
        """Tell somebody else from now on; see the parameters of the class."""
        self._post, self._prefix, self._count = post, f"live{generation}", 0

    def post(self, kind: str, buffers: Sequence[Any] = (), **told: Any) -> None:
        """Tell the page something, with the number of the message that it answers."""
        text = _as_json({"kind": kind, "parent": self._parent, **told})
        self._post(text, [memoryview(one).cast("B") for one in buffers])

    def next_id(self) -> str:
        """Return the id of the next model."""
        self._count += 1
        return f"{self._prefix}-{self._count}"

    @contextmanager
    def _counted_as(self, prefix: str) -> Iterator[None]:
        kept = self._prefix, self._count
        self._prefix, self._count = prefix, 0
        try:
            yield
        finally:
            self._prefix, self._count = kept

    def run(self, number: int, source: str) -> str:
        """Run a cell, and return why it could not be run, in a line; empty if it could.

        Parameters
        ----------
        number : int
            Its place in the notebook.
        source : str
        """
        self.shown = []
        with self._counted_as(f"c{number}"):
            try:
                self._execute(source, f"<{AUTHOR} {number}>")
            except BaseException as error:  # noqa: BLE001 - a cell may do anything
                return in_a_line(error)
        return ""

    def _execute(self, source: str, name: str) -> None:
        magic = _MAGIC.match(source)
        if magic and magic[1] in self.magics:
            self.magics[magic[1]](magic[2].strip(), source[magic.end() :])
            return
        body = ast.parse(source, name).body
        last = body[-1] if body and not source.rstrip().endswith(";") else None
        for statement in body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                self._import(statement, name)
            elif statement is last and isinstance(statement, ast.Expr):
                value = eval(compile(ast.Expression(statement.value), name, "eval"), self.names)  # noqa: S307
                self.show(value)
            else:
                exec(compile(ast.Module([statement], []), name, "exec"), self.names)  # noqa: S102

    def _import(self, statement: ast.Import | ast.ImportFrom, name: str) -> None:
        """Import something; what is not there in a page stands for itself until it is used."""
        try:
            exec(compile(ast.Module([statement], []), name, "exec"), self.names)  # noqa: S102
        except ImportError as error:
            for one in statement.names:
                known = one.asname or one.name.partition(".")[0]
                self.names[known] = _Missing(error.name or one.name)

    def show(self, *values: Any) -> None:
        """Note which widgets a cell displays."""
        self.shown += [one.model_id for one in values if getattr(one, "comm", None) is not None]

    def take(self, text: str, buffers: Sequence[bytes] = ()) -> None:
        """Take a message of the page for one of the widgets.

        Parameters
        ----------
        text : str
            JSON: ``number``, ``id`` and ``data``.
        buffers : sequence of bytes
        """
        message = json.loads(text)
        self._parent = message["number"]
        one = comm.get_comm_manager().get_comm(message["id"])
        try:
            if one is not None:
                content = {"comm_id": message["id"], "data": message["data"]}
                one.handle_msg({"content": content, "buffers": [memoryview(b) for b in buffers]})
        except BaseException as error:  # noqa: BLE001 - what a user wrote may do anything
            self.post("failed", error=in_a_line(error))
        finally:
            self.post("idle")
            self._parent = 0


class _Missing:
    """Stands for a module that is not there in a page."""

    def __init__(self, name: str) -> None:
        self.__dict__["_name"] = name

    def __getattr__(self, name: str) -> Any:
        raise ImportError(f"{self._name} is not there in a page")

    def __call__(self, *_arguments: Any, **_named: Any) -> Any:
        raise ImportError(f"{self._name} is not there in a page")


def in_a_line(error: BaseException) -> str:
    """Return an error in a line."""
    text = " ".join(str(error).split())
    name = type(error).__name__
    return (f"{name}: {text}" if text else name)[:LONGEST]


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False)
    except ValueError:
        return json.dumps(_without_nan(value), ensure_ascii=False)


def _without_nan(value: Any) -> Any:
    """Return what JSON can say of a value: None for what is no number."""
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {name: _without_nan(one) for name, one in value.items()}
    return [_without_nan(one) for one in value] if isinstance(value, list | tuple) else value


class Shell:
    """What stands in IPython's place: it tells of errors in callbacks, and keeps cell magics.

    Parameters
    ----------
    kernel : Kernel
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        # A comm tells before and after each message.
        self.events = types.SimpleNamespace(trigger=lambda *_: None)

    def register_magic_function(
        self, function: Callable[[str, str], object], _kind: str, name: str
    ) -> None:
        """Let cells begin with a magic."""
        self._kernel.magics[name] = function

    def push(self, names: dict[str, Any]) -> None:
        """Bind names of the lesson."""
        self._kernel.names.update(names)

    def showtraceback(self, *_arguments: Any, **_named: Any) -> None:
        """Tell of the error that is being handled."""
        error = sys.exc_info()[1]
        if error is not None:
            self._kernel.post("failed", error=in_a_line(error))


def stand_in(kernel: Kernel) -> None:
    """Put a small module in IPython's place: ipywidgets asks it for a shell, and displays.

    IPython itself would take longer to import than all widgets, for a shell that a page has not.

    Parameters
    ----------
    kernel : Kernel
        It is told what is displayed, and of errors in callbacks.
    """
    asked = Shell(kernel)
    shell = type("InteractiveShell", (), {"initialized": staticmethod(lambda: False)})
    parts: dict[str, dict[str, Any]] = {
        "IPython": {"get_ipython": lambda: asked, "version_info": (9, 0), "__path__": []},
        "IPython.display": {
            "display": lambda *values, **_: kernel.show(*values),
            "clear_output": lambda *_, **__: None,
        },
        "IPython.core": {"__path__": []},
        "IPython.core.interactiveshell": {"InteractiveShell": shell},
    }
    for name, names in parts.items():
        module = types.ModuleType(name)
        vars(module).update(names)
        sys.modules[name] = module


def comms_of(kernel: Kernel) -> Callable[..., BaseComm]:
    """Return what makes a comm whose other end is in the page, with the next id.

    Parameters
    ----------
    kernel : Kernel
    """

    class PageComm(BaseComm):
        """A comm whose other end is in the page."""

        def publish_msg(
            self,
            msg_type: str,
            data: Any = None,
            metadata: Any = None,
            buffers: Any = None,
            **_keys: Any,
        ) -> None:
            kernel.post(
                msg_type, buffers or (), id=self.comm_id, data=data, metadata=metadata or {}
            )

    def create_comm(*arguments: Any, **named: Any) -> BaseComm:
        named["comm_id"] = named.get("comm_id") or kernel.next_id()
        return PageComm(*arguments, **named)

    return create_comm


def made_ready() -> Kernel:
    """Return a kernel with all that lessons import loaded, and nothing of a page in it.

    What Python has in its memory then is the same for all pages, so that it can be kept.
    """
    kernel = Kernel(lambda _text, _buffers: None)
    comm.create_comm = comms_of(kernel)
    stand_in(kernel)
    for name in IMPORTED:
        import_module(name)
    return kernel


def connect(kernel: Kernel, post: Post, answers: str, text: str = "", generation: int = 1) -> None:
    """Let a kernel that is ready carry the messages of all widgets of a page.

    Parameters
    ----------
    kernel : Kernel
    post : callable
        Takes each message for the page.
    answers : str
        Path of the file in which the kit keeps answers.
    text : str
        What the page has kept in it.
    generation : int
        See `Kernel`.
    """
    kernel.connect(post, generation)
    folder = os.path.dirname(answers)  # noqa: PTH120
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    os.chdir(folder)
    os.environ["KIT_ANSWERS"] = answers
    if text:
        with open(answers, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(text)


def watch_answers(kernel: Kernel) -> None:
    """Tell the page of every answer that is given.

    Parameters
    ----------
    kernel : Kernel
    """
    from kit.answering.notebook import store  # noqa: PLC0415 - the kit is loaded by then

    answers = store()
    answers.watchers.append(lambda: kernel.post("answers", text=answers.answers_file.text()))
