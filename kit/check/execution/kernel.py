"""The kernel of a notebook: nbval's, but it is seen when it dies, and nothing it says is lost."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.kernelspec import NoSuchKernel
from nbval.kernel import RunningKernel

from kit.check.execution import probing
from kit.check.execution.kernel_failures import KernelDied, NotStarted, TookTooLong, how_it_ended
from kit.check.execution.starting import is_python, start
from kit.check.execution.telling import plain, short
from kit.check.execution.troubles import CellOwner, Message, Owner, exception
from kit.check.notebooks import Cell
from kit.check.patience import Patience

ANSWER = "application/vnd.kit.answer"
"""How its answers are displayed: nothing that a notebook changes about texts changes them."""
SLICE = 0.5
"""Seconds after which a silent kernel is looked at: does it live?"""
GRACE = 3.0
"""Seconds in which an interrupted kernel must stop what it does."""
LAST_WORDS = 50
"""Lines of what a kernel wrote to its terminal that are shown when it has died."""
VIEW = "application/vnd.jupyter.widget-view+json"
"""How a widget is displayed."""
DISPLAYS = ("display_data", "execute_result", "update_display_data")
UNKNOWN_TO_NBVAL = ("clear_output", "update_display_data", "debug_event", "display_data_update")


@dataclass
class Request:
    """Something the kernel was asked to do, with the messages it led to.

    Attributes
    ----------
    owner : Owner
        Who is to be told.
    messages : list of Message
        Those of its iopub channel that nobody has judged yet.
    judged : bool
        Whether they were judged once; what comes afterwards is late.
    kept : list of Message
        All of them, if they are to be kept.
    """

    owner: Owner
    messages: list[Message] = field(default_factory=list)
    judged: bool = False
    kept: list[Message] = field(default_factory=list)

    def take(self) -> list[Message]:
        """Return the messages that came since this was last asked."""
        taken, self.messages, self.judged = self.messages, [], True
        return taken


class Kernel(RunningKernel):
    """A running kernel.

    Parameters
    ----------
    name : str
        Of its kernel specification.
    folder : Path
        Where it runs.
    startup_seconds, cell_seconds : float
        How long it may take to start, and to do one thing.
    temporary : Path, optional
        Where to keep the files of its connection; where such files are usually kept, if not
        given.

    Attributes
    ----------
    requests : dict of str to Request
        Everything that was asked of it, by the ids of the messages.
    current : Request
        What messages belong to that name no other.
    aside : Request
        What came of questions, which is nobody's fault but that of something before.
    begun : list of Request
        All that were begun.
    reply : dict
        The content of the reply to the last cell.
    made : dict of str to Owner
        The widgets on the page by their model ids, with who made them.
    shown : set of str
        The model ids of the widgets that were displayed.
    keeping : bool
        Whether what cells lead to is kept when it has been judged.
    changed : bool
        Whether what a person can operate may have changed since this was set to False.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        startup_seconds: float,
        cell_seconds: float,
        temporary: Path | None = None,
    ) -> None:
        self.cell_seconds = cell_seconds
        self.current = Request(CellOwner(None))
        self.aside = Request(CellOwner(None))
        self.begun: list[Request] = []
        self.requests: dict[str, Request] = {}
        self.keeping = False
        self.made: dict[str, Owner] = {}
        self.shown: set[str] = set()
        self.changed = True
        self.reply: dict[str, Any] = {}
        self._replies: dict[str, dict[str, Any]] = {}
        self._idle: set[str] = set()
        self._unread: deque[Message] = deque()
        self._exit_code: int | None = None
        self._home = tempfile.TemporaryDirectory(
            prefix="kernel-", dir=temporary, ignore_cleanup_errors=True
        )
        home = Path(self._home.name)
        self._log = (home / "log.txt").open("w+b")
        try:
            self.km, self.kc = start(
                name, folder, home=home, log=self._log, seconds=startup_seconds
            )
            self.is_python = is_python(self.km)
            self._poller = zmq.Poller()
            for channel in (self.kc.iopub_channel, self.kc.shell_channel):
                self._poller.register(channel.socket, zmq.POLLIN)
            self._ensure_iopub_up()
            self._install_probe()
        except NoSuchKernel:
            self.stop()
            remedy = "run `kit clean` on the notebook, which sets the kernel python3"
            raise NotStarted(f"there is no kernel {name!r} here", remedy) from None
        except (OSError, RuntimeError, KernelDied, TookTooLong) as error:
            self.stop()
            found = f"the kernel does not start: {short(str(error))}"
            raise NotStarted(found, "look whether ipykernel is installed where it runs") from error

    # -- what nbval calls ---------------------------------------------------------------

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Send a cell; unlike nbval with a history, so that ``_`` and ``Out`` work as in Lab."""
        self._unread.clear()
        message: str = self.kc.execute(
            cell_input, store_history=True, allow_stdin=bool(allow_stdin), stop_on_error=False
        )
        self.requests[message] = self.current
        return message

    def await_reply(self, msg_id: str, timeout: float | None = None) -> None:
        """Wait for the reply to a message.

        Raises
        ------
        TookTooLong, KernelDied
        """
        seconds = self.cell_seconds if timeout is None else timeout
        if not self._wait(lambda: msg_id in self._replies, seconds):
            self._stop_long(msg_id, seconds)
        self.reply = self._replies.pop(msg_id)["content"]

    def await_idle(self, parent_id: str, timeout: float) -> None:
        """Wait until everything has come that a message led to; raise Empty if it does not."""
        if not self._wait(lambda: parent_id in self._idle, timeout):
            raise Empty

    def get_message(self, stream: str, timeout: float | None = None) -> Message:
        """Return the next message of a cell; raise Empty if there is none in time."""
        if stream != "iopub":
            return super().get_message(stream, timeout)  # type: ignore[no-any-return]
        seconds = self.cell_seconds if timeout is None else timeout
        if not self._wait(lambda: bool(self._unread), seconds):
            raise Empty
        return self._unread.popleft()

    def stop(self) -> None:
        """Stop the process, if it still runs, and everything that was opened for it."""
        if hasattr(self, "km"):
            super().stop()
        self._log.close()
        self._home.cleanup()

    # -- what the items of the kit call -------------------------------------------------

    def begin(self, owner: Owner) -> Request:
        """Let what follows belong to somebody."""
        self.current = Request(owner)
        self.begun.append(self.current)
        return self.current

    def run(self, source: str) -> None:
        """Run some code, wait until it is over, and keep what it leads to.

        Raises
        ------
        TookTooLong, KernelDied
        """
        msg_id = self.execute_cell_input(source)
        self.await_reply(msg_id)
        self.finish(msg_id)

    def say(self, comm: str, data: dict[str, Any]) -> None:
        """Send what a page sends when a person operates a widget, and wait until it is done.

        Raises
        ------
        TookTooLong, KernelDied
        """
        message = self.kc.session.msg("comm_msg", {"comm_id": comm, "data": data})
        msg_id = message["header"]["msg_id"]
        self.requests[msg_id] = self.current
        self.kc.shell_channel.send(message)
        self.finish(msg_id)

    def finish(self, msg_id: str) -> None:
        """Wait until the kernel has done everything that a message asked for.

        Raises
        ------
        TookTooLong, KernelDied
        """
        if not self._wait(lambda: msg_id in self._idle, self.cell_seconds):
            self._stop_long(msg_id, self.cell_seconds)

    def ask(self, question: str, *arguments: object) -> Any:
        """Return the answer of the probe to a question; None if this is no kernel for Python.

        Raises
        ------
        TookTooLong, KernelDied
        """
        if not self.is_python:
            return None
        answer = self._evaluate(probing.question(question, *arguments))
        return json.loads(answer[ANSWER])

    def cell_of(self, widget: str) -> Cell | None:
        """Return the cell in which a widget was made, or what made it; None if not known."""
        owner = self.made.get(widget)
        return owner.cell if owner else None

    def patience(self, seconds: float = 0.0) -> Patience:
        """Return a clock of so many seconds that rests while the kernel has no core."""
        provisioner = getattr(self.km, "provisioner", None) if hasattr(self, "km") else None
        return Patience(seconds, getattr(provisioner, "pid", None))

    def drain(self) -> None:
        """Take what has come in, without waiting."""
        while self._receive(0):
            pass

    def death(self) -> KernelDied:
        """Return how the process has ended."""
        code = self._exit_code
        if hasattr(self, "km"):
            process = getattr(self.km.provisioner, "process", None)
            code = self._exit_code = getattr(process, "returncode", None)
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").splitlines()[-LAST_WORDS:]
        own = [line for line in lines if not line.startswith("[IPKernelApp]")]
        return KernelDied(how_it_ended(code), "\n".join(own))

    # -- inside -------------------------------------------------------------------------

    def _install_probe(self) -> None:
        if self.is_python:
            for expression in probing.INSTALL:
                self._evaluate(expression)
            self.ask("watch_commands")
            self.ask("watch_threads")

    def _evaluate(self, expression: str) -> dict[str, Any]:
        """Return what an expression displays; the names of the user stay as they are."""
        msg_id = self.kc.execute(
            "",
            silent=True,
            store_history=False,
            user_expressions={"answer": expression},
            allow_stdin=False,
            stop_on_error=False,
        )
        # A task that is collected just now, for instance, complains to whoever asks.
        self.requests[msg_id] = self.aside
        reply = self.reply
        self.await_reply(msg_id)
        answer, self.reply = self.reply["user_expressions"]["answer"], reply
        if answer["status"] != "ok":
            raise RuntimeError(plain("\n".join(answer["traceback"])))
        self.finish(msg_id)
        data: dict[str, Any] = answer["data"]
        return data

    def _wait(self, done: Callable[[], bool], seconds: float) -> bool:
        """Take messages until something is so; whether it was so in time."""
        patience = self.patience(seconds)
        while not done():
            left = patience.left
            if left <= 0:
                return False
            if not self._receive(min(SLICE, left)) and not self.is_alive():
                self.drain()
                if not done():
                    raise self.death()
        return True

    def _receive(self, seconds: float) -> bool:
        """Take all messages that are there, waiting for the first; whether there was any."""
        # Both channels, always: zmq drops what nobody takes when a cell says very much.
        if not self._poller.poll(round(seconds * 1000)):
            return False
        while self.kc.iopub_channel.msg_ready():
            self._keep(self.kc.iopub_channel.get_msg(timeout=0))
        while self.kc.shell_channel.msg_ready():
            reply = self.kc.shell_channel.get_msg(timeout=0)
            self._replies[reply["parent_header"].get("msg_id", "")] = reply
        return True

    def _keep(self, message: Message) -> None:
        parent = message["parent_header"].get("msg_id", "")
        kind, content = message["msg_type"], message["content"]
        request = self.requests.get(parent, self.current)
        if kind == "status":
            if content["execution_state"] == "idle":
                self._idle.add(parent)
        else:
            request.messages.append({**message, "buffers": []})
            if self.keeping:
                request.kept.append(request.messages[-1])
        if kind == "comm_open":
            self.made[content["comm_id"]] = request.owner
        self.shown.update(_displayed(kind, content))
        self.changed = self.changed or _changes_controls(kind, content)
        if kind not in UNKNOWN_TO_NBVAL:
            self._unread.append(message)

    def _stop_long(self, msg_id: str, seconds: float) -> None:
        """Interrupt what takes too long, and kill the kernel if that does not help."""
        self.interrupt()
        ended = False
        with contextlib.suppress(KernelDied):
            ended = self._wait(lambda: msg_id in self._idle, GRACE)
        errors = [m for m in self.current.take() if m["msg_type"] == "error"]
        details = exception(errors[-1]["content"]).details if errors else ""
        if not ended:
            self.stop()
        raise TookTooLong(seconds, not ended, details)


_CONTROLS = {
    *("children", "display", "visibility", "disabled", "_options_labels", "options"),
    *("min", "max", "selected_index", "choices"),
}
"""Traits that decide what a person can do."""


def _displayed(kind: str, content: dict[str, Any]) -> Iterator[str]:
    """Yield the widgets that a message shows, also one that an output widget keeps."""
    outputs = [content] if kind in DISPLAYS else []
    if kind == "comm_msg":
        outputs = content["data"].get("state", {}).get("outputs") or []
    for output in outputs:
        view = output.get("data", {}).get(VIEW)
        if isinstance(view, dict):
            yield str(view.get("model_id"))


def _changes_controls(kind: str, content: dict[str, Any]) -> bool:
    if kind in ("comm_open", "comm_close"):
        return True
    return kind == "comm_msg" and not _CONTROLS.isdisjoint(content["data"].get("state", ()))
