"""Opening a notebook in JupyterLab: in one that runs already, or in a new one."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psutil
from jupyter_server.serverapp import list_running_servers
from jupyterlab.labapp import LabApp

from kit.errors import KitError

KERNEL = "python3"
SECONDS = 30
"""How long a server may take for an answer."""
CONFIGURATION = Path(__file__).with_name("jupyter")
"""Settings of JupyterLab: no pop-up that asks about news."""


@dataclass(frozen=True)
class Server:
    """A Jupyter server that runs on this machine.

    Attributes
    ----------
    url : str
        With a slash at its end.
    token : str
        What it wants to be told; empty if nothing.
    root : Path
        The folder that it shows.
    pid : int
    """

    url: str
    token: str
    root: Path
    pid: int

    def answer(self, path: str) -> bytes | None:
        """Return what it answers; None if it does not, or not to us."""
        request = urllib.request.Request(f"{self.url}{path}")
        if self.token:
            request.add_header("Authorization", f"token {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as response:
                return bytes(response.read())
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return None

    def sessions(self) -> list[dict[str, Any]] | None:
        """Return what is open in it; None if it does not say."""
        found = self.answer("api/sessions")
        return None if found is None else list(json.loads(found))

    def address(self, notebook: Path) -> str:
        """Return where a browser sees a notebook."""
        path = quote(notebook.relative_to(self.root).as_posix())
        token = f"?{urlencode({'token': self.token})}" if self.token else ""
        return f"{self.url}lab/tree/{path}{token}"


def address_in_running_server(notebook: Path) -> str | None:
    """Return where a server that runs already shows a notebook; None if there is none.

    Parameters
    ----------
    notebook : Path

    Raises
    ------
    KitError
        If it is open there with another kernel, or in an environment without this kit.
    """
    path = notebook.resolve()
    usable = None
    for server in _servers_of(path):
        sessions = server.sessions()
        if sessions is None or server.answer("lab") is None:
            continue
        wanted = path.relative_to(server.root).as_posix()
        for session in sessions:
            if session.get("path") == wanted and session.get("kernel"):
                _check_kernel(notebook, server, session["kernel"])
                return server.address(path)
        if usable is None and _is_ours(_command(server.pid)):
            usable = server.address(path)
    return usable


def start_server(notebook: Path, *, browser: bool = True) -> None:
    """Start JupyterLab on the folder of a notebook, and return when it is stopped.

    Parameters
    ----------
    notebook : Path
    browser : bool
        Whether a browser is opened; where to point one is written in any case.
    """
    known = os.environ.get("JUPYTER_CONFIG_PATH")
    places = [str(CONFIGURATION), *([known] if known else [])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(places)
    path = notebook.resolve()
    LabApp.launch_instance(
        [
            f"--ServerApp.root_dir={path.parent}",
            f"--LabApp.default_url=/lab/tree/{quote(path.name)}",
            # In a container one often is root, which Jupyter wants to hear said.
            "--allow-root",
            *([] if browser else ["--no-browser"]),
        ]
    )


def _servers_of(path: Path) -> Iterator[Server]:
    """Yield the running servers that can show a file, the one with the nearest folder first."""
    found = [
        Server(info["url"], info["token"], Path(info["root_dir"]).resolve(), info["pid"])
        for info in list_running_servers()
    ]
    can_show = [server for server in found if path.is_relative_to(server.root)]
    yield from sorted(can_show, key=lambda server: (-len(server.root.parts), server.url))


def _check_kernel(notebook: Path, server: Server, kernel: dict[str, Any]) -> None:
    if kernel["name"] != KERNEL:
        raise KitError(
            f"{notebook}: it is open at {server.url} with the kernel '{kernel['name']}'; choose "
            f"'Python 3' there with Kernel > Change Kernel, or close it, and try again"
        )
    command = _command_of_kernel(server.pid, kernel["id"])
    if not _is_ours(command):
        raise KitError(
            f"{notebook}: it is open at {server.url} with a Python that is not this one, "
            f"{command}; stop that server, or install the kit there, and try again"
        )


def _is_ours(command: str) -> bool:
    """Whether a Python is of the environment of this one; what is not known is believed."""
    path = Path(command)
    if not command or not path.is_absolute():
        return True
    # Not resolved: the Python of an environment is a link to one that all share.
    return path.parent.parent.resolve() == Path(sys.prefix).resolve()


def _command(pid: int) -> str:
    """Return the program that a process runs; empty if that is not known."""
    try:
        return next(iter(psutil.Process(pid).cmdline()), "")
    except psutil.Error:
        return ""


def _command_of_kernel(server: int, kernel: str) -> str:
    try:
        children = psutil.Process(server).children(recursive=True)
        lines = [child.cmdline() for child in children]
    except psutil.Error:
        return ""
    return next((line[0] for line in lines if any(kernel in part for part in line)), "")
