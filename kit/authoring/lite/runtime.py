"""Which Pyodide the browser-only Jupyter runs on: CPython compiled to WebAssembly."""

from __future__ import annotations

from pathlib import Path

from kit.authoring.site.npm import fetch

VERSION = "314.0.6"
"""The one that `jupyterlite-pyodide-kernel` is made for; its Python is 3.14."""
INTEGRITY = (
    "sha512-BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ"
    "=="
)


def runtime() -> Path:
    """Return the folder of the Pyodide runtime from npm: Python and its library.

    Packages that are compiled, such as numpy, are not in it; Pyodide's own distribution
    has them.

    Raises
    ------
    KitError
        If it cannot be fetched.
    """
    return fetch("pyodide", VERSION, INTEGRITY)
