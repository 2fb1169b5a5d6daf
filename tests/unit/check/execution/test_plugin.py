"""The plugin in a teacher's own run of pytest."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.unit.check.execution.writing_notebooks import write

pytestmark = pytest.mark.notebook

SHUFFLE = """
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    items.reverse()
"""


def run(folder: Path, *options: str, python: tuple[str, ...] = ()) -> tuple[int, str, str]:
    """Run pytest as a teacher does; return its exit code and what it wrote."""
    quick = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    command = [sys.executable, *python, "-m", "pytest", *quick, *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_notebooks_of_a_teacher_with_workers(tmp_path: Path):
    """Strict settings, two workers and shuffled tests: a notebook stays together, in order.

    A failure names the notebook, the cell, the cause and the remedy, and what is not run
    any more says why.
    """
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    (tmp_path / "conftest.py").write_text(SHUFFLE)
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")
    good = [write(tmp_path / f"good_{n}.ipynb", "x = 1", "x += 1", "assert x == 2") for n in "ab"]
    write(tmp_path / "unit" / "bad.ipynb", "x = 1", "import os\nos._exit(3)", "assert x == 1")
    code, out, _ = run(tmp_path, "--nbval-lax", "-n", "2", "-v", "-rs", "--junitxml=junit.xml")
    assert code == 1, out
    assert "unit/bad.ipynb, cell 2 (" in out
    assert "the kernel died while this cell ran (exit code 3) [kernel-died]" in out
    assert "-> look for exit()" in out
    assert "not run, because the kernel died in cell 2" in out
    assert "xpassed" not in out
    assert re.search(r"1 failed, 18 passed, 6 skipped", out), out
    for notebook in good:
        workers = re.findall(rf"\[(gw\d)\] .*PASSED {re.escape(notebook.name)}::", out)
        assert len(workers) == 8
        assert len(set(workers)) == 1
    tree = ET.parse(tmp_path / "junit.xml")
    assert len(tree.findall(".//testcase")) == 25


def test_other_kernel_and_other_timeout(tmp_path: Path):
    """A notebook for a kernel that is not there fails once, and says what to choose.

    The setting for how long a cell may take holds unless the option of nbval is given.
    """
    (tmp_path / "pyproject.toml").write_text("[tool.kit.check]\ncell_seconds = 50\n")
    other = {"name": "no-such-kernel", "display_name": "None", "language": "none"}
    write(tmp_path / "other.ipynb", "1", "2", kernel=other)
    write(tmp_path / "slow.ipynb", "import time\ntime.sleep(100)")
    code, out, _ = run(tmp_path, "--nbval-lax", "--nbval-cell-timeout=2")
    assert code == 1
    assert "there is no kernel 'no-such-kernel' here [kernel]" in out
    assert "-> run `kit clean` on the notebook, which sets the kernel python3" in out
    assert "the cell did not end within 2 s [timeout]" in out
    assert "time.sleep(100)" in out
    assert "2 failed, 11 skipped" in out


def test_other_runs_of_pytest_are_left_alone(tmp_path: Path):
    """Without --nbval the plugin loads neither nbval nor widgets, and collects no notebook."""
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")
    write(tmp_path / "bad.ipynb", "missing")
    code, out, imported = run(tmp_path, "-p", "no:nbval", python=("-X", "importtime"))
    assert code == 0, out
    assert "1 passed" in out
    modules = set(re.findall(r"\| +([\w.]+)$", imported, re.MULTILINE))
    assert "kit.check.execution.run" in modules
    # Only what the kit needs anyway may be loaded: the rest may not be installed.
    unwanted = ("nbval", "ipywidgets", "jupyter_client", "nbformat", "zmq", "psutil", "json5")
    assert not [module for module in modules if module.startswith(unwanted)]
    code, out, _ = run(tmp_path, "--help", "-p", "no:nbval")
    assert code == 0
    assert "kit-report" not in out
