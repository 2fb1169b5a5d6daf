"""Saying what to install where a part of the kit needs more than its widgets do."""

from __future__ import annotations

import importlib.util

from kit.errors import KitError


def need(extra: str, *modules: str) -> None:
    """Check that the packages of an extra are installed.

    Parameters
    ----------
    extra : str
        Name of an extra of the kit, such as "check".
    *modules : str
        What is going to be imported from it.

    Raises
    ------
    KitError
        If one is missing; it says what to install.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise KitError(f"{missing[0]} is not installed; run: pip install 'os-course-kit[{extra}]'")
