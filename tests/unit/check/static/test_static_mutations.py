"""However broken a notebook is, the check says so and does not break itself."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.check.results import Result
from kit.check.static import check
from tests.examples import examples

ROOT = Path(__file__).parents[4]
LESSON = min((ROOT / "lessons").glob("*.ipynb")).read_bytes()

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
MARKDOWN = st.text("#*`[]()!<>&\\~-: \n\tab/={}$\ud800\x00é|1.", max_size=60)


@st.composite
def cut(draw: st.DrawFn) -> bytes:
    """The bytes of a lesson without some of them, or with others in their place."""
    start = draw(st.integers(0, len(LESSON)))
    length = draw(st.sampled_from([1, 2, 40, len(LESSON)]))
    return LESSON[:start] + draw(st.binary(max_size=3)) + LESSON[start + length :]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (list or dict, key) in a JSON value."""
    keys = range(len(value)) if isinstance(value, list) else value
    found = []
    if isinstance(value, list | dict):
        for key in keys:
            found += [(value, key), *places(value[key])]
    return found


@st.composite
def changed(draw: st.DrawFn) -> bytes:
    """A lesson with something dropped from its JSON, or replaced."""
    raw = json.loads(LESSON)
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(places(raw)))
        if draw(st.booleans()):
            del holder[key]
        else:
            holder[key] = draw(JSON)
    return json.dumps(raw).encode()


@st.composite
def rewritten(draw: st.DrawFn) -> bytes:
    """A lesson in which some cells say something else."""
    raw = json.loads(LESSON)
    for cell in draw(st.lists(st.sampled_from(raw["cells"]), max_size=5)):
        cell["source"] = draw(MARKDOWN)
    return json.dumps(raw).encode()


@settings(examples(6), suppress_health_check=list(HealthCheck))
@given(st.lists(cut() | changed() | rewritten(), min_size=1, max_size=15))
def test_broken_lesson_gives_a_result(tmp_path: Path, lessons: list[bytes]):
    """A lesson that was changed at random gives one result, whose problems can be read."""
    paths = [tmp_path / f"{number}.ipynb" for number in range(len(lessons))]
    for path, lesson in zip(paths, lessons, strict=True):
        path.write_bytes(lesson)
    results = list(check(paths))
    assert [result.path for result in results] == paths
    assert all(isinstance(result, Result) and str(result.problems) for result in results)


def test_missing_notebook_gives_a_result(tmp_path: Path):
    """A path without a file is a notebook that cannot be read."""
    (result,) = check([tmp_path / "nowhere.ipynb"])
    assert [problem.rule for problem in result.problems] == ["readable"]


def test_no_notebooks_give_no_results():
    """Nothing to check is no error here."""
    assert list(check([])) == []
