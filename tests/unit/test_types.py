"""The types of the kit as the type checker of a user's own project sees them."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.notebook

USED = """
from kit import Machine
from kit.scenarios import lost_update
from kit.widgets import Stage

reveal_type(lost_update().at(3))
reveal_type(Machine().run())
Stage(lost_update(), views=3)
Machine(coers=2)
"""


def test_the_type_checker_of_a_user_sees_the_types(tmp_path: Path):
    """Results have their types, also of names loaded when they are used; mistakes are told."""
    (tmp_path / "used.py").write_text(USED, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--cache-dir", tmp_path / "cache", "used.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 'used.py:6: note: Revealed type is "kit.trace.moment.Moment"' in done.stdout
    assert 'used.py:7: note: Revealed type is "kit.trace.trace.Trace"' in done.stdout
    assert 'used.py:8: error: Argument "views" to "Stage"' in done.stdout
    assert 'used.py:9: error: Unexpected keyword argument "coers" for "Machine"' in done.stdout
    assert "Found 2 errors in 1 file" in done.stdout
