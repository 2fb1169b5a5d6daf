"""The plain layers in Pyodide, which Node.js runs: Python as a browser has it, with 32 bits."""

import json
import subprocess
from pathlib import Path

import pytest

from kit.authoring.lite.runtime import runtime
from tests.node import REMEDY, find_node
from tests.pyodide import JAVASCRIPT, ROOT, SCRIPT, assert_equal_to_cpython, write_archive

pytestmark = pytest.mark.notebook

RUNNER = f"""
import sys
from importlib.util import module_from_spec, spec_from_loader
from kit.scenarios import lost_update

runner = sys.modules["runner"] = module_from_spec(spec_from_loader("runner", None))
exec({(ROOT / "kit/runner.py").read_text(encoding="utf-8")!r}, vars(runner))

async def report():
    told = []
    one = runner.Runner(told.append)
    one.start(lost_update)
    one.start(lambda: 1 / 0)
    return f"{{one.running}} {{told[0].trace.output(2).strip()}} {{told[1].error!r}} {{len(told)}}"
"""
"""What a sandbox and an editor run with; it has no need of widgets."""


def in_node(tmp_path: Path, script: Path) -> str:
    """Return what a script's `report` gives in Pyodide."""
    node = find_node()
    assert node, REMEDY
    archive = write_archive(tmp_path / "kit.zip")
    done = subprocess.run(
        [node, JAVASCRIPT / "pyodide_in_node.mjs", runtime(), archive, script],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_fact_is_that_of_cpython(tmp_path: Path):
    """Compiling, running, telling, asking and exploring give the same in Pyodide as in CPython."""
    told = in_node(tmp_path, SCRIPT)
    assert_equal_to_cpython(told)
    changed = json.loads(told)
    changed["facts"]["told deadlock"] = "0"
    with pytest.raises(AssertionError, match="told deadlock"):
        assert_equal_to_cpython(json.dumps(changed))


def test_runs_need_no_threads(tmp_path: Path):
    """What a sandbox runs, which has a thread elsewhere, runs where Python has none."""
    script = tmp_path / "runs.py"
    script.write_text(RUNNER, encoding="utf-8")
    told = in_node(tmp_path, script)
    assert told == "False count 4 ZeroDivisionError('division by zero') 2"
