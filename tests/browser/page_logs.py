"""The log of each page under test, to be asked for by the page."""

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from playwright.sync_api import Page

from kit.check.browser.page_logs import PageLog
from kit.check.browser.servers import Server
from kit.check.browser.websockets import WidgetTraffic


@dataclass
class WatchedLog(PageLog):
    """A page's log, and the servers that a failing test shows the logs of."""

    servers: list[Server] = field(default_factory=list)


_logs: WeakKeyDictionary[Page, WatchedLog] = WeakKeyDictionary()


def watch(page: Page) -> WatchedLog:
    """Start to listen to a page; to be called before it goes anywhere."""
    _logs[page] = log = WatchedLog.of(page)
    return log


def log_of(page: Page) -> WatchedLog:
    """All that a watched page has reported."""
    return _logs[page]


def traffic(page: Page) -> WidgetTraffic:
    """Every message between a watched page and its kernels."""
    return _logs[page].traffic


def assert_no_errors(page: Page) -> None:
    """Fail when the page has reported an error that is not known to be harmless."""
    found = log_of(page).unexpected
    assert not found, "The page reported:\n" + "\n".join(map(str, found))
