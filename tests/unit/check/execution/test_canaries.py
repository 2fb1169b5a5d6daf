"""What nbval lets pass is found: a folder of bad notebooks, each with its verdict."""

import tomllib
from pathlib import Path

import pytest

from kit.check.execution import RULES, check

pytestmark = pytest.mark.notebook

FOLDER = Path(__file__).parents[3] / "data" / "bad_notebooks" / "execution"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))

# The rules that a notebook by itself cannot break; they are tested elsewhere.
NOT_OF_A_NOTEBOOK = {"kernel", "pytest"}


def test_every_notebook_gets_its_verdict(subtests: pytest.Subtests):
    """Each bad notebook has exactly the expected problems, and each good one has none.

    It is one test, so that all notebooks run once, beside each other.
    """
    results = {
        result.path.relative_to(FOLDER).with_suffix("").as_posix(): result
        for result in check([FOLDER])
    }
    good = {name for name in results if name.startswith("good/")}
    assert results.keys() == EXPECTED.keys() | good
    for name, result in results.items():
        with subtests.test(name):
            told = "\n\n".join(f"{problem}\n{problem.details}" for problem in result.problems)
            expected = EXPECTED.get(name, [])
            assert len(result.problems) == len(expected), told
            for problem, wanted in zip(result.problems, expected, strict=True):
                assert problem.rule == wanted["rule"], told
                assert problem.cell == wanted.get("cell"), told
                assert wanted["says"] in problem.found
                assert wanted.get("advises", "") in problem.remedy
                assert "\x1b" not in problem.details
                for text in (problem.found, problem.remedy):
                    assert text == text.strip().rstrip(".")
                    assert "\n" not in text
            assert result.tier == "execution"
            assert result.path.is_relative_to(FOLDER)
            assert result.passed == (name in good)
    with subtests.test("figures"):
        kit = results["good/kit"]
        assert kit.figures["cells"] == 5
        assert kit.figures["widgets"] >= 10
        assert 50 < kit.figures["peak memory (MB)"] < 300
        assert 0 < kit.figures["running time (s)"] < kit.seconds
        assert results["uncovered"].figures["widgets"] == 4


def test_every_rule_has_a_bad_notebook():
    """No rule is without a notebook that breaks it, and no notebook breaks an unknown rule."""
    broken = {problem["rule"] for problems in EXPECTED.values() for problem in problems}
    assert broken == RULES.keys() - NOT_OF_A_NOTEBOOK
