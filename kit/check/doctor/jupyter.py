"""Whether Jupyter, and the kernel that it starts, are those of this environment."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from kit.check.doctor.diagnostic import Diagnostic, install_extra, this_python
from kit.check.doctor.versions import installed

KERNEL = "python3"
ASK_SECONDS = 30


def check() -> Iterator[Diagnostic]:
    """Yield what is found about Jupyter itself."""
    servers = {name: installed(name) for name in ("jupyterlab", "notebook", "voila")}
    here = ", ".join(f"{name} {version}" for name, version in servers.items() if version)
    if not here:
        found = "neither JupyterLab, Notebook nor Voila is installed"
        yield Diagnostic("Jupyter", "note", found, install_extra("lessons"))
    else:
        absent = [name for name, version in servers.items() if not version]
        found = here + (f"; {' and '.join(absent)} not installed" if absent else "")
        yield Diagnostic("Jupyter", "well", found)
    yield from _on_path()
    yield _kernel()


def _on_path() -> Iterator[Diagnostic]:
    """Yield which Jupyter somebody gets who types its name."""
    program = shutil.which("jupyter")
    if program is None or _is_of_this_environment(Path(program)):
        return
    activate = Path(sysconfig.get_path("scripts")) / "activate"
    first = f"activate this environment (source {activate}), or " if activate.is_file() else ""
    yield Diagnostic(
        "Jupyter",
        "wrong",
        f"the command jupyter is {program}, which belongs to another environment than this one",
        f"{first}start Jupyter by: {this_python('-m', 'jupyterlab')}",
    )


def _is_of_this_environment(program: Path) -> bool:
    if program.parent.resolve() == Path(sysconfig.get_path("scripts")).resolve():
        return True
    # It may lead here all the same, as the programs of pyenv do; only it can tell.
    try:
        done = subprocess.run(
            [program, "--paths", "--json"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=ASK_SECONDS,
            check=False,
        )
        folders = json.loads(done.stdout)["data"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return False
    ours = (Path(sys.prefix) / "share" / "jupyter").resolve()
    return ours in [Path(folder).resolve() for folder in folders]


def _kernel() -> Diagnostic:
    """Tell which Python runs a lesson's cells."""
    if any(importlib.util.find_spec(name) is None for name in ("ipykernel", "jupyter_client")):
        found = "ipykernel is not installed, so no notebook can run here"
        return Diagnostic("kernel", "note", found, install_extra("lessons"))
    from jupyter_client.kernelspec import (
        KernelSpecManager,
        NoSuchKernel,
    )

    make = this_python("-m", "ipykernel", "install", "--sys-prefix")
    try:
        spec = KernelSpecManager().get_kernel_spec(KERNEL)
        folder, command = Path(spec.resource_dir), list(spec.argv)
    except NoSuchKernel:
        return Diagnostic("kernel", "wrong", f"Jupyter knows no kernel {KERNEL}", make)
    except (OSError, ValueError) as error:
        found = f"the kernel {KERNEL} cannot be read ({error})"
        return Diagnostic("kernel", "wrong", found, make)
    if not command:
        found = f"the kernel {KERNEL} in {folder} does not say what to start"
        return Diagnostic("kernel", "wrong", found, _without(folder, make))
    if _is_this_python(command):
        return Diagnostic("kernel", "well", f"{KERNEL} in {folder} starts this Python")
    program = shutil.which(command[0])
    what = "another Python" if program else "a program that is not there"
    return Diagnostic(
        "kernel",
        "wrong",
        f"{KERNEL} in {folder} starts {what}, {command[0]}, where the kit may be missing or older",
        _without(folder, make),
    )


def _is_this_python(command: Sequence[str]) -> bool:
    # For these names jupyter_client starts the Python of the server itself.
    major, minor = sys.version_info[:2]
    if command[0] in ("python", f"python{major}", f"python{major}.{minor}"):
        return True
    program, ours = Path(command[0]), Path(sys.executable)
    # An environment's Python is a link to one that many share: its folder says whose it is.
    return (
        program.is_absolute()
        and program.parent.resolve() == ours.parent.resolve()
        and program.resolve() == ours.resolve()
    )


def _without(folder: Path, make: str) -> str:
    """Return what makes Jupyter take this environment's kernel instead of that in a folder."""
    if folder.resolve().is_relative_to(Path(sys.prefix).resolve()):
        return make
    remove = this_python("-m", "jupyter", "kernelspec", "remove", "-f", KERNEL)
    command = f"remove it: {remove}"
    if os.environ.get("JUPYTER_PATH"):
        command += "; or take its folder out of the variable JUPYTER_PATH"
    has_own = (Path(sys.prefix) / "share" / "jupyter" / "kernels" / KERNEL).is_dir()
    return command if has_own else f"{command}; then run: {make}"
