"""The browser that `kit check --browser` uses."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

from kit.check.doctor.diagnostic import Diagnostic, install_extra
from kit.errors import KitError


def check() -> Iterator[Diagnostic]:
    """Yield whether there is a browser that starts."""
    names = ("axe_playwright_python", "playwright")
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        found = f"{missing[0]} is not installed; only `kit check --browser` needs it"
        yield Diagnostic("browser", "note", found, install_extra("browser"))
        return
    from playwright.sync_api import sync_playwright

    from kit.check.browser import chromium

    with sync_playwright() as playwright:
        try:
            browser = chromium.launch(playwright)
        except KitError as error:
            found, _, remedy = str(error).partition("; ")
            yield Diagnostic("browser", "wrong", found, remedy)
            return
        path = chromium.find_browser(playwright)
        yield Diagnostic("browser", "well", f"Chromium {browser.version}, {path}")
        browser.close()
