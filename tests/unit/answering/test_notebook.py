"""Answers are kept, restored and counted."""

import json
import os
from pathlib import Path

import pytest

from kit import ArgumentError, Program
from kit.answering import notebook as answering
from kit.answering.place import Place, place_of
from kit.explore import Spec
from kit.quiz import Choice, Question
from kit.quiz.answers import AnswersError, AnswersFile, parse, read
from kit.widgets import Answers, Predict, score
from kit.widgets.answers.exercise import Exercise

NOTEBOOK = "lesson.ipynb"


def question(prompt: str = "How many?") -> Question:
    """A question whose second choice is right."""
    choices = (Choice("one", False, "No."), Choice("two", True, "Yes."))
    return Question(prompt, choices, tick=0)


def exercise() -> Exercise:
    """An exercise that wants a 1."""
    starter = Program("one", "def main():\n    print(0)\n")
    return Exercise(starter, spec=Spec(output="1"), task="Print 1.")


def new_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget everything, as a kernel that is started again does."""
    monkeypatch.setattr(answering, "_stores", [])


def test_an_answer_is_kept_at_once_and_restored(answers_file: Path, monkeypatch):
    """What was answered is in the file, without anything about who did, and comes back."""
    asked = Predict(question())
    assert not answers_file.exists()
    asked.answer(0)
    (record,) = read(answers_file).answers.values()
    assert record["choice"] == ["one"]
    assert record["chosen"] == [0]
    assert record["tries"] == 1
    known = {"kind", "prompt", "choice", "chosen", "tries", "seed", "time", "history"}
    assert set(record) == known
    asked.answer(1)
    (record,) = read(answers_file).answers.values()
    assert [one["chosen"] for one in record["history"]] == [[0], [1]]
    assert [one["try"] for one in record["history"]] == [1, 2]
    new_kernel(monkeypatch)
    again = Predict(question())
    assert (again.chosen, again.tries, again.correct) == ([1], 2, True)
    assert score() == 1.0


def test_a_cell_that_is_run_again_asks_the_same(answers_file: Path):
    """Of widgets of one question the newest counts, once, and has the answer of the older one."""
    Predict(question()).answer(1)
    newest = Predict(question())
    assert newest.tries == 1
    assert list(answering.items().values()) == [newest]
    newest.answer(0)
    assert score() == 0.0


def test_what_was_closed_is_no_longer_asked(answers_file: Path):
    """A question that its cell does not ask any more does not count."""
    one, two = Predict(question("One?")), Predict(question("Two?"))
    one.close()
    assert list(answering.items().values()) == [two]


def test_the_score_is_computed_from_the_questions(answers_file: Path, monkeypatch):
    """What the file says about right and wrong counts for nothing."""
    Predict(question()).answer(0)
    content = json.loads(answers_file.read_text(encoding="utf-8"))
    for record in content["answers"].values():
        record |= {"correct": True, "points": 100}
    answers_file.write_text(json.dumps(content), encoding="utf-8")
    new_kernel(monkeypatch)
    assert Predict(question()).chosen == [0]
    assert score() == 0.0


def test_a_program_is_checked_anew(answers_file: Path, monkeypatch):
    """An exercise that only the file calls passed has no points; one that passes has."""
    task = exercise()
    task.text = "def main():\n    print(1)\n"
    task.check()
    assert score() == 1.0
    content = answers_file.read_text(encoding="utf-8")
    new_kernel(monkeypatch)
    assert exercise().text == task.text
    assert score() == 1.0
    answers_file.write_text(content.replace("print(1)", "print(2)"), encoding="utf-8")
    new_kernel(monkeypatch)
    assert exercise().passed
    assert score() == 0.0


def test_the_score_is_scaled(answers_file: Path):
    """All points of a notebook can be made any number."""
    assert score(10) == 0.0
    for prompt, place in (("One?", 1), ("Two?", 1), ("Three?", 0), ("Four?", None)):
        asked = Predict(question(prompt))
        if place is not None:
            asked.answer(place)
    assert score() == 2.0
    assert score(out_of=10) == 5.0
    assert isinstance(score(10), float)


@pytest.mark.parametrize("wrong", [-1, True, "10", float("nan"), float("inf")])
def test_a_wrong_number_of_points_is_told(wrong):
    """What is no number of points is refused in a sentence."""
    with pytest.raises(ArgumentError, match="give a number of points"):
        score(wrong)


def test_an_answer_that_does_not_fit_is_told(answers_file: Path, monkeypatch):
    """A choice that there is not leaves the question open, and it is said."""
    Predict(question()).answer(0)
    text = answers_file.read_text(encoding="utf-8")
    content = json.loads(text)
    for record in content["answers"].values():
        record["chosen"] = [7]
    answers_file.write_text(json.dumps(content), encoding="utf-8")
    new_kernel(monkeypatch)
    assert Predict(question()).chosen == []
    assert "“How many?” in the file does not fit" in answering.store().problem


def test_two_kernels_write_to_one_file(answers_file: Path, monkeypatch):
    """The answers of both are in the file, and of one key the last."""
    one, other = answering.AnswerStore(Place(NOTEBOOK, answers_file)), None
    first = Predict(question("One?"))
    one.register(first)
    other = answering.AnswerStore(Place(NOTEBOOK, answers_file))
    second = Predict(question("Two?"))
    other.register(second)
    second.answer(1)
    first.answer(1)
    assert {record["prompt"] for record in read(answers_file).answers.values()} == {"One?", "Two?"}


def test_a_clock_that_was_set_back_changes_nothing(answers_file: Path):
    """An answer never becomes older than the one before it."""
    asked = Predict(question())
    asked.answer(0)
    text = answers_file.read_text(encoding="utf-8")
    answers_file.write_text(text.replace('"time": "20', '"time": "30'), encoding="utf-8")
    answering._stores.clear()
    again = Predict(question())
    again.answer(1)
    (record,) = read(answers_file).answers.values()
    assert record["chosen"] == [1]
    assert record["time"].startswith("30")


# -- where answers are kept -------------------------------------------------------------


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook; the kernel runs in its folder."""
    path = tmp_path / "course" / "week 1" / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.touch()
    monkeypatch.chdir(path.parent)
    return path


@pytest.mark.parametrize(
    "session", ["{path}", NOTEBOOK, f"week 1/{NOTEBOOK}", f"course/week 1/{NOTEBOOK}"]
)
def test_jupyter_says_which_notebook_it_is(session: str, notebook: Path):
    """The name of the session leads to the notebook, whole or from any folder above."""
    told = {"JPY_SESSION_NAME": session.format(path=notebook)}
    place = place_of(told, {}, in_kernel=True)
    assert place == Place(NOTEBOOK, notebook.with_name("lesson.answers.json"))


def test_a_renamed_notebook_keeps_its_answers(notebook: Path):
    """Where a notebook has another name since its kernel was started, answers are still kept."""
    notebook.rename(notebook.with_name("other.ipynb"))
    place = place_of({"JPY_SESSION_NAME": str(notebook)}, {}, in_kernel=True)
    assert place.path == notebook.with_name("lesson.answers.json")


@pytest.mark.parametrize(
    "name",
    ["What is a process?", "*", '"', "a|b<c>:d", "👩\u200d🚀", "x" * 240, "\udcff", "a\\b", "\n"],
)
def test_whatever_a_notebook_is_called_its_answers_come_back(notebook, name):
    """Every name that a system allows leads to a file that is read again."""
    (folder := notebook.parent).joinpath(f"{name}.ipynb").touch()
    place = place_of({"JPY_SESSION_NAME": f"{name}.ipynb"}, {}, in_kernel=True)
    for answered in (False, True):
        store, asked = asked_in(place)
        assert (asked.tries, store.problem) == (int(answered), "")
        if not answered:
            asked.answer(1)
    assert not list(folder.glob("*.bak*"))


def asked_in(place: Place, prompt: str = "How many?") -> tuple[answering.AnswerStore, Predict]:
    """The store of a new kernel that keeps its answers in a place, and a question in it."""
    store = answering.AnswerStore(place)
    answering._stores[:] = [store]
    return store, Predict(question(prompt))


def store_of(notebook: Path) -> tuple[answering.AnswerStore, Predict]:
    """The store of a new kernel of a notebook that asks a question."""
    return asked_in(place_of({"JPY_SESSION_NAME": str(notebook)}, {}, in_kernel=True))


def test_answers_go_along_with_a_notebook_that_was_renamed(notebook: Path):
    """A new kernel finds what was answered under the old name, and says from where it is."""
    store_of(notebook)[1].answer(1)
    old = notebook.with_name("lesson.answers.json")
    before = old.read_bytes()
    renamed = notebook.rename(notebook.with_name("other.ipynb"))
    store, asked = store_of(renamed)
    assert (asked.chosen, asked.tries) == ([1], 1)
    assert store.origin == old.name
    assert len(read(notebook.with_name("other.answers.json")).answers) == 1
    assert old.read_bytes() == before
    store, asked = store_of(renamed)
    assert (asked.tries, store.origin) == (1, "")


@pytest.mark.parametrize("new", ["../lesson.ipynb", "done/lesson.ipynb", "../b/lesson.ipynb"])
def test_where_the_answers_of_a_notebook_are_that_was_moved_is_told(notebook: Path, new: str):
    """They may be somebody else's, so they are not taken but can be imported."""
    store_of(notebook)[1].answer(1)
    old = notebook.with_name("lesson.answers.json")
    moved = (notebook.parent / new).resolve()
    moved.parent.mkdir(exist_ok=True)
    notebook.rename(moved)
    store, asked = store_of(moved)
    assert (asked.tries, store.origin) == (0, "")
    assert f"in {Path(os.path.relpath(old, moved.parent)).as_posix()}, whose notebook is gone" in (
        store.problem
    )
    store.take(old.read_bytes())
    assert (asked.chosen, asked.tries) == ([1], 1)


def test_a_copy_of_a_notebook_does_not_have_the_answers_of_the_original(notebook: Path):
    """Neither while the original is there, nor after that was renamed and took them along."""
    store_of(notebook)[1].answer(1)
    copy = notebook.with_name("lesson-Copy1.ipynb")
    copy.touch()
    assert store_of(copy)[1].tries == 0
    renamed = notebook.rename(notebook.with_name("mine.ipynb"))
    assert store_of(renamed)[1].tries == 1
    store, asked = store_of(copy)
    assert (asked.tries, store.origin, store.problem) == (0, "", "")
    store_of(renamed)[1].answer(0)
    assert store_of(copy)[1].tries == 0


def test_answers_of_which_it_is_not_clear_whose_they_are_are_told(notebook: Path):
    """Of two that fit, none is taken, and it is said where they are."""
    store_of(notebook)[1].answer(1)
    old = notebook.with_name("lesson.answers.json")
    notebook.with_name("older.answers.json").write_bytes(old.read_bytes())
    store, asked = store_of(notebook.rename(notebook.with_name("new.ipynb")))
    assert asked.tries == 0
    assert (
        "in lesson.answers.json and older.answers.json, whose notebooks are gone" in store.problem
    )


def test_answers_to_something_else_stay_where_they_are(notebook: Path):
    """What another notebook that is gone asked is not taken."""
    place = place_of({"JPY_SESSION_NAME": str(notebook)}, {}, in_kernel=True)
    asked_in(place, "Something else?")[1].answer(1)
    store, asked = store_of(notebook.rename(notebook.with_name("new.ipynb")))
    assert (asked.tries, store.origin, store.problem) == (0, "", "")


def test_an_answer_that_no_file_can_hold_is_told(answers_file: Path):
    """It does not keep others from being saved, and what was saved before stays."""
    task, asked = exercise(), Predict(question())
    task.check()
    before = read(answers_file)
    task.text = "#" * 600_000
    task.run()
    assert "has more than 500,000 characters" in task.unsaved
    assert read(answers_file) == before
    asked.answer(1)
    assert len(read(answers_file).answers) == 2
    task.text = "def main():\n    print(1)\n"
    task.check()
    assert task.unsaved == ""
    assert len(read(answers_file).answers) == 2


def test_an_answer_that_is_not_saved_says_so_beside_it(notebook: Path, monkeypatch):
    """Where the file cannot be known, it is said at the answer itself, not only in a list."""
    monkeypatch.setattr(answering, "find_place", lambda: place_of({}, {}, in_kernel=True))
    asked = Predict(question())
    asked.answer(1)
    assert asked.unsaved.startswith("Not saved, because it is not known which notebook this is")


def test_vs_code_says_which_notebook_it_is(notebook: Path):
    """VS Code leaves the path among the names of the notebook."""
    place = place_of({}, {"__vsc_ipynb_file__": str(notebook)}, in_kernel=True)
    assert place.path == notebook.with_name("lesson.answers.json")


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"KIT_ANSWERS": "off", "JPY_SESSION_NAME": NOTEBOOK}, "KIT_ANSWERS is off"),
        ({"SERVER_SOFTWARE": "voila/0.5.8", "JPY_SESSION_NAME": NOTEBOOK}, "without its notebook"),
        ({}, "not known which notebook"),
        ({"JPY_SESSION_NAME": "/nowhere/at/all.ipynb"}, "not known which notebook"),
        ({"JPY_SESSION_NAME": "console-1"}, "not known which notebook"),
        ({"JPY_SESSION_NAME": "a\0b.ipynb"}, "not known which notebook"),
    ],
)
def test_without_a_place_answers_stay_in_memory(notebook: Path, environment, why):
    """Where no file can be meant, none is written, and it is said what to do."""
    place = place_of(environment, {}, in_kernel=True)
    assert place.path is None
    assert why in place.why
    problem = answering.AnswerStore(place).problem
    assert why in problem
    assert "Export them" in problem


def test_a_program_that_a_notebook_starts_is_no_notebook(notebook: Path):
    """What runs in no kernel does not take the notebook that started it for its own."""
    place = place_of({"JPY_SESSION_NAME": str(notebook)}, {}, in_kernel=False)
    assert place.path is None


def test_the_only_file_in_a_folder_is_read_and_not_written(notebook: Path):
    """Who grades needs no server; but the file may be that of another notebook."""
    path = notebook.with_name("lesson.answers.json")
    first = answering.AnswerStore(Place(NOTEBOOK, path))
    first.register(asked := Predict(question()))
    asked.answer(1)
    before = path.read_bytes()
    store = answering.AnswerStore(place_of({}, {}, in_kernel=True))
    store.register(again := Predict(question()))
    assert again.correct
    again.answer(0)
    assert path.read_bytes() == before
    path.with_name("other.answers.json").write_bytes(before)
    assert place_of({}, {}, in_kernel=True).path is None


def test_each_question_finds_its_answer_among_several_files(notebook: Path, monkeypatch):
    """A class hands in several notebooks at once; none of their files is written, or damages."""
    for name, prompt, chosen in (("one", "First?", 1), ("two", "Second?", 0)):
        place = Place(f"{name}.ipynb", notebook.with_name(f"{name}.answers.json"))
        asked_in(place, prompt)[1].answer(chosen)
    damaged = notebook.with_name("zero.answers.json")
    damaged.write_text("{", encoding="utf-8")
    before = [path.read_bytes() for path in sorted(notebook.parent.iterdir())]
    for prompt, chosen in (("First?", [1]), ("Second?", [0]), ("Third?", [])):
        store, asked = asked_in(place_of({}, {}, in_kernel=True), prompt)
        assert asked.chosen == chosen
        assert "zero.answers.json cannot be used" in store.problem
        asked.answer(1)
    assert [path.read_bytes() for path in sorted(notebook.parent.iterdir())] == before


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch):
    """Answers are then kept in memory, and it is said why and what to do."""
    monkeypatch.setenv("KIT_ANSWERS", str(tmp_path / "gone" / "lesson.answers.json"))
    asked = Predict(question())
    asked.answer(1)
    assert score() == 1.0
    problem = answering.store().problem
    assert "lesson.answers.json cannot be used (No such file or directory)" in problem
    assert str(tmp_path) not in problem


def test_damage_is_told_and_work_goes_on(answers_file: Path):
    """A damaged file is put aside, and new answers are kept."""
    answers_file.write_text("{", encoding="utf-8")
    shown = Answers()
    asked = Predict(question())
    asked.answer(1)
    assert "It is called lesson.answers.json.bak now" in shown.problem
    assert len(read(answers_file).answers) == 1
    assert answers_file.with_name("lesson.answers.json.bak").read_text(encoding="utf-8") == "{"


# -- the widget -------------------------------------------------------------------------


def test_the_widget_follows(answers_file: Path):
    """It shows what is asked, answered and right, as that changes."""
    shown = Answers()
    assert shown.summary == "No question has been asked yet"
    one, two = Predict(question("One?")), Predict(question("Two?"))
    task = exercise()
    assert shown.summary == "0 of 3 answered, 0 right"
    one.answer(1)
    two.answer(0)
    two.answer(0)
    assert shown.summary == "2 of 3 answered, 1 right"
    assert [(e["prompt"], e["state"], e["tries"]) for e in shown.entries] == [
        ("One?", "right", 1),
        ("Two?", "wrong", 2),
        ("Print 1.", "open", 0),
    ]
    task.check()
    assert shown.summary == "3 of 3 answered, 1 right"
    assert shown.place == "Saved in lesson.answers.json next to this notebook."
    assert shown.file_name == "lesson.answers.json"
    assert parse(shown.content.encode()) == read(answers_file)
    shown.close()
    one.answer(0)
    assert shown.summary == "3 of 3 answered, 1 right"


def imported(shown: Answers, raw: bytes, name: str = "a.json") -> str:
    """What is said when a page sends a file."""
    shown._handle_custom_msg({"do": "import", "name": name}, [memoryview(raw)])
    return shown.status


def test_an_export_can_be_imported(answers_file: Path, monkeypatch):
    """After the file was lost, the export brings the answers back, also to what is shown."""
    Predict(question()).answer(1)
    export = Answers().content.encode()
    answers_file.unlink()
    new_kernel(monkeypatch)
    asked, shown = Predict(question()), Answers()
    assert asked.tries == 0
    assert imported(shown, export) == "1 answer imported."
    assert asked.correct
    assert shown.summary == "1 of 1 answered, 1 right"
    assert len(read(answers_file).answers) == 1
    assert imported(shown, export) == (
        "0 answers imported; 1 left out, as yours are as new or newer."
    )


def test_a_bad_import_changes_nothing(answers_file: Path):
    """What is no file of answers, or one of another notebook, is refused in words."""
    asked, shown = Predict(question()), Answers()
    asked.answer(1)
    before = answers_file.read_bytes()
    said = imported(shown, b"\x00\xff", "<b>photo</b>.png")
    assert said.startswith("“<b>photo</b>.png” was not imported: it is not UTF-8 text. Nothing")
    record = next(iter(answering.store().answers_file.answers.values()))
    foreign = AnswersFile("02_other.ipynb", {"x": record}, "0.1.0")
    assert "answers to 02_other.ipynb, not to what was asked" in imported(
        shown, foreign.text().encode()
    )
    assert answers_file.read_bytes() == before
    assert asked.correct
    with pytest.raises(AnswersError):
        answering.store().take(b"")


def test_the_page_can_say_nothing_else(answers_file: Path):
    """Other messages of a page are left alone."""
    shown = Answers()
    for content in ({}, {"do": "import"}, {"do": "other"}, None):
        shown._handle_custom_msg(content, [])
    assert shown.status == ""


def test_a_wrong_argument_is_told():
    """What `Answers` does not take is refused in a sentence."""
    with pytest.raises(ArgumentError, match="Answers has no argument 'name'"):
        Answers(name="x")


def test_a_file_that_is_only_read_keeps_its_name(tmp_path: Path):
    """It may be that of another notebook, so that a damaged one is not put aside."""
    path = tmp_path / "other.answers.json"
    path.write_text("{", encoding="utf-8")
    store = answering.AnswerStore(Place(NOTEBOOK, path, "it is not known which notebook this is"))
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert "it is no valid JSON" in store.problem


def test_exercises_that_differ_only_in_what_is_meant_are_two(answers_file: Path):
    """The same starter can be asked for different things; their answers are not mixed."""
    starter = "def main():\n    print(0)\n"
    one, two = (Exercise(starter, spec=Spec(output=text)) for text in "12")
    assert one.key != two.key
    assert list(answering.items().values()) == [one, two]
    assert one.key == Exercise(starter, spec=Spec(output="1")).key
