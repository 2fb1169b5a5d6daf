import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

import kit.widgets
from kit import KitError
from kit.authoring.writing import catalogue
from kit.authoring.writing.catalogue import Item
from kit.authoring.writing.gallery import gallery_notebook
from kit.check import static
from kit.check.notebooks import Notebook
from kit.cli import commands
from kit.quiz import KINDS
from kit.scenarios import SCENARIOS

GALLERY = Path(__file__).parents[4] / "lessons" / "gallery.ipynb"
LISTS = {
    "widgets": (catalogue.widgets, catalogue.START),
    "questions": (catalogue.questions, catalogue.START),
    "scenarios": (catalogue.scenarios, catalogue.SCENARIOS_START),
}
ITEMS = [
    pytest.param(start, item, id=f"{name}-{item.name}")
    for name, (make, start) in LISTS.items()
    for item in make()
]


@pytest.mark.slow
@pytest.mark.parametrize(("start", "item"), ITEMS)
def test_every_snippet_runs(start: str, item: Item, tmp_path: Path):
    """What is to be pasted makes a widget, as it stands."""
    path = tmp_path / "code.py"
    path.write_text(f"{start}\n{item.imports}\n\nmade = {item.call}\n", encoding="utf-8")
    made = runpy.run_path(str(path))["made"]
    assert hasattr(made, "comm")
    made.close()


def test_nothing_is_left_out():
    """Each widget, kind of question and scenario has its line and its snippet."""
    widgets = {item.name for item in catalogue.widgets()}
    assert widgets | {"VIEWS", "RealMachine", "Sandbox", "score"} == set(kit.widgets.__all__)
    assert [item.name for item in catalogue.questions()] == list(KINDS)
    assert [item.name for item in catalogue.scenarios()] == list(SCENARIOS)
    for make, _ in LISTS.values():
        assert all(item.line and item.name for item in make())


def test_options_stand_in_the_snippets():
    """What can be chosen is seen, as it is if nothing is chosen."""
    calls = {item.name: item.call for item in catalogue.widgets() + catalogue.scenarios()}
    assert calls["Timeline"] == 'Timeline(trace, direction="right", lanes="thread", until=0)'
    assert 'labels=("left", "right"), clock="shared"' in calls["Compare"]
    assert calls["full_ram"] == 'Stage(full_ram(policy="lru", frames=8))'


@pytest.mark.parametrize("name", LISTS)
def test_lists_have_a_line_and_a_snippet_each(name: str):
    """The commands print name, line and code to paste, below the code that comes first."""
    make, start = LISTS[name]
    output = CliRunner().invoke(commands, [name]).output
    assert start.splitlines()[0] in output
    for item in make():
        code = item.snippet.replace("\n\n", "\n    ").replace("\nfrom", "\n    from")
        assert f"\n{item.name}: {item.line}\n    {code}\n" in output


@pytest.mark.parametrize(
    "arguments",
    [("questions", "own"), ("questions", "Question"), ("widgets", "Question"), ("widgets", "Idea")],
)
def test_how_to_write_a_question_by_hand_is_told(arguments, tmp_path: Path):
    """With code that runs as it stands, and an idea of one's own."""
    output = CliRunner().invoke(commands, arguments).output
    assert "Misconceptions of the kit: " in output
    assert "child_sees_parent" in output
    path = tmp_path / "code.py"
    code = output[output.index(catalogue.START) :]
    path.write_text(code.replace("\nPredict(", "\nmade = Predict("), encoding="utf-8")
    made = runpy.run_path(str(path))["made"]
    assert [made.question.at, made.player.limit] == [14, 14]
    wrong = next(choice for choice in made.question.choices if choice.text == "T3")
    assert wrong.met.idea == "a thread runs as soon as it is made"
    made.close()
    assert "own: Ask your own question" in CliRunner().invoke(commands, ["questions"]).output


def test_one_of_them_is_told_whole():
    """With a name the documentation of that one is printed, with code that runs alone."""
    output = CliRunner().invoke(commands, ["widgets", "Timeline"]).output
    assert "lanes : str" in output
    assert output.endswith('\nTimeline(trace, direction="right", lanes="thread", until=0)\n')
    assert "distance" not in output
    output = CliRunner().invoke(commands, ["questions", "next_thread"]).output
    assert "Wrong ideas: the running thread keeps the core" in output
    assert 'Predict.from_trace(trace, kind="next_thread", at=' in output
    output = CliRunner().invoke(commands, ["scenarios", "deadlock"]).output
    assert output == f"{SCENARIOS['deadlock']}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["widgets", "Timelin"], "there is no widget 'Timelin'; did you mean 'Timeline'?"),
        (["questions", "final"], "there is no question 'final'; did you mean 'final_value'?"),
        (["scenarios", "deadlok"], "there is no scenario 'deadlok'; did you mean 'deadlock'?"),
    ],
)
def test_wrong_names_are_mended(arguments: list[str], words: str):
    """A name that does not exist is told with the nearest one."""
    error = CliRunner().invoke(commands, arguments).exception
    assert isinstance(error, KitError)
    assert str(error) == words


def test_the_gallery_is_up_to_date():
    """The notebook beside the lessons is what the library offers now."""
    assert GALLERY.read_text(encoding="utf-8") == gallery_notebook(), (
        "run: kit gallery > lessons/gallery.ipynb"
    )


def test_the_command_prints_the_gallery():
    """`kit gallery` prints the notebook and nothing else."""
    output = CliRunner().invoke(commands, ["gallery"]).stdout_bytes
    assert output.decode("utf-8") == gallery_notebook()


def test_everything_can_be_tried_in_the_gallery():
    """Each block has a cell of its own, each scenario a row; it is a page, without problems."""
    notebook = Notebook.read(GALLERY)
    sources = [cell.source for cell in notebook.code]
    for item in catalogue.widgets() + catalogue.questions():
        assert item.call in sources
    table = next(cell.source for cell in notebook.markdown if "| name |" in cell.source)
    rows = [line.split(" | ")[0].strip("|` ") for line in table.splitlines() if "| `" in line]
    assert rows == list(SCENARIOS)
    assert not notebook.is_lesson
    assert [str(p) for result in static.check([GALLERY]) for p in result.problems] == []
