"""Which cells belong to an exercise, and what is missing."""

from kit.check.execution.exercise_runs import exercises
from kit.check.exercise_cells import widgets_of
from kit.check.notebooks import Cell

SOLUTION = "<details><summary>One solution</summary>\n\n```python\nx = 2\n```\n\n</details>"


def cells(*described: tuple[str, str]) -> list[Cell]:
    """Return cells from a tag, or a type, and a source each."""
    raw = [
        {
            "cell_type": "markdown" if tag in ("markdown", "solution") else "code",
            "id": f"c{number}",
            "metadata": {"tags": [tag]},
            "source": source,
        }
        for number, (tag, source) in enumerate(described, 1)
    ]
    return [Cell(number, cell) for number, cell in enumerate(raw, 1)]


def test_check_and_solution_belong_to_the_starter_before_them():
    """The solution may stand on either side of the check."""
    found, stray = exercises(
        cells(
            ("code", "1"),
            ("exercise", "x = 0"),
            ("code", "y = x"),
            ("markdown", "words"),
            ("exercise-check", "solved = x == 2"),
            ("code", "2"),
            ("solution", SOLUTION),
            ("exercise", "x = 1"),
            ("solution", SOLUTION.replace("2", "3")),
            ("exercise-check", "solved = x == 3"),
        )
    )
    assert not stray
    assert [list(one.problems) for one in found] == [[], []]
    assert [one.solution for one in found] == ["x = 2\n", "x = 3\n"]
    assert [[step.source for step in one.steps] for one in found] == [
        ["y = x", "solved = x == 2"],
        ["solved = x == 3"],
    ]


def test_block_that_no_page_shows_as_code_is_no_solution():
    """Behind an HTML tag Markdown starts again only after an empty line."""
    inside = SOLUTION.replace("\n\n", "\n")
    (one,), _ = exercises(cells(("exercise", ""), ("exercise-check", ""), ("solution", inside)))
    assert [problem.cell for problem in one.problems] == [3]


def test_second_check_of_an_exercise_belongs_to_none():
    """What belongs to no exercise is told, and what to do about it."""
    _, stray = exercises(
        cells(("exercise", ""), ("exercise-check", ""), ("exercise-check", ""), ("solution", ""))
    )
    assert [(problem.cell, problem.rule) for problem in stray] == [(3, "exercise")]


def test_an_exercise_that_is_a_widget_needs_no_other_cells():
    """It has its check and its solution in itself, and is asked itself."""
    found, stray = exercises(cells(("exercise", "Exercise(starter, spec=right)"), ("code", "1")))
    assert (found, stray) == ([], [])


def test_what_makes_an_exercise_is_found_by_its_call():
    """A call in a function makes none when the cell is run, and other names are other things."""
    sources = {
        "kit.widgets.Exercise(a)": 1,
        "%matplotlib inline\nfirst, second = Exercise(a), Exercise(b)": 2,
        "def make():\n    return Exercise(a)": 0,
        "Exercises(a)": 0,
        "# Exercise(a)": 0,
        "Exercise(": 0,
    }
    for source, number in sources.items():
        (cell,) = cells(("code", source))
        assert len(widgets_of(cell)) == number, source
    assert widgets_of(cells(("markdown", "Exercise(a)"))[0]) == []
