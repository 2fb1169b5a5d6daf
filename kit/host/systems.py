"""Which system this is, and what to say where it has not what Linux has."""

from __future__ import annotations

import sys

from kit.host.errors import HostError

NAMES = {
    "linux": "Linux",
    "darwin": "macOS",
    "win32": "Windows",
    "emscripten": "the Python of a page",
}
"""What `sys.platform` says -> what people call it."""
ELSEWHERE = "on Linux, as on Binder, it is shown"


def system() -> str:
    """Return what people call this system."""
    return NAMES.get(sys.platform, sys.platform)


def is_linux() -> bool:
    """Tell whether this is Linux."""
    return sys.platform.startswith("linux")


def need_linux(who: str) -> None:
    """Raise `HostError` where programs of the lesson language cannot be run for real.

    Parameters
    ----------
    who : str
        The function that was called, for errors.
    """
    if not is_linux():
        windows = " or in WSL" if sys.platform == "win32" else ""
        raise HostError(
            f"{who}: programs are run for real on Linux only, and this is {system()}; open the "
            f"notebook on Binder{windows}, or look at a recording with kit.host.look"
        )
