"""Opening a notebook, with a real JupyterLab."""

import json
import os
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result

from kit import KitError
from kit.authoring.writing import preview as opening
from kit.authoring.writing.preview import Server, address_in_running_server
from kit.cli import commands

pytestmark = pytest.mark.notebook

STOP_SECONDS = 20


def kernel(folder: Path, name: str, python: Path) -> None:
    """Make a kernel of a Python."""
    spec = {
        "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": name,
        "language": "python",
        "env": {"PYTHONPATH": sysconfig.get_path("purelib")},
    }
    place = folder / "kernels" / name
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps(spec))


@dataclass
class Lab:
    """A JupyterLab that `kit preview` has started on a folder."""

    folder: Path
    runtime: Path
    server: Server

    def open(self, name: str, kernel: str) -> None:
        """Open a notebook with a kernel, as the page does."""
        session = {"path": name, "name": name, "type": "notebook", "kernel": {"name": kernel}}
        request = urllib.request.Request(
            f"{self.server.url}api/sessions",
            data=json.dumps(session).encode(),
            headers={"Authorization": f"token {self.server.token}"},
        )
        urllib.request.urlopen(request, timeout=30).close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab on a folder with notebooks, started by `kit preview`."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "my lessons"
    folder.mkdir()
    for name in ("first.ipynb", "second one.ipynb", "third.ipynb", "fourth.ipynb"):
        nbformat.write(nbformat.v4.new_notebook(), folder / name)
    other = home / "other" / "bin" / "python"
    other.parent.mkdir(parents=True)
    other.symlink_to(Path(sys.executable).resolve())
    kernel(home / "data", "another", Path(sys.executable))
    kernel(home / "data", "python3", other)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")} | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        # The kernel python3 of `data` shall hide the one of this environment.
        "JUPYTER_PREFER_ENV_PATH": "0",
    }
    command = [sys.executable, "-m", "kit", "preview", "--no-browser", "first.ipynb"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                if "To access the server" in line:
                    break
            else:
                pytest.fail("".join(said))
            info = json.loads(next((home / "runtime").glob("jpserver-*.json")).read_text())
            server = Server(info["url"], info["token"], folder, info["pid"])
            # It says so before it listens.
            while server.answer("lab") is None:
                assert process.poll() is None
                time.sleep(0.05)
            yield Lab(folder, home / "runtime", server)
        finally:
            process.terminate()
            process.communicate(timeout=STOP_SECONDS)


@pytest.fixture
def preview(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Result]:
    """The command, where it finds the server, and need not start another one."""
    monkeypatch.setattr(opening, "start_server", pytest.fail)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(lab.runtime))
    monkeypatch.chdir(lab.folder)
    return lambda name: CliRunner().invoke(commands, ["preview", "--no-browser", name])


def test_a_running_server_is_used(lab: Lab, preview: Callable[[str], Result]):
    """Where a server shows the folder already, the address of the notebook in it is told."""
    address = f"{lab.server.url}lab/tree/second%20one.ipynb?token={lab.server.token}"
    assert preview("second one.ipynb").output == f"It is at {address}\n"


def test_there_is_no_pop_up_about_news(lab: Lab):
    """The page of a started JupyterLab has the extension disabled that asks about news."""
    page = (lab.server.answer("lab") or b"").decode()
    settings = page.partition('id="jupyter-config-data"')[2].partition(">")[2].partition("<")[0]
    disabled = json.loads(settings)["disabledExtensions"]
    assert "@jupyterlab/apputils-extension:announcements" in disabled


def test_another_kernel_is_named(lab: Lab, preview: Callable[[str], Result]):
    """A notebook that is open with another kernel is one sentence that says what to do."""
    lab.open("third.ipynb", "another")
    result = preview("third.ipynb")
    assert isinstance(result.exception, KitError)
    assert str(result.exception) == (
        f"third.ipynb: it is open at {lab.server.url} with the kernel 'another'; choose "
        "'Python 3' there with Kernel > Change Kernel, or close it, and try again"
    )


def test_another_environment_is_named(lab: Lab, preview: Callable[[str], Result]):
    """A kernel python3 that runs in another environment is one sentence that names it."""
    lab.open("fourth.ipynb", "python3")
    result = preview("fourth.ipynb")
    assert isinstance(result.exception, KitError)
    assert "with a Python that is not this one" in str(result.exception)
    assert str(lab.folder.parent / "other" / "bin" / "python") in str(result.exception)


def test_a_notebook_elsewhere_is_not_in_that_server(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A server that shows another folder is not used."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(lab.runtime))
    assert address_in_running_server(tmp_path / "lesson.ipynb") is None


def test_a_folder_is_no_notebook(tmp_path: Path):
    """A folder instead of a notebook is one sentence."""
    result = CliRunner().invoke(commands, ["preview", str(tmp_path)])
    assert isinstance(result.exception, KitError)
    assert "name one notebook in it" in str(result.exception)
