"""The page judges an answer as Python does."""

import json
import subprocess
from dataclasses import asdict
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kit.quiz.misconceptions import MISCONCEPTIONS
from kit.widgets import Predict
from tests.node import FLAGS, REMEDY, find_node
from tests.unit.widgets.questions import answers, questions

SHARED = ("form", "order", "why", "tick", "choices")
MODULE = Path(__file__).parents[4] / "kit" / "widgets" / "static" / "evaluation.js"
SCRIPT = """
import { readFileSync } from "node:fs";
const { feedbackTo } = await import(process.argv[1]);
const table = JSON.parse(readFileSync(0, "utf8"));
const told = table.map(([asked, chosen]) => feedbackTo(asked, chosen));
process.stdout.write(JSON.stringify(told));
"""


def judged_by_node(table: list[object]) -> list[dict[str, object]]:
    """Return what the page's module says of each question and answer of a table."""
    node = find_node()
    assert node, REMEDY
    flags = (*FLAGS, "--input-type=module", "-e", SCRIPT)
    done = subprocess.run(
        [node, *flags, MODULE.as_uri()],
        input=json.dumps(table),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, object]] = json.loads(done.stdout)
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
