"""Firefox and WebKit: small drivers for what a smoke test asks of them.

Playwright drives builds of its own of these browsers, which its one server has; these are the ones
of the system. Firefox speaks WebDriver BiDi itself; WebKit has a driver, which Selenium speaks to.
``python -m tests.browser.other_browsers`` installs them where the system's packages have them, and
with them the Chromium that has no window, in which most other tests run.
"""

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from websocket import WebSocket, create_connection

SECONDS = 60
SIZE = (1366, 768)
PACKAGES = ("firefox-esr", "webkit2gtk-driver", "xvfb")
SHELL = "chromium-headless-shell"
FIREFOX = ("firefox-esr", "firefox")
DRIVER = "WebKitWebDriver"
REMEDY = "Firefox, WebKit's driver and Xvfb are needed: python -m tests.browser.other_browsers"


class OtherBrowser(Protocol):
    """A browser with one page."""

    def open(self, address: str) -> None:
        """Go to an address, and wait until it is loaded."""

    def run(self, function: str) -> Any:
        """Call a JavaScript function, which may be asynchronous, and return what it returns."""

    def errors(self) -> list[str]:
        """What went wrong in the page, as its console told it."""


class Firefox:
    """A page of Firefox, over WebDriver BiDi.

    Definition: https://www.w3.org/TR/webdriver-bidi/
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self._errors: list[str] = []
        self._ask("session.new", capabilities={})
        (page,) = self._ask("browsingContext.getTree")["contexts"]
        self._page = page["context"]
        self._ask("session.subscribe", events=["log.entryAdded"])
        size = {"width": SIZE[0], "height": SIZE[1]}
        self._ask("browsingContext.setViewport", context=self._page, viewport=size)

    def open(self, address: str) -> None:
        """Go to an address, and wait until it is loaded."""
        self._ask("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def run(self, function: str) -> Any:
        """Call a JavaScript function, which may be asynchronous, and return what it returns."""
        expression = f"({function})().then(JSON.stringify)"
        target = {"context": self._page}
        done = self._ask("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert done["type"] == "success", done
        return json.loads(done["result"]["value"])

    def errors(self) -> list[str]:
        """What went wrong in the page, as its console told it."""
        return self._errors

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("method") == "log.entryAdded" and told["params"]["level"] == "error":
                self._errors.append(told["params"]["text"])
            if told.get("id") == number:
                assert told["type"] == "success", told
                result: dict[str, Any] = told["result"]
                return result


class WebKit:
    """A page of WebKitGTK, over WebDriver."""

    def __init__(self, driver: webdriver.WebKitGTK) -> None:
        self._driver = driver
        driver.set_script_timeout(SECONDS)
        driver.set_window_size(*SIZE)

    def open(self, address: str) -> None:
        """Go to an address, and wait until it is loaded."""
        self._driver.get(address)

    def run(self, function: str) -> Any:
        """Call a JavaScript function, which may be asynchronous, and return what it returns."""
        script = f"const done = arguments[0]; ({function})().then(JSON.stringify).then(done)"
        return json.loads(self._driver.execute_async_script(script))

    def errors(self) -> list[str]:
        """Nothing: this driver does not tell what the console says."""
        return []


@contextmanager
def firefox() -> Iterator[OtherBrowser]:
    """Start the Firefox of this system, without a window."""
    found = [path for path in map(shutil.which, FIREFOX) if path]
    assert found, REMEDY
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        arguments = ["--headless", "--no-remote", "--profile", home, "--remote-debugging-port", "0"]
        with subprocess.Popen(
            [found[0], *arguments, "about:blank"],
            env=os.environ | {"HOME": home, "MOZ_CRASHREPORTER_DISABLE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stderr is not None
                said = (line.split()[-1] for line in process.stderr if " ws://" in line)
                place = next(said, None)
                assert place, f"{found[0]} ended before it said where it listens"
                # It refuses whoever says that he comes from a page.
                socket = create_connection(
                    f"{place}/session", timeout=SECONDS, suppress_origin=True
                )
                yield Firefox(socket)
                socket.close()
            finally:
                process.terminate()


@contextmanager
def webkit() -> Iterator[OtherBrowser]:
    """Start the WebKit of this system, on a screen of its own."""
    tools = shutil.which(DRIVER), shutil.which("Xvfb")
    browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-*/MiniBrowser"))
    assert all(tools), REMEDY
    assert browsers, REMEDY
    screen = [str(tools[1]), "-displayfd", "1", "-screen", "0", "1600x1000x24"]
    with subprocess.Popen(
        screen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as xvfb:
        try:
            assert xvfb.stdout is not None
            display = xvfb.stdout.readline().strip()
            # Where there is no graphics card it draws nothing otherwise.
            own = {"DISPLAY": f":{display}", "WEBKIT_DISABLE_DMABUF_RENDERER": "1"}
            options = Options()
            options.binary_location = str(browsers[-1])
            options.add_argument("--automation")
            service = Service(str(tools[0]), env=os.environ | own)
            driver = webdriver.WebKitGTK(options=options, service=service)
            try:
                yield WebKit(driver)
            finally:
                driver.quit()
        finally:
            xvfb.terminate()


BROWSERS = {"firefox": firefox, "webkit": webkit}


def main() -> None:
    """Install what is missing, as far as the system's packages have it and it may be done."""
    if sys.platform != "linux":
        return
    may_install = shutil.which("apt-get") is not None and os.geteuid() == 0
    if not all(map(shutil.which, (FIREFOX[0], DRIVER, "Xvfb"))):
        if not may_install:
            named = ", ".join(PACKAGES)
            sys.exit(f"Firefox, WebKit's driver and Xvfb are needed; install {named}")
        _install(*PACKAGES)
    if may_install and not shutil.which(SHELL):
        # Tests run in any Chromium. Not every system has this one, and the network may be down.
        with suppress(subprocess.CalledProcessError):
            _install(SHELL)


def _install(*packages: str) -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], env=quiet, stdout=subprocess.DEVNULL, check=True)
    sys.stdout.write(f"installed {', '.join(packages)}\n")


if __name__ == "__main__":
    main()
