"""What a page reports of itself: console errors, exceptions, messages to its kernel."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self

from playwright.sync_api import ConsoleMessage, Error, Page

from kit.check.browser.websockets import WidgetTraffic

# Third-party noise that no lesson can help; each pattern says what it is.
HARMLESS = (
    # Voila's page asks a CDN for icons, which a machine without the Internet cannot get.
    re.compile(r"Failed to load resource: .*https://cdn\.jsdelivr\.net/npm/@fortawesome/"),
    # Voila loads the extensions of JupyterLab too, and leaves out the one that is not for it.
    re.compile(r"RUNTIME-012\nargs: \{\"shareKey\":\"@jupyterlab/docregistry\"\}"),
    # Notebook 7 may load another plugin's settings before those of its shortcuts.
    re.compile(r"reading 'schema'\)\n +at \S+/static/notebook/notebook_core\."),
    # ipywidgets lays out a view that was closed in the meantime.
    re.compile(r"reading 'processLuminoMessage'\)"),
)


@dataclass(frozen=True)
class PageError:
    """An error on the console, or an exception that nothing on the page caught.

    Attributes
    ----------
    text : str
        What it says; its first line is what went wrong, the others where.
    url : str
        The script, or what could not be loaded; nothing for an exception.
    """

    text: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.url})" if self.url else self.text


@dataclass
class PageLog:
    """All that one page has reported since it was made.

    Attributes
    ----------
    traffic : WidgetTraffic
        Every message between the page and its kernels.
    console : list of str
        Every line of the console.
    errors : list of PageError
    """

    traffic: WidgetTraffic
    console: list[str] = field(default_factory=list)
    errors: list[PageError] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> Self:
        """Start to listen to a page; to be called before it goes anywhere."""
        log = cls(WidgetTraffic(page))
        page.on("console", log.take_console)
        page.on("pageerror", log.take_exception)
        return log

    @property
    def unexpected(self) -> list[PageError]:
        """The errors that are not known to be harmless."""
        return [e for e in self.errors if not any(noise.search(str(e)) for noise in HARMLESS)]

    def forget_errors(self) -> None:
        """Forget the errors until now."""
        self.errors.clear()

    def clear(self) -> None:
        """Forget all that was reported until now."""
        self.console.clear()
        self.errors.clear()
        self.traffic.messages.clear()

    def take_console(self, message: ConsoleMessage) -> None:
        """Keep a line of the console."""
        url = message.location["url"]
        self.console.append(f"{message.type}: {message.text} ({url})")
        if message.type == "error":
            self.errors.append(PageError(message.text, url))

    def take_exception(self, error: Error) -> None:
        """Keep an exception that nothing on the page caught."""
        self.errors.append(PageError(error.stack or f"{error.name}: {error.message}"))
