"""An environment of its own for JupyterLite.

In that of the user its extension would be loaded by every JupyterLab, where it has no place.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kit.check.binder import uv
from kit.errors import KitError

SECONDS = 300
JUPYTERLITE = (
    "jupyterlite-core[contents]==0.8.6",
    # Made for the Pyodide of `kit.authoring.lite.runtime`.
    "jupyterlite-pyodide-kernel==0.8.6",
)
NOT_MINE = ("JUPYTER", "PYTHON", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Environment:
    """An environment with JupyterLite.

    Attributes
    ----------
    prefix : Path
    """

    prefix: Path

    def command(self, name: str) -> Path:
        """Return the path of one of its commands."""
        folder, ending = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
        return self.prefix / folder / f"{name}{ending}"


def make(prefix: Path, widgets: Mapping[str, str]) -> Environment:
    """Make the environment.

    Parameters
    ----------
    prefix : Path
        Where.
    widgets : mapping of str to str
        Packages with an extension of JupyterLab that the site needs: name -> version.

    Raises
    ------
    KitError
        If that cannot be installed.
    """
    made = Environment(prefix)
    pins = [f"{name}=={version}" for name, version in widgets.items()]
    into = ("pip", "install", "--quiet", "--python", str(prefix))
    for command in (
        ("venv", "--quiet", "--seed", "--no-project", "--python", sys.executable, str(prefix)),
        (*into, *JUPYTERLITE),
        # Only their JavaScript is taken from here; their Python runs in the browser.
        (*into, "--no-deps", *pins),
    ):
        done = uv.run(*command, folder=prefix.parent, seconds=SECONDS)
        if not done.good:
            raise KitError(f"JupyterLite cannot be installed: {done.reason}; mend that")
    return made


def python(made: Environment, *arguments: str) -> None:
    """Run its Python."""
    run(made, "python", *arguments, folder=made.prefix.parent)


def run(made: Environment, name: str, *arguments: str, folder: Path) -> None:
    """Run one of its commands, apart from what the user has configured.

    Raises
    ------
    KitError
        If it fails, with the last it said.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(NOT_MINE)}
    places = {
        "JUPYTER_CONFIG_DIR": str(made.prefix / "config"),
        "JUPYTER_DATA_DIR": str(made.prefix / "data"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    done = subprocess.run(
        [made.command(name), *arguments],
        cwd=folder,
        env=kept | places,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        raise KitError(f"{name} {arguments[0]} failed: {' '.join(lines[-3:])}; mend that")
