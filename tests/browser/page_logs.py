"""What a page reports of itself: console errors, exceptions, messages to its kernel."""

import re
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from playwright.sync_api import ConsoleMessage, Error, Page

from tests.browser.servers import Server
from tests.browser.websockets import WidgetTraffic

# Third-party noise that no lesson can help; each pattern says what it is.
HARMLESS = (
    # Voila's page asks a CDN for icons, which a machine without the Internet cannot get.
    re.compile(r"Failed to load resource: .*https://cdn\.jsdelivr\.net/npm/@fortawesome/"),
    # Voila loads the extensions of JupyterLab too, and leaves out the one that is not for it.
    re.compile(r"RUNTIME-012\nargs: \{\"shareKey\":\"@jupyterlab/docregistry\"\}"),
    # Notebook 7 may load another plugin's settings before those of its shortcuts.
    re.compile(r"reading 'schema'\)\n +at \S+/static/notebook/notebook_core\."),
)


@dataclass
class PageLog:
    """All that one page has reported."""

    traffic: WidgetTraffic
    console: list[str] = field(default_factory=list)  # everything, for a failing test to show
    errors: list[str] = field(default_factory=list)
    servers: list[Server] = field(default_factory=list)

    def take_console(self, message: ConsoleMessage) -> None:
        """Keep a line of the console."""
        line = f"{message.type}: {message.text} ({message.location['url']})"
        self.console.append(line)
        if message.type == "error":
            self.errors.append(line)

    def take_exception(self, error: Error) -> None:
        """Keep an exception that nothing on the page caught."""
        self.errors.append(f"exception: {error.stack or error.message}")


_logs: WeakKeyDictionary[Page, PageLog] = WeakKeyDictionary()


def watch(page: Page) -> PageLog:
    """Start to listen to a page; to be called before it goes anywhere."""
    log = PageLog(WidgetTraffic(page))
    page.on("console", log.take_console)
    page.on("pageerror", log.take_exception)
    _logs[page] = log
    return log


def log_of(page: Page) -> PageLog:
    """All that a watched page has reported."""
    return _logs[page]


def traffic(page: Page) -> WidgetTraffic:
    """Every message between a watched page and its kernels."""
    return _logs[page].traffic


def assert_no_errors(page: Page) -> None:
    """Fail when the page has reported an error that is not known to be harmless."""
    errors = log_of(page).errors
    found = [e for e in errors if not any(noise.search(e) for noise in HARMLESS)]
    assert not found, "The page reported:\n" + "\n".join(found)
