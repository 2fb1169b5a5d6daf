"""What looks around inside a kernel; the texts of this file and of the next are sent there.

It uses the standard library only, lives in a module of its own, and touches nothing that a
notebook sees: the user's names, the numbers of the cells and ``_`` stay as they are.
IPython and ipywidgets are looked at only where the notebook itself has loaded them.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import gc
import json
import linecache
import re
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.check.execution.probe_widgets import ABOUT_WIDGETS, failed_runs

Description = dict[str, Any]

KERNEL = re.compile(r"[\\/](ipykernel|IPython|zmq|tornado|jupyter_client|anyio)[\\/]")
"""Where code of the kernel itself stands, whose tasks are not the notebook's."""
_commands: list[tuple[str, int]] = []
_raised: list[Description] = []
_threads = set(threading.enumerate())
_lasting: set[int] = set()


class Answer:
    """What a function here returned, as the other side reads it."""

    def __init__(self, value: Any) -> None:
        self.text = json.dumps(value)

    def _repr_mimebundle_(self, **_kwargs: Any) -> dict[str, str]:
        return {"application/vnd.kit.answer": self.text}


def answer(question: str, arguments: str) -> Answer:
    """Answer a question of the other side: the name of a function here, and its arguments."""
    known = ANSWERS | ABOUT_WIDGETS
    return Answer(known[question](*json.loads(arguments)))


# -- commands of the shell -------------------------------------------------------------


def _shell() -> Any:
    return sys.modules["IPython"].get_ipython()


def watch_commands() -> None:
    """Note the exit code of every ``!command``.

    IPython leaves the code of the last one in ``_exit_code`` and that of ``x = !command``
    nowhere. What is wrapped are the two functions of IPython that run them: a wrapped
    method of the shell would look for the variables of a command in the wrong frame.
    """
    for name in ("ipykernel.zmqshell", "IPython.core.interactiveshell"):
        module = sys.modules.get(name)
        if callable(getattr(module, "system", None)):
            module.system = _noting(module.system)  # type: ignore[union-attr]
    common = sys.modules.get("IPython.utils._process_common")
    core = sys.modules.get("IPython.core.interactiveshell")
    if common is not None and core is not None and core.getoutput is common.getoutput:
        core.getoutput = _output_of  # type: ignore[attr-defined]


def _noting(system: Callable[[str], Any]) -> Callable[[str], Any]:
    def noting(command: str) -> Any:
        code = system(command)
        if code:
            _commands.append((command, int(code)))
        return code

    return noting


def _output_of(command: str) -> str:
    """Do what IPython's ``getoutput`` does, but note the exit code."""
    common = sys.modules["IPython.utils._process_common"]
    found = common.process_handler(
        command, lambda process: (process.communicate()[0], process), subprocess.STDOUT
    )
    if found is None:
        return ""
    output, process = found
    if process.returncode:
        _commands.append((command, process.returncode))
    return str(output.decode(common.DEFAULT_ENCODING, "replace"))


# -- what goes on beside ----------------------------------------------------------------


def watch_threads() -> None:
    """Note every exception in a thread, which otherwise is only printed, line by line."""
    threading.excepthook = _note_raised
    with contextlib.suppress(OSError):  # where a crash in C happened is told to the terminal
        faulthandler.enable(sys.stderr.fileno(), all_threads=False)


def _note_raised(raised: threading.ExceptHookArgs) -> None:
    error = raised.exc_value
    if error is not None and not isinstance(error, SystemExit):
        _raised.append(described(error))


def described(error: BaseException) -> Description:
    """Return an error in a line, and with all that Python says of it."""
    details = "".join(traceback.format_exception(error))
    return {"text": f"{type(error).__name__}: {error}", "details": details}


def after() -> Description:
    """Return what there is to know after a cell, or after a gesture."""
    busy = len(_busy())  # first: whoever ends meanwhile has been told of when it is asked again
    return {
        "busy": busy,
        "commands": _taken(_commands),
        "raised": _taken(_raised),
        "failed": failed_runs(),
    }


def _taken(told: list[Any]) -> list[Any]:
    """Take out what is in a list now; threads may append meanwhile."""
    return [told.pop(0) for _ in range(len(told))]


def _busy() -> list[int]:
    """Return the threads and tasks that were started here and still run."""
    threads = [id(one) for one in threading.enumerate() if one not in _threads]
    try:
        tasks = [id(task) for task in asyncio.all_tasks() if not _is_kernels(task)]
    except RuntimeError:  # this kernel has no loop
        tasks = []
    return [one for one in threads + tasks if one not in _lasting]


def _is_kernels(task: asyncio.Task[Any]) -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    return code is None or KERNEL.search(code.co_filename) is not None


def accept_busy() -> None:
    """Take what runs now for something that is meant to last, and wait for it no more."""
    _lasting.update(_busy())


def unretrieved() -> list[Description]:
    """Return the exceptions of tasks and futures that nobody has asked for; once each."""
    gc.collect()
    found = []
    for one in gc.get_objects():
        if isinstance(one, asyncio.Future) and getattr(one, "_log_traceback", False):
            error = one.exception()  # from now on asyncio takes it for retrieved
            if error is not None:
                found.append(described(error))
    return found


def sources(files: list[str]) -> list[str]:
    """Return the text of the cells that a traceback names by the files they are compiled as."""
    return ["".join(linecache.getlines(file)) for file in files]


def names_of(module: str) -> list[str]:
    """Return the names in a module that is loaded."""
    return [name for name in dir(sys.modules.get(module)) if not name.startswith("_")]


def memory() -> float:
    """Return the most memory this process ever held, in MB of 10**6 bytes; 0 if unknown."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would count what the parent held when it forked
        peak = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8"))
        return int(peak[1]) * 1024 / 1e6 if peak else 0.0
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return 0.0
    peak_rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_rss / 1e6 if sys.platform == "darwin" else peak_rss * 1024 / 1e6


# -- exercises --------------------------------------------------------------------------


def solved() -> Description:
    """Return what the variable ``solved`` holds."""
    names = _shell().user_ns
    if "solved" not in names:
        return {"known": False, "value": None, "text": ""}
    value = names["solved"]
    truth = bool(value) if type(value).__name__ in ("bool", "bool_") else None
    return {"known": True, "value": truth, "text": repr(value)[:80]}


def forget_solved() -> None:
    """Take the variable ``solved`` away, so that an old answer is not taken for a new one."""
    _shell().user_ns.pop("solved", None)


ANSWERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        accept_busy,
        after,
        forget_solved,
        memory,
        names_of,
        solved,
        sources,
        unretrieved,
        watch_commands,
        watch_threads,
    )
}
"""What can be asked, besides what `probe_widgets.py` has."""
