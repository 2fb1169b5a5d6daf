"""Asks repo2docker what it would make of a folder, and writes the answer as JSON.

It is run as a program of its own, with the folder as its only argument, because
repo2docker works on the current folder of its process.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import repo2docker
from repo2docker.__main__ import make_r2d
from repo2docker.buildpacks.conda.supported_python_version import SUPPORTED_PYTHON_VERSION
from repo2docker.utils import is_local_pip_requirement

# conda's list of what repo2docker begins with has a line such as https://…/python-3.11.14-….conda
BASE = re.compile(r"/python-(\d+\.\d+\.\d+)-")
OPTIONS = ("--no-build", "--debug", "--user-id=1000", "--user-name=jovyan")


def answer(folder: str) -> dict[str, object]:
    """Return what repo2docker would do with a folder; its errors are not caught."""
    os.chdir(folder)
    log = io.StringIO()
    dockerfile = io.StringIO()
    with contextlib.redirect_stderr(log), contextlib.redirect_stdout(dockerfile):
        application = make_r2d([*OPTIONS, "."])
        # Binder's machines are of this kind, whatever this one is.
        application.platform = "linux/amd64"
        application.initialize()
        application.start()
        made = [kind(base_image=application.base_image) for kind in application.buildpacks]
        fallback = application.default_buildpack(base_image=application.base_image)
        chosen = next((pack for pack in made if pack.detect()), fallback)
        chosen.platform = application.platform
        files: Mapping[str, str] = getattr(chosen, "get_build_script_files", dict)()
    requirements = Path(chosen.binder_path("requirements.txt"))
    text = requirements.read_text("utf-8", "replace") if requirements.is_file() else ""
    return {
        "buildpack": type(chosen).__name__,
        "python": getattr(chosen, "python_version", ""),
        "release": _release(files),
        "local": [line.strip() for line in text.splitlines() if is_local_pip_requirement(line)],
        "dockerfile": dockerfile.getvalue(),
        "log": log.getvalue(),
        "supported": list(SUPPORTED_PYTHON_VERSION),
    }


def _release(files: Mapping[str, str]) -> str:
    """Return which Python the files install that repo2docker begins with, or nothing."""
    place = Path(repo2docker.__file__).parent / "buildpacks"
    locks = [place / name for name in files if name.endswith(".lock")]
    found = (BASE.search(lock.read_text(encoding="utf-8")) for lock in locks)
    return next((match[1] for match in found if match), "")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answer(sys.argv[1])))
