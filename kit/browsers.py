"""A browser that is installed on this machine, and the pictures and prints that it makes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kit.errors import KitError
from kit.files import check_writable, write_bytes

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
# Root, as which containers run, gets no sandbox; the rest keeps the browser
# from talking to anything but the server it is sent to.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SHARP = 2
"""Pixels of a picture for each pixel of the page, so that it stays sharp on a projector."""
SECONDS = 60
INSTALL = (
    "install Chromium or Chrome, or name one in the environment variable KIT_BROWSER; "
    "an .svg needs no browser"
)
TO_PRINT = (
    "install Chromium or Chrome, or name one in the environment variable KIT_BROWSER; "
    "any browser prints the page"
)


class _Kind(NamedTuple):
    """A kind of file that a browser makes of another one, and what is said of it.

    `option` names the file that is to be made; `given` and `made` are the names of the two, whose
    endings tell the browser what they are.
    """

    given: str
    option: str
    made: str
    begin: bytes
    is_made: str
    failed: str
    remedy: str


_PNG = _Kind(
    given="picture.svg",
    option="--screenshot",
    made="picture.png",
    begin=b"\x89PNG\r\n\x1a\n",
    is_made="a PNG is drawn",
    failed="drew no picture",
    remedy=INSTALL,
)
_PDF = _Kind(
    given="page.html",
    option="--print-to-pdf",
    made="page.pdf",
    begin=b"%PDF-",
    is_made="a PDF is made",
    failed="printed nothing",
    remedy=TO_PRINT,
)


def installed_browsers() -> list[Path]:
    """Return the browsers of this machine, the one that KIT_BROWSER names alone if it is set."""
    if chosen := os.environ.get("KIT_BROWSER"):
        path = shutil.which(chosen)
        return [Path(path)] if path else []
    found = [Path(path) for path in map(shutil.which, COMMANDS) if path]
    return [*found, *(place for place in map(Path, PLACES) if place.is_file())]


def write_png(path: Path, svg: str, width: int, height: int) -> None:
    """Write the picture that a browser makes of an SVG.

    Parameters
    ----------
    path : Path
    svg : str
        The text of an SVG file, which loads nothing.
    width, height : int
        Of the SVG, in pixels; the picture has twice as many each way.

    Raises
    ------
    KitError
        If there is no browser, or it does not do it, or the file cannot be written.
    """
    options = [
        "--hide-scrollbars",
        f"--force-device-scale-factor={SHARP}",
        f"--window-size={width},{height}",
    ]
    _write(path, _PNG, svg, options)


def write_pdf(path: Path, page: str) -> None:
    """Write what a browser prints of a page.

    Parameters
    ----------
    path : Path
    page : str
        The text of an HTML file, which loads nothing.

    Raises
    ------
    KitError
        If there is no browser, or it does not do it, or the file cannot be written.
    """
    _write(path, _PDF, page, ["--no-pdf-header-footer"])


def _write(path: Path, kind: _Kind, text: str, options: Sequence[str]) -> None:
    """Write what a browser makes of a text."""
    check_writable(path)
    browsers = installed_browsers()
    if not browsers or sys.platform == "emscripten":
        raise KitError(f"{path}: {kind.is_made} by a browser, and none was found; {kind.remedy}")
    # A browser in a package of its own may see no other folder than the user's.
    with tempfile.TemporaryDirectory(prefix=".kit-", dir=path.absolute().parent) as name:
        folder = Path(name)
        given, target = folder / kind.given, folder / kind.made
        given.write_text(text, encoding="utf-8")
        command = [
            *(str(browsers[0]), "--headless", *FLAGS, *options),
            f"--user-data-dir={folder / 'profile'}",
            f"{kind.option}={target}",
            given.absolute().as_uri(),
        ]
        said = _run(command)
        made = target.read_bytes() if target.is_file() else b""
    if not made.startswith(kind.begin):
        raise KitError(f"{path}: {browsers[0]} {kind.failed} ({said}); {kind.remedy}")
    write_bytes(path, made)


def _run(command: list[str]) -> str:
    """Run a browser; return the last that it said."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"it ended with {done.returncode}"
