"""The page judges an answer as Python does."""

import json
import subprocess
from dataclasses import asdict
from operator import attrgetter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kit.answering.rounds import Rounds
from kit.quiz.misconceptions import MISCONCEPTIONS
from kit.widgets import Predict
from tests.node import FLAGS, REMEDY, find_node
from tests.unit.widgets.questions import answers, questions

KEY = attrgetter("key")
SHARED = ("form", "order", "why", "tick", "choices")
MODULE = Path(__file__).parents[4] / "kit" / "widgets" / "static" / "evaluation.js"
SCRIPT = """
import { readFileSync } from "node:fs";
const { feedbackTo } = await import(process.argv[1]);
const table = JSON.parse(readFileSync(0, "utf8"));
const told = table.map(([asked, chosen]) => feedbackTo(asked, chosen));
process.stdout.write(JSON.stringify(told));
"""


ROUNDS = """
import { readFileSync } from "node:fs";
const { missesAfter, roundAnswered, roundNow } = await import(process.argv[1]);
const table = JSON.parse(readFileSync(0, "utf8"));
const told = table.map(({ instances, given }) => {
  let misses = [];
  return given.map(([chosen, correct]) => {
    misses = missesAfter({ misses, instances }, chosen, correct);
    const state = { misses, instances, correct };
    return [misses, roundNow(state), roundAnswered(state)];
  });
});
process.stdout.write(JSON.stringify(told));
"""


def judged_by_node(table: list, script: str = SCRIPT) -> list:
    """Return what the page's module says of each entry of a table."""
    node = find_node()
    assert node, REMEDY
    flags = (*FLAGS, "--input-type=module", "-e", script)
    done = subprocess.run(
        [node, *flags, MODULE.as_uri()],
        input=json.dumps(table),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list = json.loads(done.stdout)
    return told


def test_the_page_tells_what_python_tells():
    """Of any question and any answer: whether it is right, what is said, which moment shows it."""
    table: list[tuple[dict[str, object], list[int]]] = []
    expected: list[dict[str, object]] = []

    @settings(max_examples=max(40, settings.default.max_examples))
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        question = data.draw(questions())
        chosen = data.draw(answers(question))
        widget = Predict(question)
        table.append(({name: getattr(widget, name) for name in SHARED}, chosen))
        expected.append(asdict(question.feedback(chosen)))
        widget.close()

    collect()
    told = judged_by_node(table)
    assert len(told) == len(expected) > 20
    assert any(one["correct"] for one in expected)
    assert any(one["misconception"] for one in expected)
    for (asked, chosen), page, python in zip(table, told, expected, strict=True):
        idea = MISCONCEPTIONS.get(python["misconception"])
        python |= {"idea": idea.idea if idea else "", "instead": idea.instead if idea else ""}
        assert page == python, (asked, chosen)


def test_the_page_goes_through_rounds_as_python_does():
    """After any answers both ask the same instance, and know which one was answered."""
    table: list[dict[str, object]] = []
    expected: list[list[list[object]]] = []

    @given(st.data())
    def collect(data: st.DataObject) -> None:
        question, *others = data.draw(st.lists(questions(), min_size=1, max_size=3, unique_by=KEY))
        rounds = Rounds(question, others)
        given_answers: list[list[object]] = []
        told: list[list[object]] = []
        for _ in range(data.draw(st.integers(1, 9))):
            chosen = data.draw(answers(rounds.now))
            given_answers.append([chosen, rounds.check(chosen)])
            numbers = [rounds.questions.index(one) for one in (rounds.now, rounds.answered)]
            told.append([rounds.misses, *numbers])
        table.append({"instances": [{}] * len(others), "given": given_answers})
        expected.append(told)

    collect()
    assert judged_by_node(table, ROUNDS) == expected
