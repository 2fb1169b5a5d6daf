"""A page of JupyterLab that is asked for things, and never waited for beyond a time."""

from __future__ import annotations

import importlib.resources
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Playwright, ViewportSize

from kit.check.browser.chromium import launch
from kit.check.browser.page_logs import PageLog
from kit.check.browser.servers import Server
from kit.errors import KitError

VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
LOAD_SECONDS = 90
ASK_SECONDS = 10
CLOSE_SECONDS = 10
PREFERENCES: dict[str, dict[str, object]] = {
    # Cells out of sight are drawn too, so that all outputs can be looked at.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
"""Settings of a JupyterLab in which notebooks are looked at; see `running_server`."""

_SCRIPT = importlib.resources.files("kit.check.browser").joinpath("in_page.js")
# Every button is pressed; what fills the screen would hide the rest of the notebook, and the next.
_STAY_AS_LARGE = "Element.prototype.requestFullscreen = () => Promise.resolve()"
# anywidget gives a widget up that is not ready after 2 s. That a machine which checks is slow is
# no fault of a notebook; how long a widget may take is said in the settings.
_BE_PATIENT = """(() => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(Math.max(ms, 120000));
})()"""
_IS_READY = "() => window.jupyterapp?.restored.then(() => true)"


class PageLost(Exception):  # noqa: N818 - it is the page that is so
    """A page that does not answer, has crashed, or failed at what it was asked for.

    Attributes
    ----------
    late : bool
        Whether it did not answer in time.
    """

    def __init__(self, message: str, late: bool) -> None:
        super().__init__(message)
        self.late = late


class Lab:
    """JupyterLab in a browser: one page, and another one when that is lost.

    Parameters
    ----------
    playwright : Playwright
    server : Server
        A running JupyterLab, made with `PREFERENCES`.
    started : callable, optional
        Is told the process of each browser that is started.

    Attributes
    ----------
    log : PageLog
        What the page has reported since the browser was started.

    Raises
    ------
    KitError
        If there is no browser, or JupyterLab does not come up in it.
    """

    def __init__(
        self,
        playwright: Playwright,
        server: Server,
        started: Callable[[int], None] = lambda _pid: None,
    ) -> None:
        self._playwright, self._server, self._started = playwright, server, started
        self.open()

    def open(self) -> None:
        """Start the browser, and show JupyterLab in it."""
        self._browser = launch(self._playwright, self._server.log.parent)
        devtools = self._browser.new_browser_cdp_session()
        processes = devtools.send("SystemInfo.getProcessInfo")["processInfo"]
        self._process = next(p["id"] for p in processes if p["type"] == "browser")
        self._started(self._process)
        # What a button may do when a person presses it, it may do here.
        self._page = self._browser.new_page(
            viewport=VIEWPORT, permissions=["clipboard-read", "clipboard-write"]
        )
        for script in (_STAY_AS_LARGE, _BE_PATIENT):
            self._page.add_init_script(script)
        self.log = PageLog.of(self._page)
        try:
            self._page.goto(self._server.app_url(), timeout=1000 * LOAD_SECONDS)
            self._page.wait_for_function(_IS_READY, timeout=1000 * LOAD_SECONDS)
            for script in (_SCRIPT.read_text(encoding="utf-8"), AXE_SCRIPT):
                self._page.evaluate(script)
        except Error as error:
            said = "\n".join((error.message, *self.log.console, self._server.log_tail()))
            text = "JupyterLab did not come up in the browser; read what they said"
            raise KitError(f"{text}:\n{said}") from None

    @property
    def is_open(self) -> bool:
        """Whether the browser runs."""
        return self._browser.is_connected()

    def close(self) -> None:
        """End the browser, whatever state it is in, and the kernels of the page."""
        with suppress(Error), self._within(CLOSE_SECONDS):
            self._browser.close()
        for kernel in set(self.log.traffic.kernel_ids):
            self._server.stop_kernel(kernel)

    def ask(self, call: str, argument: object = None, seconds: float = ASK_SECONDS) -> Any:
        """Call one of the functions of ``in_page.js``, and return what it returns.

        Parameters
        ----------
        call : str
            The name of the function.
        argument : object
            What it is given; JSON.
        seconds : float
            How long that may take.

        Raises
        ------
        PageLost
            If it takes longer, or fails; only `close` makes sense after that.
        """
        start = time.monotonic()
        try:
            with self._within(seconds):
                return self._page.evaluate(f"argument => kitCheck.{call}(argument)", argument)
        except Error as error:
            late = time.monotonic() - start >= seconds
            text = re.sub(r"^\w+\.\w+: ", "", error.message)
            raise PageLost(text.splitlines()[0], late) from None

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Kill the browser if it takes longer: nothing else ends a script that never does."""
        timer = threading.Timer(seconds, self._kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _kill(self) -> None:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(self._process).kill()
