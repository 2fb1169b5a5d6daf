"""Building the site with JupyterLite."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from kit import __version__
from kit.authoring.lite import contents, environment, wheels
from kit.errors import KitError

MARKER_FILE = ".kit-lite"
"""The file by which a folder is known as made here, so that it may be made anew."""
APPS = ("lab", "notebooks", "tree")


def build_lite(
    lessons: Sequence[str | Path],
    output: Path,
    *,
    pyodide: str = "",
    title: str = "Lessons",
    tell: Callable[[str], object] = lambda _line: None,
) -> list[str]:
    """Make a site in which Jupyter runs in the browser, with the lessons and the kit in it.

    Parameters
    ----------
    lessons : sequence of str or Path
        Notebooks, or folders of them.
    output : Path
        Folder of the site; one that was made here is made anew.
    pyodide : str
        Folder, archive or address of a Pyodide distribution to put into the site. If left
        out, the browser fetches Pyodide, and numpy and pandas for it, from the network.
    title : str
        What the course is called.
    tell : callable
        Takes a line for each file beside the lessons that is copied, or stays behind.

    Returns
    -------
    list of str
        Names of the notebooks in it.

    Raises
    ------
    KitError
        If the folder holds something else, or something cannot be had or built.
    """
    if output.is_dir() and any(output.iterdir()) and not (output / MARKER_FILE).is_file():
        raise KitError(f"{output} holds something else; name a folder that is new or empty")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kit-lite-") as place:
        top = Path(place).resolve()
        source, made = top / "lite", top / "made"
        source.mkdir()
        names = contents.copy(lessons, top / "contents", tell)
        lite = environment.make(top / "environment", wheels.with_extensions())
        wheels.collect(lite, source / "pypi")
        _write_settings(source, title)
        command = ["build", f"--lite-dir={source}", f"--output-dir={made}"]
        command += [f"--contents={top / 'contents'}", "--no-sourcemaps"]
        command += [f"--apps={app}" for app in APPS]
        if pyodide and Path(pyodide).is_dir():
            shutil.copytree(pyodide, source / "static" / "pyodide")
        elif pyodide:
            archive = Path(pyodide)
            command.append(f"--pyodide={archive.resolve() if archive.is_file() else pyodide}")
        environment.run(lite, "jupyter-lite", *command, folder=source)
        (made / MARKER_FILE).write_text(f"{__version__}\n", encoding="utf-8")
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(made, output)
    return names


def _write_settings(source: Path, title: str) -> None:
    # Exposed as by JupyterLab, so that a test can ask what is open.
    data = {"appName": title, "exposeAppInBrowser": True}
    settings = {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}
    (source / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")
