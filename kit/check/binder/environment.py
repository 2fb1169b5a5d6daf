"""A fresh environment made of exactly what Binder would install."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.check.binder import uv
from kit.check.binder.repository import Repository
from kit.check.results import Problem

MAKE_SECONDS = 180
INSTALL_SECONDS = 600
SCRIPT_SECONDS = 600
TAIL = 4000
"""How much of a program's last words a problem shows, in characters."""

# What the user has set for himself has no say on Binder; the rest of the names are git's.
NOT_THERE = (
    "CONDA",
    "GIT_",
    "IPYTHON",
    "JUPYTER",
    "PYTEST",
    "PYTHON",
    "UV_",
    "VIRTUAL_ENV",
    "XDG_",
)


@dataclass(frozen=True)
class Environment:
    """A Python environment, and the repository as its home, which is how Binder has it.

    Attributes
    ----------
    prefix : Path
        Where the environment is.
    home : Path
        The copy of the repository.
    """

    prefix: Path
    home: Path

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.prefix / "bin" / "python"

    @property
    def megabytes(self) -> float:
        """How much it takes on the disk: packages, compiled, and what they bring for pages."""
        files = (file for file in self.prefix.rglob("*") if not file.is_dir())
        return sum(file.lstat().st_size for file in files) / 1e6

    def variables(self) -> dict[str, str]:
        """Return the environment variables of a program on Binder."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(NOT_THERE)}
        places = {
            "HOME": str(self.home),
            "KERNEL_PYTHON_PREFIX": str(self.prefix),
            "NB_PYTHON_PREFIX": str(self.prefix),
            "PATH": os.pathsep.join((str(self.prefix / "bin"), kept.get("PATH", os.defpath))),
            "REPO_DIR": str(self.home),
            "VIRTUAL_ENV": str(self.prefix),
        }
        return kept | uv.pip_variables() | places


def make(repository: Repository, python: str) -> Environment | Problem:
    """Make an empty environment.

    Parameters
    ----------
    repository : Repository
    python : str
        Which Python, such as "3.11".

    Returns
    -------
    Environment or Problem
        A problem if there is no such Python here.
    """
    prefix = repository.copy.parent / "environment"
    is_this = python == f"{sys.version_info.major}.{sys.version_info.minor}"
    wanted = sys.executable if is_this else python
    # postBuild may say `python -m pip`, so there must be a pip.
    done = uv.run(
        *("venv", "--quiet", "--seed", "--no-project", "--python", wanted, str(prefix)),
        folder=repository.copy,
        seconds=MAKE_SECONDS,
    )
    if done.good:
        return Environment(prefix, repository.copy)
    return Problem(
        "python",
        f"the rehearsal needs Python {python}, and it can neither be found nor fetched here",
        f"install Python {python}, or run the check with it",
        details=done.said,
    )


def install(environment: Environment, name: str) -> Problem | None:
    """Install a requirements.txt; return what is wrong if that fails.

    Parameters
    ----------
    environment : Environment
    name : str
        Name of the file, as seen from the repository.

    Raises
    ------
    KitError
        If the package index cannot be reached, or it takes too long.
    """
    done = uv.run(
        *("pip", "install", "--quiet", "--compile-bytecode", "--python", str(environment.python)),
        *("--requirements", name),
        folder=environment.home,
        seconds=INSTALL_SECONDS,
    )
    if done.good:
        return None
    return Problem(
        "install",
        f"{name} cannot be installed: {done.reason}",
        "choose versions that can, or make the file again with uv pip compile",
        details=done.said[-TAIL:],
    )


def run_script(
    environment: Environment, name: str, seconds: float = SCRIPT_SECONDS
) -> Problem | None:
    """Run postBuild as repo2docker does; return what is wrong if it fails.

    Parameters
    ----------
    environment : Environment
    name : str
        Name of the script, as seen from the repository.
    seconds : float
        How long it may take.
    """
    (environment.home / name).chmod(0o755)
    # Docker hands the command to sh, which is what runs a script without a first line '#!'.
    code, said = _run(("/bin/sh", "-c", f"./{name}"), environment, seconds)
    if code == 0:
        return None
    ended = f"ends with code {code}" if code is not None else f"still runs after {seconds:g} s"
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "")
    found = f"{name} {ended}" + (f": {last[:200].rstrip('.')}" if last else "")
    remedy = "mend it; it runs in the folder of the repository, with all packages installed"
    return Problem("post-build", found, remedy, details=said[-TAIL:])


def _run(
    command: Sequence[str], environment: Environment, seconds: float
) -> tuple[int | None, str]:
    """Run a program; return its code, or None if it does not end, and what it said."""
    # Into a file: a pipe would stay open as long as anything that the program started runs.
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=environment.home,
            env=environment.variables(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        code: int | None = None
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            if code is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        output.seek(0)
        return code, output.read().decode("utf-8", errors="replace")
