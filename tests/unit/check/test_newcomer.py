"""Whoever follows CONTRIBUTING.md gets a new rule that works, and needs no other place."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.notebook

ROOT = Path(__file__).parents[3]
STEPS = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RULE = '''

class Shouting(StaticRule):
    """No heading is written in capitals.

    A screen reader spells such a heading letter by letter.
    """

    code, name = "KC199", "shouting"
    remedy = "write it in small letters"

    def look(self, context: LintContext) -> Iterator[Problem]:
        """Yield which headings are in capitals."""
        for cell, heading in context.headings:
            if heading.text.isupper():
                yield cell.problem(self.name, f"the heading '{heading.text}' shouts", self.remedy)
'''
EXPECTED = '\n[shouting]\nrule = "shouting"\nsays = "the heading \'LOUD\' shouts"\ncell = 6\n'


def change(path: Path, old: str, new: str) -> None:
    """Replace a text that is in a file once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, path
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where this copy of the kit comes first."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_rule_needs_what_is_listed_and_nothing_else(tmp_path: Path):
    """A class, a line, a bad notebook and the table: then it is checked, reported and listed."""
    for name in ("kit", "tests"):
        ignored = shutil.ignore_patterns("vendor", "__pycache__", "node_modules")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    section = re.search(r"\*\*A rule of the check\.\*\*(.*?)\n\n\*\*", STEPS, re.DOTALL)
    assert section is not None
    source, table, bad, expected, page = (
        tmp_path / name for name in re.findall(r"`((?:kit|tests)/[^`]+)`", section[1])
    )

    source.write_text(source.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    change(table, "    habits.Paths,\n", "    habits.Paths,\n    habits.Shouting,\n")
    notebook = json.loads((bad / "unknown_line.ipynb").read_text(encoding="utf-8"))
    notebook["metadata"]["kit"]["storyline"] = [1]
    notebook["cells"][5]["source"][-1:] = [notebook["cells"][5]["source"][-1], "\n\n", "## LOUD\n"]
    (bad / "shouting.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    expected.write_text(expected.read_text(encoding="utf-8") + EXPECTED, encoding="utf-8")
    assert run(tmp_path, "-m", "kit", "rules", "--output", str(page)).returncode == 0

    place = str(bad / "shouting.ipynb")
    done = run(tmp_path, "-m", "kit", "check", "--only", "static", place, "--json", "out.json")
    assert done.returncode == 1, done.stderr
    assert "the heading 'LOUD' shouts [shouting] KC199" in done.stdout
    (tier,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["tiers"]
    (problem,) = tier["results"][0]["problems"]
    assert (problem["code"], problem["rule"], problem["cell"]) == ("KC199", "shouting", 6)
    told = run(tmp_path, "-m", "kit", "rules", "KC199").stdout
    assert "A screen reader spells such a heading" in told
    kept = ("tests/unit/check/test_rules.py", "tests/unit/check/static/test_static_canaries.py")
    tests = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *kept)
    assert tests.returncode == 0, tests.stdout
