"""Many prints by one start of a browser, which is most of the work of printing a page."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from kit.browsers import FLAGS, SECONDS, TO_PRINT, installed_browsers, write_pdf
from kit.errors import KitError
from kit.files import write_bytes

_PRINT = {
    "displayHeaderFooter": False,
    "generateTaggedPDF": True,
    "preferCSSPageSize": True,
    "printBackground": True,
}
_LEAST = 10
"""The first number that the ends of a pipe may have: 3 and 4 are those that a browser uses."""
# The browser speaks by the files 3 and 4, as which only the process itself can have them.
_START = (
    "import os, sys\n"
    "os.dup2(int(sys.argv[1]), 3)\n"
    "os.dup2(int(sys.argv[2]), 4)\n"
    "os.execvp(sys.argv[3], sys.argv[3:])\n"
)


class Printer:
    """Prints pages into files; a context manager, which ends its browser.

    The browser is started for the first page. On Windows there is one start a page.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._speaker: _Speaker | None = None
        self._folder = Path()
        self._session = ""

    def __enter__(self) -> Printer:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        self._open.close()

    def write(self, path: Path, page: str) -> None:
        """Write what the browser prints of a page.

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
        if sys.platform == "win32" or not installed_browsers():
            write_pdf(path, page)  # which says what is missing
            return
        try:
            made = self._printed(path, page)
        except (OSError, ValueError, KeyError) as error:
            raise KitError(
                f"{path}: {installed_browsers()[0]} printed nothing ({error}); {TO_PRINT}"
            ) from None
        write_bytes(path, made)

    def _printed(self, path: Path, page: str) -> bytes:
        speaker = self._speaker or self._start(path.absolute().parent)
        given = self._folder / "page.html"
        given.write_text(page, encoding="utf-8")
        loader = speaker.ask("Page.navigate", self._session, url=given.as_uri())["loaderId"]
        speaker.wait_for("Page.lifecycleEvent", name="load", loaderId=loader)
        told = speaker.ask("Page.printToPDF", self._session, **_PRINT)
        return base64.b64decode(told["data"])

    def _start(self, near: Path) -> _Speaker:
        # A browser in a package of its own may see no other folder than the user's.
        made = tempfile.TemporaryDirectory(prefix=".kit-", dir=near, ignore_cleanup_errors=True)
        self._folder = Path(self._open.enter_context(made))
        speaker = _Speaker(self._folder / "profile")
        self._open.callback(speaker.end)
        target = speaker.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = speaker.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        speaker.ask("Page.enable", self._session)
        speaker.ask("Page.setLifecycleEventsEnabled", self._session, enabled=True)
        self._speaker = speaker
        return speaker


class _Speaker:
    """A browser that is asked by its pipe, a message of JSON at a time."""

    def __init__(self, profile: Path) -> None:
        ours_to_read, theirs_to_write = _pipe()
        theirs_to_read, ours_to_write = _pipe()
        self._in, self._out = ours_to_read, ours_to_write
        self._number = 0
        self._rest = b""
        self._heard: list[dict[str, Any]] = []
        try:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-c", _START, str(theirs_to_read), str(theirs_to_write)),
                    *(str(installed_browsers()[0]), "--headless", *FLAGS),
                    *("--remote-debugging-pipe", f"--user-data-dir={profile}"),
                ],
                pass_fds=(theirs_to_read, theirs_to_write),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            for one in (self._in, self._out):
                os.close(one)
            raise
        finally:
            for one in (theirs_to_read, theirs_to_write):
                os.close(one)

    def ask(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Ask for something, and return what is answered."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": session} if session else {}
        os.write(self._out, json.dumps(message).encode() + b"\0")
        told = self._next(lambda one: one.get("id") == self._number)
        if "error" in told:
            raise ValueError(told["error"].get("message", "it gave no reason"))
        result: dict[str, Any] = told["result"]
        return result

    def wait_for(self, event: str, **told: object) -> None:
        """Wait until something has happened of which such things are told."""
        self._next(lambda one: one.get("method") == event and told.items() <= one["params"].items())
        self._heard.clear()

    def end(self) -> None:
        """End the browser."""
        with suppress(OSError):
            os.write(self._out, b'{"id": 0, "method": "Browser.close"}\0')
        for one in (self._out, self._in):
            os.close(one)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _next(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        until = time.monotonic() + SECONDS
        while True:
            for place, one in enumerate(self._heard):
                if is_it(one):
                    return self._heard.pop(place)
            if not select.select([self._in], [], [], max(0.0, until - time.monotonic()))[0]:
                raise OSError(f"it did not answer within {SECONDS} s")
            heard = os.read(self._in, 1 << 16)
            if not heard:
                raise OSError("it has ended")
            *whole, self._rest = (self._rest + heard).split(b"\0")
            self._heard += [json.loads(one) for one in whole]


def _pipe() -> tuple[int, int]:
    """Return the ends of a pipe, which are none of those that a browser speaks by."""
    import fcntl  # noqa: PLC0415 - Windows has none

    ends = os.pipe()
    try:
        first, second = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, _LEAST) for one in ends)
    finally:
        for one in ends:
            os.close(one)
    return first, second
