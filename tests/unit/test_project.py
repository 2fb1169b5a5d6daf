"""What the project says about itself is true."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.notebook

ROOT = Path(__file__).parents[2]


def pins(path: str) -> dict[str, set[str]]:
    """Package -> the versions a lock file names for it."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;]+)", (ROOT / path).read_text(), re.MULTILINE
    ):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("number", range(11))
def test_python_in_the_readme_runs(number: int):
    """Each Python example of the README runs as it stands, and complains of nothing."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert len(blocks) == 11
    command = [sys.executable, "-c", blocks[number]]
    done = subprocess.run(command, check=True, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert done.stderr == ""


def test_first_animation_takes_five_lines():
    """The README's first example is as short as it promises."""
    first = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert first is not None
    assert len(first[1].strip().splitlines()) == 5


def test_links_and_pictures_exist():
    """Every local link in the documents leads to a file."""
    for document in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
            if not target.startswith("http"):
                assert (ROOT / target).exists(), f"{document.name}: {target}"


def test_make_targets_in_the_documents_exist():
    """Every make target that a document names is in the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / name).read_text(), re.MULTILINE))
        assert named
        assert named <= targets, name


def test_binder_has_the_versions_of_the_lock():
    """Binder installs exactly what CI tests, and all that the lessons need."""
    lock, binder = pins("requirements.lock"), pins("binder/requirements.txt")
    assert {name for name, versions in binder.items() if not versions <= lock[name]} == set()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["lessons"]
    names = {re.split(r"[<>=\[]", requirement)[0] for requirement in wanted}
    assert names <= binder.keys()
