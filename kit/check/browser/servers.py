"""Starting the real JupyterLab, Jupyter Notebook and Voila, each in a place of its own."""

from __future__ import annotations

import json
import os
import secrets
import site
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit
from uuid import uuid4

from kit.check.execution.kernel_failures import how_it_ended
from kit.check.patience import Patience
from kit.errors import KitError

HOST = "127.0.0.1"
START_SECONDS = 90
STOP_SECONDS = 20
REQUEST_SECONDS = 30
LOG_TAIL = 4000
LAST_LINES = 15
"""Of what a server wrote that did not start."""
NEWS = "@jupyterlab/apputils-extension:announcements"
"""What asks visitors of JupyterLab whether it may show its news."""

SERVER_OPTIONS = (
    "--no-browser",
    "--allow-root",
    "--ServerApp.port_retries=0",
    # The default one asks PyPI what is new.
    "--LabApp.extension_manager=readonly",
)
APPLICATIONS = {
    "lab": ("jupyterlab", *SERVER_OPTIONS, "--LabApp.expose_app_in_browser=True"),
    "notebook": ("notebook", *SERVER_OPTIONS, "--JupyterNotebookApp.expose_app_in_browser=True"),
    "voila": ("voila", "--no-browser", "--show_tracebacks=True"),
}


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes
    ----------
    kind : str
        A key of `APPLICATIONS`.
    url : str
        Where it listens, without a slash at its end.
    root : Path
        The folder that it shows.
    log : Path
        The file in which it says what it does.
    token : str
        What it asks of everybody who wants to use it.
    near_url : str
        Where it listens itself, if `url` leads there by a detour.
    """

    kind: str
    url: str
    root: Path
    log: Path
    token: str
    near_url: str = ""

    def at(self, url: str) -> Server:
        """Return the same server, reached by another way."""
        return replace(self, url=url, near_url=self.near_url or self.url)

    @property
    def port(self) -> int:
        """The port that its URL names."""
        return urlsplit(self.url).port or 0

    def app_url(self) -> str:
        """Return where a browser sees JupyterLab with nothing open in it."""
        # A workspace of its own keeps JupyterLab from opening the tabs of the last one.
        return f"{self.url}/lab/workspaces/{uuid4().hex}?token={self.token}"

    def page_url(self, name: str) -> str:
        """Return where a browser sees the notebook of this name."""
        lab = f"lab/workspaces/{uuid4().hex}/tree"
        path = {"lab": lab, "notebook": "notebooks", "voila": "voila/render"}[self.kind]
        return f"{self.url}/{path}/{quote(name)}?token={self.token}"

    def get(self, path: str) -> bytes:
        """Return what the server itself answers."""
        return self._ask(f"{self.url}/{path}", "GET")

    def stop_kernel(self, kernel_id: str) -> None:
        """Stop a kernel, if it is one of this server's and still runs."""
        with suppress(OSError):  # the server itself may be gone, too
            self._ask(f"{self.near_url or self.url}/api/kernels/{kernel_id}", "DELETE")

    def _ask(self, url: str, method: str) -> bytes:
        request = urllib.request.Request(url, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as response:
            return bytes(response.read())

    def connection_file(self, kernel_id: str) -> Path:
        """Return where it is written how to reach a kernel of this server."""
        return next((self.root.parent / "runtime").rglob(f"kernel-{kernel_id}.json"))

    def log_tail(self) -> str:
        """Return the last the server had to say."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:]


@contextmanager
def running_server(
    kind: str,
    home: Path,
    *,
    python: str | Path = sys.executable,
    preferences: Mapping[str, Mapping[str, object]] | None = None,
    root: Path | None = None,
    environment: Mapping[str, str] | None = None,
    started: Callable[[int], None] = lambda _pid: None,
) -> Iterator[Server]:
    """Start a server that keeps all it has in `home`, and stop it at the end.

    Unless an environment is given, neither does it see what the user has configured, nor
    the user what happens in it, and it does not ask about JupyterLab's news.

    Parameters
    ----------
    kind : str
        A key of `APPLICATIONS`.
    home : Path
        A folder of its own.
    python : path
        The Python in whose environment the server and its kernels run.
    preferences : mapping
        Settings of JupyterLab's plugins that differ from their defaults, by plugin.
    root : Path, optional
        The folder that it shows; ``home / "notebooks"`` if left out.
    environment : mapping of str to str, optional
        All its environment variables, for a server that is to be as its user has made it.
    started : callable, optional
        Is told the process of the server, so that it can be ended from elsewhere.

    Raises
    ------
    KitError
        If it does not start.
    """
    root = root or home / "notebooks"
    root.mkdir(parents=True, exist_ok=True)
    settings: dict[str, object] = {"default_setting_overrides": preferences or {}}
    if environment is None:
        environment = _environment(home)
        settings["page_config"] = {"disabledExtensions": {NEWS: True}}
    else:
        environment = {**environment, "JUPYTER_CONFIG_PATH": str(home / "config")}
    _write_settings(home / "config", settings)
    url, token = f"http://{HOST}:{_free_port()}", secrets.token_hex()
    server = Server(kind, url, root, home / "server.log", token)
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            [str(python), "-m", *APPLICATIONS[kind], *_place_options(server)],
            cwd=root,
            env={**environment, "JUPYTER_TOKEN": token},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        started(process.pid)
        try:
            _wait_until_ready(server, process)
            yield server
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def _place_options(server: Server) -> tuple[str, ...]:
    if server.kind == "voila":
        runtime = server.root.parent / "runtime"
        runtime.mkdir()
        options = (f"--Voila.ip={HOST}", f"--port={server.port}")
        return (*options, f"--Voila.connection_dir_root={runtime}", str(server.root))
    return (
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={server.port}",
        f"--ServerApp.root_dir={server.root}",
    )


def _environment(home: Path) -> dict[str, str]:
    """Keep what the user has configured out, and what is done here out of the user's home."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTEST"))}
    return kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        # What pip installed for this user alone stays where it is.
        "PYTHONUSERBASE": site.getuserbase(),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def _write_settings(config: Path, settings: Mapping[str, object]) -> None:
    """Write what the page is to be like."""
    folder = config / "labconfig"
    folder.mkdir(parents=True)
    for name, content in settings.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    patience = Patience(START_SECONDS, process.pid)
    while process.poll() is None and patience.left > 0:
        try:
            server.get("" if server.kind == "voila" else "api/status")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise KitError(_why_not(server, process))


def _why_not(server: Server, process: subprocess.Popen[bytes]) -> str:
    """Return what is known of a server that did not start, and what to do; then what it wrote."""
    module, code = APPLICATIONS[server.kind][0], process.poll()
    found = f"it did not answer at {server.url} within {START_SECONDS} s, and still runs"
    remedy = "wait until this computer has less to do, or check fewer notebooks at once: -j 1"
    if code is not None:
        found = f"it ended with {how_it_ended(code)} before it answered at {server.url}"
        remedy = f"run `kit doctor`, and start it yourself: python -m {module}"
    said = "\n".join(server.log_tail().splitlines()[-LAST_LINES:])
    wrote = f"{remedy}; the last it wrote:\n{said}" if said else f"it wrote nothing; {remedy}"
    return f"the {server.kind} server did not start: {found}; {wrote}"


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a server, which on its way out stops its kernels."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
