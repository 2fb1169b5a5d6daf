"""The map of a reader's ideas."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import ArgumentError
from kit.answering import notebook as answering
from kit.quiz import MISCONCEPTIONS, Choice, Misconception, Question
from kit.quiz.answers import EXPLANATION, read
from kit.quiz.ideas import idea_in, states_of
from kit.widgets import Explain, Ideas, Predict
from tests.node import FLAGS, REMEDY, find_node
from tests.unit.widgets.questions import answers, questions

STATIC = Path(__file__).parents[4] / "kit" / "widgets" / "static"
OWN = Misconception("<b>it is slow</b>", "It is fast.")
PAGE = """
import { readFileSync } from "node:fs";
const { statesOf } = await import(process.argv[1]);
const { ideaOf } = await import(process.argv[2]);
const [shown, asked] = JSON.parse(readFileSync(0, "utf8"));
const told = asked.map(([question, chosen]) => ideaOf(question, chosen));
process.stdout.write(JSON.stringify([shown.map((one) => statesOf(one)), told]));
"""


def question(prompt: str, idea: str | Misconception = "own_data") -> Question:
    """A question whose second choice is right, and whose first one shows an idea."""
    wrong = Choice("one", False, "No.", idea)
    return Question(prompt, (wrong, Choice("two", True, "Yes.")), tick=0)


def test_answers_move_ideas(answers_file: Path):
    """An idea is held when an answer shows it, shaken when one is mended, dropped when all are."""
    shown = Ideas()
    one, two = Predict(question("One?")), Predict(question("Two?"))
    assert (shown.states, shown.kept) == ({}, [])
    one.answer(0)
    two.answer(0)
    assert shown.states == {"own_data": "held"}
    one.answer(1)
    assert shown.states == {"own_data": "shaken"}
    two.answer(1)
    assert shown.states == {"own_data": "dropped"}
    assert shown.kept[0]["lesson"] == "this one"
    assert shown.kept[0]["shown"] == [["own_data", ""]] * 2
    assert "Threads of one process share code" in shown.in_words
    assert repr(shown) == "<Ideas: 0 held, 0 shaken, 1 dropped>"


def test_what_shows_no_idea_is_no_part_of_it(answers_file: Path):
    """An explanation shows none, and neither does a wrong answer that no idea leads to."""
    Explain("Why?", ["It says why."], "Because.").write("So.")
    Predict(question("One?", "")).answer(0)
    assert {one["kind"] for one in read(answers_file).answers.values()} == {EXPLANATION, "own"}
    shown = Ideas()
    assert shown.kept == [{"lesson": "this one", "href": "", "shown": [["", ""]]}]
    assert shown.in_words == "Ideas: no answer shows a mistaken idea."


def test_ideas_are_restored(answers_file: Path, monkeypatch: pytest.MonkeyPatch):
    """A kernel that is started again shows the same, before any question is asked."""
    Predict(question("One?")).answer(0)
    monkeypatch.setattr(answering, "_stores", [])
    assert Ideas().states == {"own_data": "held"}


def test_other_notebooks_count(answers_file: Path, monkeypatch: pytest.MonkeyPatch):
    """Answers of notebooks in the same folder count, those of one that is gone do not."""
    Predict(question("One?")).answer(0)
    folder = answers_file.parent
    (folder / "lesson.ipynb").touch()
    for name in ("01_first_one", "gone"):
        text = answers_file.read_text(encoding="utf-8").replace("lesson.ipynb", f"{name}.ipynb")
        (folder / f"{name}.answers.json").write_text(text, encoding="utf-8")
    (folder / "01_first_one.ipynb").touch()
    (folder / "broken.answers.json").write_text("{", encoding="utf-8")
    (folder / "broken.ipynb").touch()
    shown = Ideas()
    assert [one["lesson"] for one in shown.kept] == ["01 first one", "this one"]
    answers_file.unlink()
    monkeypatch.setattr(answering, "_stores", [])
    assert Ideas().states == {"own_data": "held"}


def test_without_a_file_only_this_kernel_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Where no answers are kept none are looked for either."""
    monkeypatch.setenv("KIT_ANSWERS", "off")
    (tmp_path / "other.answers.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(answering, "_stores", [])
    asked = Predict(question("One?"))
    shown = Ideas()
    asked.answer(0)
    assert shown.states == {"own_data": "held"}


def test_each_idea_is_told_in_words_once(answers_file: Path):
    """Held ideas come first, dropped ones last, each with what is true instead."""
    dropped, held = Predict(question("One?")), Predict(question("Two?", "worked_once"))
    shown = Ideas()
    dropped.answer(0)
    dropped.answer(1)
    held.answer(0)
    told = [("held", "worked_once"), ("dropped", "own_data")]
    named = [(state, MISCONCEPTIONS[name]) for state, name in told]
    lines = [f"- {state}: “{one.idea}.” {one.instead}" for state, one in named]
    assert shown.in_words.splitlines() == ["Ideas: 1 held, 0 shaken, 1 dropped", *lines]


def test_what_is_true_instead_is_known(answers_file: Path):
    """The page has the table of ideas, and those that a question of this notebook brings along."""
    asked = Predict(question("One?", OWN))
    shown = Ideas()
    assert set(shown.known) == {*MISCONCEPTIONS, OWN.idea}
    assert shown.known[OWN.idea]["instead"] == "It is fast."
    asked.answer(0)
    assert f"held: “{OWN.idea}.” It is fast." in shown.in_words


def test_an_unknown_argument_is_refused(answers_file: Path):
    """A keyword that is none is named."""
    with pytest.raises(ArgumentError, match="Ideas has no argument 'lesson'"):
        Ideas(lesson=3)


def test_the_page_tells_what_python_tells():
    """For any answers the page finds the same ideas in the same states."""
    shown: list[list[tuple[str, str]]] = []
    asked: list[tuple[dict[str, object], list[int]]] = []
    expected: list[str] = []
    names = st.sampled_from(["", *list(MISCONCEPTIONS)[:4]])

    @settings(max_examples=max(40, settings.default.max_examples))
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        shown.append(data.draw(st.lists(st.tuples(names, names), max_size=6)))
        one = data.draw(questions())
        chosen = data.draw(answers(one))
        widget = Predict(one)
        named = ("form", "order", "choices")
        asked.append(({name: getattr(widget, name) for name in named}, chosen))
        expected.append(idea_in(one, chosen))
        widget.close()

    collect()
    node = find_node()
    assert node, REMEDY
    modules = [(STATIC / name).as_uri() for name in ("idea_states.js", "evaluation.js")]
    done = subprocess.run(
        [node, *FLAGS, "--input-type=module", "-e", PAGE, *modules],
        input=json.dumps([shown, asked]),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    states, ideas = json.loads(done.stdout)
    assert [dict(one) for one in states] == [states_of(one) for one in shown]
    assert ideas == expected
    assert {"held", "shaken", "dropped"} <= {
        state for one in shown for state in states_of(one).values()
    }
    assert any(ideas)
