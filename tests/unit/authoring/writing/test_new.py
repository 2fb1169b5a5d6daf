import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kit import KitError, Trace
from kit.authoring.writing.cells import Block, blocks_of, imports_of
from kit.authoring.writing.facts import Variations
from kit.authoring.writing.fitting import best_details
from kit.authoring.writing.lessons import (
    HEADINGS,
    LINES,
    PLACEHOLDER,
    Plan,
    file_name,
    new_lesson,
    write_lesson,
)
from kit.authoring.writing.predictions import predictions
from kit.authoring.writing.scenario_exercises import TOPICS, choosing, programming, solution, topic
from kit.check import execution, static
from kit.check.cleaning import clean_file
from kit.check.notebooks import Notebook
from kit.cli import commands
from kit.quiz import KINDS
from kit.scenarios import SCENARIOS, Scenario
from kit.widgets import Predict

EVERY = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda one: one.name)
BOTH = Plan("Two", ["lost_update", "broken_pipe"], exercise=True)
AWKWARD = 'It\'s "two" \\ <b>x</b> $5, $6 (a) \\(x\\) `c` *s* _u_ [l](m) & #1 | {y} ~~z~~ 😀'


def run(folder: Path, *sources: str) -> dict[str, Any]:
    """Run code in a fresh module, with what it needs of the kit, and return its names."""
    path = folder / "code.py"
    modules = ("kit", "kit.quiz", "kit.scenarios", "kit.widgets", "kit.explore")
    path.write_text("\n".join([imports_of(sources, modules), *sources]), encoding="utf-8")
    return runpy.run_path(str(path))


def is_solved(folder: Path, starter: str, check: str) -> bool:
    """What the check of an exercise says to a starter."""
    solved: bool = run(folder, starter, check)["solved"]
    return solved


def parts(text: str) -> tuple[str, str, str]:
    """Return the starter, the check and the solution of an exercise."""
    cells = {cell.tags: cell.source for cell in blocks_of(text)}
    solved = re.search(r"```python\n(.*?)```", cells[("solution",)], re.DOTALL)
    assert solved is not None
    return cells[("exercise",)], cells[("exercise-check",)], solved[1]


def new(*arguments: object, answers: str = "") -> Result:
    """Run `kit new`."""
    return CliRunner().invoke(commands, ["new", *map(str, arguments)], input=answers)


@pytest.mark.slow
def test_a_lesson_about_each_scenario_has_no_problems(tmp_path: Path):
    """Whatever it is about, a new lesson passes the static check, and is clean already."""
    for scenario in SCENARIOS.values():
        plan = Plan(scenario.title, [scenario.name], exercise=True)
        path, _ = write_lesson(tmp_path / scenario.name, plan)
        assert clean_file(path, write=False) == ()
    paths = sorted(tmp_path.glob("*.ipynb"))
    assert len(paths) == len(SCENARIOS)
    problems = [f"{r.path.name}: {p}" for r in static.check(paths) for p in r.problems]
    assert problems == []


@pytest.mark.notebook
def test_a_new_lesson_runs(tmp_path: Path):
    """Each part that a lesson can have passes the second tier; these two runs need all of them."""
    plan = Plan(AWKWARD, ["heap_with_holes", "kill_a_process"], exercise=True)
    path, lesson = write_lesson(tmp_path / "a", plan)
    calls = ("Predict(", "Predict.from_trace", "sandbox(", "Editor(", "Compare(", "Explain(")
    for part in (*calls, "choose"):
        assert part in lesson.text
    (result,) = execution.check([path])
    assert [str(problem) for problem in result.problems] == []
    assert result.figures["widgets"] > 20


@pytest.mark.slow
@EVERY
def test_parameters_can_be_found(scenario: Scenario, tmp_path: Path):
    """The exercise to choose parameters is not solved as it stands, and is by its solution."""
    exercise = choosing(scenario)
    if exercise is None:
        assert not scenario.parameters
        return
    starter, check, solved = parts(exercise.text)
    assert is_solved(tmp_path, starter, check) is False
    assert is_solved(tmp_path, solved, check) is True


@pytest.mark.parametrize("name", TOPICS)
def test_programs_can_be_written(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The exercise of each topic is not solved as it stands, and is by its solution."""
    scenario = next(one for one in SCENARIOS.values() if topic(one) == name)
    file, text = solution(scenario)
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code = [block for block in blocks_of(programming(scenario)) if block.type == "code"]
    assert code[-1].tags == ("exercise",)
    *before, last = (block.source for block in code)
    exercise = run(tmp_path, *before, last.replace("Exercise(", "made = Exercise("))["made"]
    assert exercise.solution == text
    assert exercise.validate() == []
    assert exercise.task
    assert len(exercise.sheet.hints) >= 2


@pytest.mark.slow
def test_solutions_are_written_beside_the_lesson(tmp_path: Path):
    """A solution is a file of its own; one that is there already is left as it is."""
    path, lesson = write_lesson(tmp_path / "a", BOTH)
    place = tmp_path / "solutions" / "threads.txt"
    assert list(lesson.solutions) == ["solutions/threads.txt"]
    assert place.read_text("utf-8") == lesson.solutions["solutions/threads.txt"]
    place.write_text("mine", encoding="utf-8")
    write_lesson(tmp_path / "b", BOTH)
    assert place.read_text("utf-8") == "mine"
    place.unlink()
    (result,) = static.check([path])
    assert [p.found for p in result.problems] == [
        "the solution of the Exercise is not there: no file 'solutions/threads.txt'"
    ]
    assert new_lesson(Plan("Two", ["lost_update"])).solutions == {}


def test_each_topic_has_an_exercise_and_lines():
    """No module of scenarios is without an exercise, or unknown to the storyline."""
    topics = {topic(scenario) for scenario in SCENARIOS.values()}
    assert topics == set(TOPICS) == set(LINES)


@pytest.mark.slow
@EVERY
def test_there_is_something_to_predict(scenario: Scenario):
    """Each lesson asks something; questions of the kit have several choices, one of them right."""
    runs = Variations(scenario)
    assert predictions(runs, "trace", "stage", ())
    for name, kind in KINDS.items():
        details = best_details(runs.usual.trace, name)
        if details is not None:
            question = kind.ask(runs.usual.trace, **details)
            assert len(question.choices) > 1
            assert question.is_right(question.right)


def test_a_question_of_its_own_has_wrong_answers(tmp_path: Path):
    """Where few kinds of question fit, it asks what other parameters would change."""
    runs = Variations(SCENARIOS["heap_with_holes"])
    code = next(c for c in predictions(runs, "trace", "stage", ()) if "asked" in c)
    names = run(tmp_path, "trace = heap_with_holes()\nstage = Stage(trace)", code)
    ideas = dict(names["ideas"])
    outputs = {r.trace.output(2).strip() for r in runs.single}
    assert ideas.keys() <= outputs
    assert names["asked"]() not in ideas
    assert len(ideas) >= 2


def test_a_run_may_print_nothing(tmp_path: Path):
    """Then that is a choice, too, in words."""
    runs = Variations(SCENARIOS["main_ends_alone"])
    code = next(c for c in predictions(runs, "trace", "stage", ()) if "asked" in c)
    names = run(tmp_path, "trace = main_ends_alone()\nstage = Stage(trace)", code)
    assert "nothing" in {names["asked"](), *dict(names["ideas"])}


def alive(trace: Trace, tick: int) -> int:
    """How many threads there are at a tick."""
    moment = trace.at(tick)
    return sum(core is not None for core in moment.running) + len([*moment.ready, *moment.blocked])


def test_questions_are_asked_where_several_threads_exist():
    """Who is next is asked at a tick at which that is a question, if there is one."""
    asked_late = []
    for scenario in SCENARIOS.values():
        trace = scenario()
        details = best_details(trace, "next_thread")
        if details is not None and max(alive(trace, tick) for tick in range(trace.end)) > 1:
            assert alive(trace, details["at"]) > 1, scenario.name
            asked_late.append(details["at"] > 0)
    assert any(asked_late)


def cells(text: str) -> dict[str, str]:
    """The cells of a notebook by their ids."""
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(text)["cells"]}


def test_predictions_stand_before_the_stages():
    """Nothing is shown before it has been asked for."""
    for names in (["lost_update"], ["zombie", "orphan"]):
        lesson = new_lesson(Plan("Two", names))
        code = list(cells(lesson.text).values())
        asked = [place for place, source in enumerate(code) if "Predict." in source]
        shown = [place for place, source in enumerate(code) if re.fullmatch(r"stage(_\d)?", source)]
        assert len(asked) == lesson.predictions > 0
        assert len(shown) == len(names)
        assert max(asked) < min(shown)


def test_titles_are_no_headings():
    """Each heading of level 2 is known, so that a title cannot be the same by chance."""
    found = re.findall(r"^## (.*)$", "\n".join(cells(new_lesson(BOTH).text).values()), re.MULTILINE)
    assert tuple(found) == HEADINGS


def test_a_question_may_fit_only_some_runs():
    """Runs in which it has no answer have no heading for it."""
    plan = Plan("Two", ["lost_update", "zombie"], ["final_value"])
    lesson = new_lesson(plan)
    assert lesson.predictions == 1
    assert "### Predict: A zombie" not in "\n".join(cells(lesson.text).values())


def test_places_for_the_teacher_are_marked():
    """All marks look alike, and every step has one."""
    lesson = new_lesson(Plan("Two", ["lost_update"]))
    text = "\n".join(cells(lesson.text).values())
    assert (
        len(re.findall(r"\*\[Teacher: [^]]+\]\*", text))
        == text.count(PLACEHOLDER)
        == lesson.placeholders
    )
    for step in ("Predict", "Explore", "Change", "Explain", "Transfer"):
        assert PLACEHOLDER in re.split(r"\n## ", text.partition(f"## {step}\n")[2])[0]


def test_what_is_ours_is_read_after_it_was_written(tmp_path: Path):
    """A new lesson has a place to explain; its answer is in folded code, and in no text."""
    lesson = new_lesson(Plan(AWKWARD, ["lost_update", "broken_pipe"]))
    found = {cell["id"]: cell for cell in json.loads(lesson.text)["cells"]}
    assert found["explain-write"]["metadata"] == {"jupyter": {"source_hidden": True}}
    asked = run(tmp_path, f"asked = {''.join(found['explain-write']['source'])}")["asked"]
    assert asked.prompt == f"{AWKWARD}: what happened, and why?"
    wanted = [one for name in ("lost_update", "broken_pipe") for one in SCENARIOS[name].look_for]
    assert asked.rubric == wanted
    assert all(sentence in asked.ours for sentence in wanted)
    assert "<details>" not in "".join(found["explain"]["source"])


def test_more_can_be_asked_of_students():
    """With an exercise they choose parameters and write a program; without, one of the two."""
    both = new_lesson(Plan("Two", ["lost_update"], exercise=True))
    assert both.exercises == 2
    assert new_lesson(Plan("Two", ["lost_update"])).exercises == 1
    assert new_lesson(Plan("Two", ["broken_pipe"])).exercises == 1
    assert {"choose-exercise", "task-exercise"} <= cells(both.text).keys()


def test_awkward_titles_stay_text(tmp_path: Path):
    """Whatever characters a title has, heading and metadata show exactly these."""
    path, _ = write_lesson(tmp_path / "a.ipynb", Plan(AWKWARD, ["zombie"], goal=AWKWARD))
    notebook = Notebook.read(path)
    assert notebook.course["title"] == AWKWARD
    context = static.LintContext(notebook, static.Settings(), static.Library())
    assert context.headings[0][1].text == AWKWARD
    assert [str(p) for result in static.check([path]) for p in result.problems] == []


def test_what_was_said_is_in_the_metadata():
    """Title, goal, minutes and storyline are those of the plan; a goal becomes a sentence."""
    plan = Plan(" A  title\n", ["zombie"], goal="Know it", minutes=7, storyline=(3, 1, 3))
    assert json.loads(new_lesson(plan).text)["metadata"]["kit"] == {
        "title": "A title",
        "goal": "Know it.",
        "minutes": 7,
        "storyline": [1, 3],
    }


def test_a_scenario_named_twice_is_shown_once():
    """The same run is not shown two times."""
    once, twice = (Plan("A", ["zombie"] * times) for times in (1, 2))
    assert new_lesson(once) == new_lesson(twice)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a", "--title", "A", "--scenario", "lost_updat"], "did you mean 'lost_update'"),
        (["a", "--title", "A", "--scenario", "zombie", "--question", "next"], "use one of"),
        (
            ["a", "--title", "A", "--scenario", "zombie", "--question", "final_value"],
            "'final_value' has no answer in the run of zombie; ask 'next_thread'",
        ),
        (
            ["a", "--title", "A", "--scenario", "translations", "--question", "next_thread"],
            "has no answer in the run of translations; ask '",
        ),
        (["a", "--title", "A", "--scenario", "zombie", "--minutes", "0"], "from 1 to 120"),
        (["a", "--title", "A", "--scenario", "zombie", "--storyline", "12"], "from 1 to 11"),
        (["a", "--title", " ", "--scenario", "zombie"], "the title is empty"),
        (["a", "--title", "what runs", "--scenario", "zombie"], "is also another heading"),
        (["there.ipynb", "--title", "A"], "there is such a file already; name another"),
        (["there", "--title", "A"], "there.ipynb: there is such a file already"),
        (["a.txt", "--title", "A"], "write a.ipynb"),
        (["no/a", "--title", "A"], "no: there is no such folder"),
        ([".", "--title", "A"], "this is a folder"),
    ],
)
def test_mistakes_are_one_sentence(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What was found and what to do; nothing is written."""
    monkeypatch.chdir(tmp_path)
    Path("there.ipynb").write_text("mine")
    result = new(*arguments)
    assert isinstance(result.exception, KitError)
    assert words in str(result.exception)
    assert "\n" not in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["there.ipynb"]
    assert Path("there.ipynb").read_text() == "mine"


def test_the_command_says_what_to_do_next(tmp_path: Path):
    """It names the file, counts what is in it, and the command that opens it."""
    path = tmp_path / "my lesson"
    result = new(path, "--title", "A", "--scenario", "lost_update", "--exercise")
    assert result.output.splitlines() == [
        f"{path}.ipynb is made, with 4 predictions and 2 exercises.",
        f"A solution is in {tmp_path}/solutions/threads.txt: leave it out of what students get.",
        "10 places are marked [Teacher: …]: there your own text goes.",
        f"Open it: kit preview '{path}.ipynb'",
    ]


def test_without_options_it_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It lists what there is, offers defaults, and asks again after a mistake."""
    monkeypatch.chdir(tmp_path)
    Path("lessons").mkdir()
    answers = ["", " ", "Zombies & orphans", "zombi", "zombie, orphan", "final_value"]
    answers += ["", "", "500", "30", "y", "", ""]
    result = new(answers="\n".join(answers))
    assert result.exception is None, result.output
    for name, scenario in SCENARIOS.items():
        assert re.search(rf"^{name} +{re.escape(scenario.title)}$", result.output, re.MULTILINE)
    assert "did you mean 'zombie'?" in result.output
    assert "'final_value' has no answer in the run of zombie, orphan" in result.output
    course = Notebook.read(Path("lessons/zombies_orphans.ipynb")).course
    assert course["title"] == "Zombies & orphans"
    assert course["minutes"] == 30
    assert course["goal"].startswith("Explain what this shows: A zombie waits")


def test_each_lesson_has_solutions_of_its_own(tmp_path: Path):
    """Two exercises about one topic share no file: a change of one would break the other."""
    (first, one), (second, other) = (write_lesson(tmp_path / name, BOTH) for name in ("a", "b"))
    assert list(one.solutions) == ["solutions/threads.txt"]
    assert list(other.solutions) == ["solutions/threads_2.txt"]
    assert "solutions/threads_2.txt" in second.read_text("utf-8")
    assert "solutions/threads.txt" not in second.read_text("utf-8")
    assert (tmp_path / "solutions" / "threads_2.txt").exists()
    assert [p for result in static.check([first, second]) for p in result.problems] == []


OWN_PROGRAM = """
balance = 100

def withdraw(amount):
    global balance
    for i in range(3):
        if balance >= amount:
            balance -= amount

def main():
    a = spawn(withdraw, 10)
    withdraw(20)
    join(a)
    print("balance:\\t", balance)
    print('"quoted"')
"""


def test_a_lesson_about_a_program_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its text stands in a cell as it is, questions are about its run, and all is well."""
    monkeypatch.chdir(tmp_path)
    Path("bank.txt").write_text(OWN_PROGRAM, encoding="utf-8")
    result = new("bank", "--title", "Bank", "--program", "bank.txt")
    assert result.exception is None, result.output
    sources = cells(Path("bank.ipynb").read_text("utf-8"))
    code = "\n".join([sources["imports"], sources["own-program"]])
    assert run(tmp_path, code)["program"].text == OWN_PROGRAM
    assert "sandbox(run_program, quantum=(1, 10))" in sources.values()
    assert sum("Predict.from_trace(" in source for source in sources.values()) >= 2
    assert [str(p) for r in static.check([Path("bank.ipynb")]) for p in r.problems] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "bank.txt: "),
        (b"\xff", "bank.txt: this is not UTF-8 text"),
        (b"def main():\n    x = lambda: 1\n", "bank.txt, line 2: "),
        (b"def main():\n    while True:\n        pass\n", "does not run to its end"),
    ],
)
def test_a_program_that_cannot_be_shown_is_refused(text, words: str, tmp_path: Path, monkeypatch):
    """What was found is one sentence, and no lesson is written."""
    monkeypatch.chdir(tmp_path)
    if text is not None:
        Path("bank.txt").write_bytes(text)
    result = new("bank", "--title", "Bank", "--program", "bank.txt")
    assert isinstance(result.exception, KitError)
    assert words in str(result.exception)
    assert not Path("bank.ipynb").exists()


def test_enter_asks_nothing_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without a title it says what is missing and gives up; for the run there is a default."""
    monkeypatch.chdir(tmp_path)
    result = new(answers="\n" * 50)
    assert isinstance(result.exception, KitError)
    assert "nothing was answered to “Title of the lesson”" in str(result.exception)
    assert result.output.count("the title is empty; say what the lesson is about") == 3
    result = new(answers="Mine\n" + "\n" * 20)
    assert result.exception is None, result.output
    assert "7   The price of sharing: races, locks, deadlock" in result.output
    assert "program = Program(" in cells(Path("mine.ipynb").read_text("utf-8"))["own-program"]


def test_the_lines_of_the_storyline_are_explained(tmp_path: Path):
    """Their numbers are never told without what they mean."""
    told = " ".join(new("--help").output.split())
    assert "7 The price of sharing, 8 Failure" in told
    result = new(tmp_path / "a", "--title", "A", "--scenario", "zombie", "--storyline", "12")
    assert "7 The price of sharing" in str(result.exception)


def test_file_names_follow_from_titles():
    """Only letters, digits and underscores are left; something always is."""
    assert file_name("Über Prozesse: $5?") == "uber_prozesse_5.ipynb"
    assert file_name("进程") == "lesson.ipynb"
    assert file_name("…") == "lesson.ipynb"


def test_a_text_becomes_cells():
    """Marks begin cells; what stands before the first is nobody's; code keeps its lines."""
    text = "lost\n%% markdown a-b [x y-z]\n\n\nOne\n\n\n\nTwo\n%% code c\n\n\n1\n\n\n2\n"
    assert list(blocks_of(text)) == [
        Block("markdown", "a-b", "One\n\nTwo", ("x", "y-z")),
        Block("code", "c", "1\n\n\n2"),
    ]


def test_imports_are_what_is_used():
    """Constants first, then classes, then functions, a line a module, wrapped if too long."""
    modules = ("kit", "kit.widgets")
    used = "sandbox, Stage, FIFO, Machine, KiB, display, Costs"
    assert imports_of([used], modules) == (
        "from kit import FIFO, Costs, KiB, Machine\nfrom kit.widgets import Stage, sandbox"
    )
    every = ", ".join(SCENARIOS)
    assert imports_of([every], ["kit.scenarios"]).splitlines()[:2] == [
        "from kit.scenarios import (",
        "    base_and_bounds,",
    ]


def test_predictions_are_widgets(tmp_path: Path):
    """The code of a prediction makes one, on the player of its stage."""
    code = predictions(Variations(SCENARIOS["lost_update"]), "trace", "stage", ["final_value"])
    setup = "trace = lost_update()\nstage = Stage(trace)"
    names = run(tmp_path, setup, f"made = {code[0]}")
    assert isinstance(names["made"], Predict)
    assert isinstance(names["trace"], Trace)
    assert names["made"].player is names["stage"].player
