"""Putting what the pages need from npm into the package, so that a release needs no network.

``python -m kit.authoring.site.vendoring`` does it, before the wheel is built.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from kit.authoring.lite import runtime
from kit.authoring.site.assets import PACKAGES
from kit.authoring.site.npm import VENDOR, fetch, folder_of

NEEDED = (
    *("package.json", "LICENSE*", "require.js", "dist/libembed-amd.js", "dist/*.woff2"),
    *("dist/mermaid.tiny.js", "files/*.woff2"),
    *("pyodide.mjs", "pyodide.js", "pyodide.asm.*", "python_stdlib.zip", "pyodide-lock.json"),
)
"""What is taken along of each package."""


def vendor(place: Path = VENDOR) -> list[Path]:
    """Copy the needed files of each package into a folder, and return the files.

    Parameters
    ----------
    place : Path
        Made anew; that of the package if not given.

    Raises
    ------
    KitError
        If a package cannot be fetched, or is not what was written down.
    """
    packages = (*PACKAGES, ("pyodide", runtime.VERSION, runtime.INTEGRITY))
    sources = [(fetch(*package), place / folder_of(*package[:2])) for package in packages]
    copied = []
    for source, target in sources:
        if source == target:
            continue
        shutil.rmtree(target, ignore_errors=True)
        for file in (file for pattern in NEEDED for file in sorted(source.glob(pattern))):
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copied.append(Path(shutil.copyfile(file, copy)))
    return copied


if __name__ == "__main__":
    sys.stdout.write(f"{len(vendor())} files are in {VENDOR}\n")
