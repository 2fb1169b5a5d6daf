"""Starting the real JupyterLab, Jupyter Notebook and Voila, each in a place of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit
from uuid import uuid4

HOST = "127.0.0.1"
START_SECONDS = 90
STOP_SECONDS = 20
LOG_TAIL = 4000

SERVER_OPTIONS = (
    "--no-browser",
    "--allow-root",
    "--ServerApp.port_retries=0",
    "--ServerApp.disable_check_xsrf=True",
    "--IdentityProvider.token=",
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
    """A running server: where it listens, and the folder it shows."""

    kind: str  # a key of APPLICATIONS
    url: str  # without a slash at its end
    root: Path
    log: Path
    near_url: str = ""  # the one without the slow link, where there is such a link

    def at(self, url: str) -> "Server":
        """The same server, reached by another way."""
        return replace(self, url=url, near_url=self.near_url or self.url)

    def stop_kernel(self, kernel_id: str) -> None:
        """Stop a kernel, if it is one of this server's and still runs."""
        url = f"{self.near_url or self.url}/api/kernels/{kernel_id}"
        with suppress(urllib.error.HTTPError):
            urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=30).close()

    @property
    def port(self) -> int:
        """The port its URL names."""
        port = urlsplit(self.url).port
        assert port is not None
        return port

    def page_url(self, name: str) -> str:
        """Where a browser sees the notebook of this name."""
        # A workspace of its own keeps JupyterLab from opening the last test's tabs.
        lab = f"lab/workspaces/{uuid4().hex}/tree"
        path = {"lab": lab, "notebook": "notebooks", "voila": "voila/render"}[self.kind]
        return f"{self.url}/{path}/{quote(name)}"

    def get(self, path: str) -> bytes:
        """Ask the server itself."""
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=30) as response:
            return bytes(response.read())

    def connection_file(self, kernel_id: str) -> Path:
        """Where it is written how to reach a kernel of this server."""
        return next((self.root.parent / "runtime").rglob(f"kernel-{kernel_id}.json"))

    def log_tail(self) -> str:
        """The last the server had to say."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:]


@contextmanager
def running_server(kind: str, home: Path) -> Iterator[Server]:
    """Start a server that keeps all it has in `home`, and stop it at the end."""
    root = home / "notebooks"
    root.mkdir(parents=True)
    _write_settings(home / "config")
    server = Server(kind, f"http://{HOST}:{_free_port()}", root, home / "server.log")
    command = [sys.executable, "-m", *APPLICATIONS[kind], *_place_options(server)]
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
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
    """Keep what the user has configured out, and what the tests do out of the user's home."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTEST"))}
    return kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def _write_settings(config: Path) -> None:
    """Keep pop-ups that ask about news off the page under test."""
    folder = config / "labconfig"
    folder.mkdir(parents=True)
    disabled = {"@jupyterlab/apputils-extension:announcements": True}
    text = json.dumps({"disabledExtensions": disabled})
    (folder / "page_config.json").write_text(text, encoding="utf-8")


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.get("" if server.kind == "voila" else "api/status")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The {server.kind} server did not start:\n{server.log_tail()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a server, which on its way out stops its kernels."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def delayed(server: Server, one_way_ms: float) -> Iterator[Server]:
    """Put a slow link in front of a server."""
    script = Path(__file__).with_name("latency_proxy.py")
    command = [sys.executable, str(script), str(server.port), str(one_way_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield server.at(f"http://{HOST}:{int(process.stdout.readline())}")
        finally:
            process.terminate()
