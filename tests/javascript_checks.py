"""Types, style and layout of the JavaScript: what mypy and ruff are for the Python.

`python -m tests.javascript_checks install` brings the tools from npm into the virtual environment,
in the versions of `package-lock.json`; without `install` they are run, with `fix` they mend what
they can.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.node import REMEDY, find_node, find_npm

ROOT = Path(__file__).parents[1]
CONFIGURATION = ROOT / "tests" / "javascript"
TOOLS = Path(sys.prefix) / "javascript"
PROJECTS = ("tsconfig.json", "tsconfig.tests.json")
CHECKED = ("kit", "tests/javascript")


def install() -> int:
    """Install the tools from scratch; packages are checked against the digests of the lock."""
    TOOLS.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(CONFIGURATION / name, TOOLS)
    npm = find_npm()
    if npm is None:
        sys.exit(REMEDY)
    return _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=TOOLS)


def check(*, fix: bool = False) -> int:
    """Run the tools, all of them whatever the first ones find; 0 if nothing is wrong."""
    modules = TOOLS / "node_modules"
    types = ("--typeRoots", modules / "@types")
    found = [
        _run(modules / "typescript/bin/tsc", "--project", CONFIGURATION / project, *types)
        for project in PROJECTS
    ]
    style = ("check", "--config-path", CONFIGURATION / "biome.settings.jsonc")
    how = ("--error-on-warnings", *(["--write"] if fix else []))
    found.append(_run(modules / "@biomejs/biome/bin/biome", *style, *how, *CHECKED))
    return max(found)


def _run(script: Path, *arguments: str | Path, folder: Path = ROOT) -> int:
    node = find_node()
    if node is None:
        sys.exit(REMEDY)
    return subprocess.run([node, script, *arguments], cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(install() if sys.argv[1:] == ["install"] else check(fix=sys.argv[1:] == ["fix"]))
