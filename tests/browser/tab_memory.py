"""How much memory a page takes, as the system counts it: its process, with Python in it."""

import psutil
from playwright.sync_api import Page


def memory_of_tab(page: Page) -> float:
    """Return megabytes of the tab's process, once the browser has looked for garbage.

    Of what it shares with other processes, such as the browser's program, it has its share where
    the system tells it, and else nothing. Other tabs of these tests have been closed.
    """
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    return max(_megabytes(one) for one in psutil.Process().children(recursive=True) if _shows(one))


def _shows(process: psutil.Process) -> bool:
    """Tell whether it is the process of a tab."""
    try:
        return "--type=renderer" in process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _megabytes(process: psutil.Process) -> float:
    try:
        told = process.memory_full_info()
    except psutil.NoSuchProcess:
        return 0.0
    return float(getattr(told, "pss", told.uss)) / 1e6
