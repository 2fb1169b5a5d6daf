"""The versions that matter when something does not work."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from kit import __version__

PACKAGES = (
    "ipywidgets",
    "jupyterlab_widgets",
    "bqplot",
    "bqscales",
    "anywidget",
    "traitlets",
    "numpy",
    "pandas",
    "ipykernel",
    "jupyterlab",
    "notebook",
    "voila",
    "jupyter_server",
    "jupyter_client",
    "nbconvert",
    "nbval",
    "pytest",
    "playwright",
    "jupyter-repo2docker",
    "distributed",
)
"""First what draws a widget, then what shows it, then what checks it."""
ABSENT = "not installed"


def installed(package: str) -> str | None:
    """Return the version of a package; None if it is not installed.

    Parameters
    ----------
    package : str
        As the package index has it.
    """
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def versions() -> dict[str, str | None]:
    """Return each of `PACKAGES` with its version; None for those that are not installed."""
    return {package: installed(package) for package in PACKAGES}


def about() -> str:
    """Return the text of ``kit --version``: the kit, Python, the platform, a line a package."""
    rows: dict[str, str | None] = {
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "platform": platform.platform(),
        **versions(),
    }
    width = max(map(len, rows))
    lines = [f"{name:{width}}  {value or ABSENT}" for name, value in rows.items()]
    return "\n".join((f"os-course-kit, version {__version__}", *lines))
