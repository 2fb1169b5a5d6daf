"""A Pyodide distribution with what is pure Python in it, made of npm and PyPI.

The real one also has what is compiled, numpy and pandas above all, and comes from a CDN that
tests do not ask.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name, parse_wheel_filename

from kit.authoring.lite.distribution import KERNEL
from kit.authoring.lite.runtime import runtime
from kit.authoring.lite.wheels import PURE


def _wanted(packages: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = list(KERNEL)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            found.add(name)
            waiting += packages[name]["depends"]
    return found


def make_distribution(folder: Path) -> Path:
    """Copy the runtime, add the wheels that its lock file names, and note their digests."""
    shutil.copytree(runtime(), folder)
    file = folder / "pyodide-lock.json"
    lock = json.loads(file.read_text(encoding="utf-8"))
    wanted = _wanted(lock["packages"])
    pins = [f"{name}=={lock['packages'][name]['version']}" for name in sorted(wanted)]
    asked = ("download", "--quiet", "--no-deps", "--only-binary", ":all:", *PURE)
    command = [sys.executable, "-m", "pip", *asked, "--dest", str(folder), *pins]
    subprocess.run(command, check=True, timeout=200)
    # Pyodide leaves tests out of its wheels, so that theirs have other digests.
    for wheel in folder.glob("*.whl"):
        entry = lock["packages"][parse_wheel_filename(wheel.name)[0]]
        entry["file_name"] = wheel.name
        entry["sha256"] = hashlib.sha256(wheel.read_bytes()).hexdigest()
    file.write_text(json.dumps(lock), encoding="utf-8")
    return folder
