"""Finding a Chromium on this machine, and getting one where there is none.

``python -m kit.check.browser.chromium`` prints the browser that checks and tests
use; with ``--install`` it first installs one if need be.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from kit.browsers import FLAGS, installed_browsers
from kit.errors import KitError

REMEDY = (
    "no Chromium or Chrome that starts was found; install one, name it in the environment "
    "variable KIT_BROWSER, or run: python -m kit.check.browser.chromium --install"
)
INSTALL_SECONDS = 300
LONGEST_FOLDER = 50
"""Characters of a folder's path that leave room for the name of the browser's socket in it."""


def find_browser(playwright: Playwright) -> Path | None:
    """Return the browser to use; None when this machine has none."""
    found = installed_browsers()
    if not os.environ.get("KIT_BROWSER"):
        found.append(Path(playwright.chromium.executable_path))
    return next((path for path in found if path.is_file()), None)


def need_browser(playwright: Playwright) -> Path:
    """Return the browser to use.

    Raises
    ------
    KitError
        If this machine has none.
    """
    path = find_browser(playwright)
    if path is None:
        raise KitError(REMEDY)
    return path


def launch(playwright: Playwright, folder: Path | None = None) -> Browser:
    """Start the browser, without a window.

    Parameters
    ----------
    playwright : Playwright
    folder : Path, optional
        For its temporary files, some of which stay where it is ended from outside.

    Raises
    ------
    KitError
        If there is none, or it does not start.
    """
    path = need_browser(playwright)
    is_short = folder is not None and len(str(folder)) <= LONGEST_FOLDER
    try:
        return playwright.chromium.launch(
            executable_path=path,
            args=list(FLAGS),
            headless=True,
            env={**os.environ, "TMPDIR": str(folder)} if is_short else None,
            # It is for us to end it: a driver that Ctrl-C ends takes the connection along.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
    except Error as error:
        reason = error.message.splitlines()[0]
        raise KitError(f"{path} does not start ({reason}); {REMEDY}") from None


def works() -> bool:
    """Tell whether there is a browser and it starts."""
    with sync_playwright() as playwright:
        try:
            launch(playwright).close()
        except KitError:
            return False
    return True


def install() -> str:
    """Install a browser one way or another; return how it came, or "" if none works now.

    The package manager of the system comes first, where it may be used: it brings the libraries
    along, and asks a mirror that is near. Playwright would try its one server five times.
    """
    apt = shutil.which("apt-get") and os.geteuid() == 0
    got = apt and _runs("apt-get", "update") and _runs("apt-get", "install", "--yes", "chromium")
    if got and works():
        return "from the system's packages"
    playwright = (sys.executable, "-m", "playwright")
    if not _runs(*playwright, "install", "chromium"):
        return ""
    if works() or (apt and _runs(*playwright, "install-deps", "chromium") and works()):
        return "by Playwright"
    return ""


def _runs(*command: str) -> bool:
    """Run a command that installs something; only if it fails, show the last line it printed."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"{shlex.join(command)}: {error}\n")
        return False
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip().splitlines()
        sys.stderr.write(f"{shlex.join(command)}: {said[-1] if said else done.returncode}\n")
    return done.returncode == 0


def main(arguments: list[str]) -> None:
    """Say which browser is used, or exit saying what to do about it."""
    may_install = arguments == ["--install"] and "KIT_BROWSER" not in os.environ
    came = ""
    if not works():
        came = install() if may_install else ""
        if not came:
            sys.exit(REMEDY)
    with sync_playwright() as playwright:
        place = find_browser(playwright)
    sys.stdout.write(f"{place}, installed {came}\n" if came else f"{place}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
