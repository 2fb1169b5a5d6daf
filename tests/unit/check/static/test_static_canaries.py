"""Each way for a notebook to be wrong is found, and named so that its author can mend it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kit.check.cleaning import clean_bytes
from kit.check.results import Result
from kit.check.static import RULES, check

ROOT = Path(__file__).parents[4]
FOLDER = ROOT / "tests" / "data" / "bad_notebooks" / "static"
COURSE = FOLDER / "line_without_a_lesson"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """What is found in all bad notebooks, checked at once."""
    paths = [*sorted(FOLDER.glob("*.ipynb")), COURSE / "tea.ipynb"]
    found = {result.path.stem: result for result in check(paths)}
    assert found.pop("tea").passed, "what is wrong there is wrong with its course"
    return found | {COURSE.name: found.pop("pyproject")}


@pytest.mark.slow
def test_every_bad_notebook_is_expected_to_be_so(results: dict[str, Result]):
    """The folder and the table of what is expected name the same notebooks."""
    assert results.keys() == EXPECTED.keys()


def test_every_rule_has_a_bad_notebook():
    """No rule is without a notebook that breaks it, and no notebook breaks an unknown rule."""
    assert {expected["rule"] for expected in EXPECTED.values()} == RULES.keys()


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items(), ids=EXPECTED.keys())
def test_bad_notebook_breaks_its_rule_only(
    results: dict[str, Result], name: str, expected: dict[str, Any]
):
    """A bad notebook has one problem: the expected rule, message and cell."""
    result = results[name]
    assert [problem.rule for problem in result.problems] == [expected["rule"]], result.problems
    problem = result.problems[0]
    assert expected["says"] in f"{problem.found}; {problem.remedy}"
    assert problem.cell == expected.get("cell")
    assert result.tier == "static"
    assert not result.passed


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items(), ids=EXPECTED.keys())
def test_messages_are_sentences(results: dict[str, Result], name: str, expected: dict[str, Any]):
    """What was found and what to do are short, in one line, without a full stop."""
    for problem in results[name].problems:
        for text in (problem.found, problem.remedy):
            assert text == text.strip().rstrip(".")
            assert "\n" not in text
            assert len(text) < 300
        assert problem.remedy[0].islower()


def test_clean_mends_what_it_is_said_to_mend(results: dict[str, Result], tmp_path: Path):
    """Where `kit clean` is the remedy, or one of two, nothing is wrong after it."""
    named = [r for r in results.values() if any("`kit clean`" in p.remedy for p in r.problems)]
    assert len(named) >= 20
    paths = [tmp_path / result.path.name for result in named]
    for result, path in zip(named, paths, strict=True):
        path.write_bytes(clean_bytes(result.path.read_bytes()))
    wrong = {result.path.name: result.problems for result in check(paths) if result.problems}
    # Its code is not Python, which only shows now that its kernel is.
    assert {problem.rule for problem in wrong.pop("other_language.ipynb")} == {"style"}
    assert wrong == {}
