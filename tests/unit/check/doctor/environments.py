"""Environments with something wrong in them, as people have them."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

HERE = Path(sys.prefix) / "share" / "jupyter"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def be_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing count that the user of this machine has set or keeps at home."""
    for name in [name for name in os.environ if name.startswith(("JUPYTER", "PYTHONPATH"))]:
        monkeypatch.delenv(name)
    home = folder / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home / "config"))
    programs = sysconfig.get_path("scripts")
    monkeypatch.setenv("PATH", os.pathsep.join((programs, "/usr/bin", "/bin")))


def put_extension(folder: Path, name: str, version: str) -> Path:
    """Put an extension with another version into one of the folders of Jupyter."""
    place = folder / "labextensions" / name
    place.mkdir(parents=True)
    package = json.loads((HERE / "labextensions" / name / "package.json").read_text())
    (place / "package.json").write_text(json.dumps(package | {"version": version}))
    return place


def put_kernel(folder: Path, *command: str) -> Path:
    """Put a kernel python3 that starts a command into one of the folders of Jupyter."""
    place = folder / "kernels" / "python3"
    place.mkdir(parents=True)
    spec = {"argv": [*command], "display_name": "Python 3", "language": "python"}
    (place / "kernel.json").write_text(json.dumps(spec))
    return place


def put_settings(file: Path, **settings: Any) -> Path:
    """Write settings of JupyterLab's page."""
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(settings))
    return file


def make_environment(prefix: Path) -> Path:
    """Make an environment that has our packages, but a share/jupyter of its own; its Python."""
    command = [sys.executable, "-m", "venv", "--without-pip", str(prefix)]
    subprocess.run(command, check=True)
    variables = {"base": str(prefix), "platbase": str(prefix)}
    packages = Path(sysconfig.get_path("purelib", vars=variables))
    ours = sysconfig.get_path("purelib")
    (packages / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    return prefix / SCRIPTS / "python"


def copy_extensions(prefix: Path) -> None:
    """Copy what tells of this environment's extensions into another one."""
    for file in (HERE / "labextensions").rglob("package.json"):
        target = prefix / "share" / "jupyter" / file.relative_to(HERE)
        target.parent.mkdir(parents=True)
        shutil.copy(file, target)
