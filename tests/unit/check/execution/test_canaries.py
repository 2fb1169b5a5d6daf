"""What nbval lets pass is found: a folder of bad notebooks, each with its verdict."""

import tomllib
from pathlib import Path

import pytest

from kit.check.execution import RULES, check
from kit.check.notebooks import find_notebooks

pytestmark = pytest.mark.notebook

FOLDER = Path(__file__).parents[3] / "data" / "bad_notebooks" / "execution"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))

# The rules that a notebook by itself cannot break; they are tested elsewhere.
NOT_OF_A_NOTEBOOK = {"kernel", "pytest"}


GOOD = [f"good/{path.stem}" for path in sorted((FOLDER / "good").glob("*.ipynb"))]


def one_of_each_rule() -> list[str]:
    """The first notebook that breaks each rule, and a good one that uses the kit."""
    broken, names = set[str](), ["good/kit"]
    for name, problems in EXPECTED.items():
        rules = {problem["rule"] for problem in problems}
        if not rules <= broken:
            broken |= rules
            names.append(name)
    return names


def the_rest() -> list[str]:
    """All notebooks but these, and the good one, whose figures are known."""
    first = one_of_each_rule()
    return ["good/kit", *(name for name in (*EXPECTED, *GOOD) if name not in first)]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(one_of_each_rule(), id="one of each rule"),
        pytest.param(the_rest(), id="the rest", marks=pytest.mark.thorough),
    ],
)
def test_every_notebook_gets_its_verdict(subtests: pytest.Subtests, names: list[str]):
    """Each bad notebook has exactly the expected problems, and each good one has none.

    It is one test, so that all notebooks run once, beside each other.
    """
    results = {
        result.path.relative_to(FOLDER).with_suffix("").as_posix(): result
        for result in check([FOLDER / f"{name}.ipynb" for name in names])
    }
    assert results.keys() == set(names)
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
            assert result.passed == (name in GOOD)
    with subtests.test("figures"):
        kit = results["good/kit"]
        assert kit.figures["cells"] == 5
        assert kit.figures["widgets"] >= 10
        assert 50 < kit.figures["peak memory (MB)"] < 300
        assert 0 < kit.figures["running time (s)"] < kit.seconds
        if "uncovered" in names:
            assert results["uncovered"].figures["widgets"] == 4


def test_every_notebook_has_an_expectation():
    """No notebook of the folder is left out."""
    found = {
        path.relative_to(FOLDER).with_suffix("").as_posix() for path in find_notebooks([FOLDER])
    }
    assert found == {*EXPECTED, *GOOD}


def test_every_rule_has_a_bad_notebook():
    """No rule is without a notebook that breaks it, and no notebook breaks an unknown rule."""
    broken = {problem["rule"] for problems in EXPECTED.values() for problem in problems}
    assert broken == RULES.keys() - NOT_OF_A_NOTEBOOK
