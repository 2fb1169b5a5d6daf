"""Whether a Pyodide distribution that somebody has at hand holds all that lessons need."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.utils import canonicalize_name

from kit.authoring.lite.runtime import VERSION
from kit.authoring.lite.wheels import requirements
from kit.errors import KitError, plural

LOCK = "pyodide-lock.json"
PARTS = ("pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)
KERNEL = ("micropip", "packaging", "jedi", "ipython", "traitlets", "typing-extensions")
"""What Jupyter's kernel starts with, and what widgets need besides."""


def check_distribution(place: str) -> None:
    """Check that a distribution has Python, and the packages that the kit takes from it.

    Parameters
    ----------
    place : str
        A folder or an archive. What is an address is fetched later, and not looked at.

    Raises
    ------
    KitError
        If there is no such place, or something is missing.
    """
    if "://" in place:
        return
    path = Path(place)
    try:
        names, lock = _in_folder(path) if path.is_dir() else _in_archive(path)
    except (OSError, tarfile.TarError, ValueError) as error:
        raise KitError(
            f"--pyodide {place}: this is no Pyodide distribution: {error}; name the folder or "
            f"the archive of Pyodide {VERSION}"
        ) from None
    missing = [part for part in PARTS if part not in names]
    if missing:
        raise KitError(f"--pyodide {place}: it has no {missing[0]}; name a whole Pyodide {VERSION}")
    wheels = {name: lock[name].get("file_name", "") for name in _needed(lock)}
    absent = sorted(name for name, wheel in wheels.items() if wheel not in names)
    if absent:
        shown = ", ".join(absent[:5]) + (" …" if len(absent) > 5 else "")
        raise KitError(
            f"--pyodide {place}: {plural(len(absent), 'wheel')} that lessons need are not in it "
            f"({shown}); take the full distribution of Pyodide {VERSION}, not the core one"
        )


def _in_folder(folder: Path) -> tuple[set[str], dict[str, Any]]:
    names = {file.name for file in folder.iterdir()}
    text = (folder / LOCK).read_text(encoding="utf-8") if LOCK in names else "{}"
    return names, _packages(text)


def _in_archive(archive: Path) -> tuple[set[str], dict[str, Any]]:
    with tarfile.open(archive) as opened:
        members = {PurePosixPath(one.name).name: one for one in opened.getmembers()}
        lock = opened.extractfile(members[LOCK]) if LOCK in members else None
        return set(members), _packages("{}" if lock is None else lock.read().decode())


def _packages(lock: str) -> dict[str, Any]:
    found = json.loads(lock).get("packages", {})
    return {canonicalize_name(name): package for name, package in found.items()}


def _needed(packages: Mapping[str, Any]) -> set[str]:
    """Return the names of the packages that are needed and that Pyodide has, all told."""
    found: set[str] = set()
    waiting: list[str] = [*KERNEL, *(wanted.name for _, wanted in requirements())]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in packages and name not in found:
            found.add(name)
            depends: Iterable[str] = packages[name].get("depends", ())
            waiting += depends
    return found
