"""Answers that can be looked up in a notebook."""

from pathlib import Path

import nbformat
import pytest

from kit.check.leaks import Question, leaks
from kit.check.notebooks import readable

VALUE = {"prompt": "What will count be?", "form": "one", "choices": ["0", "4", "6"], "right": [1]}
STATE = {
    "prompt": "T2 is running. In which state will it be next?",
    "form": "one",
    "choices": ["blocked: waiting for something other than a core", "ready: could run"],
    "right": [0],
    "about": ["T2"],
}
POSSIBLE = {
    "prompt": "Which values can count have?",
    "form": "several",
    "choices": ["3", "4", "5", "6"],
    "right": [1, 3],
    "about": ["count"],
}
LONG = {
    "prompt": "What happens?",
    "form": "one",
    "choices": [
        "Nothing special: the word is read",
        "The whole process ends, with its threads",
    ],
    "right": [1],
}
PRINTED = {
    "prompt": "What is printed next?",
    "form": "one",
    "choices": ["secret is 7", "secret is 42"],
    "right": [0],
}


def told(path: Path, asks: dict[str, object], *cells: nbformat.NotebookNode) -> list[str]:
    """Return the sentences of a notebook that answer a question."""
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), path)
    question = Question.of(asks)
    return [] if question is None else [leak.sentence for leak in leaks(readable(path), [question])]


@pytest.mark.parametrize(
    ("asks", "text"),
    [
        (VALUE | {"about": ["count"]}, "In the end `count` is **4**."),
        (VALUE | {"about": ["count"]}, "An update is lost: count ends as 4."),
        (VALUE | {"about": ["buffer_size"]}, "In the end buffer_size is _4_."),
        (VALUE | {"about": ["count"]}, "> So the value of count\n> is 4."),
        (STATE, "1. **Tick 31**: T2 is in `join(a)` and *blocked*."),
        (POSSIBLE, "On some schedules count is 4, on others 6."),
        (LONG, "* Then the whole process ends, with its threads."),
        (PRINTED, "| tick 9 | secret is 7 |"),
    ],
)
def test_a_sentence_with_the_answer_is_found(tmp_path: Path, asks: dict[str, object], text: str):
    """It names what is asked about and the right choice, in any markup."""
    cell = nbformat.v4.new_markdown_cell(f"# Title\n\nSomething else.\n\n{text}\n\nThe rest.")
    (found,) = told(tmp_path / "a.ipynb", asks, cell)
    assert found.rstrip(".")[-1] in text


@pytest.mark.parametrize(
    ("asks", "text"),
    [
        (VALUE | {"about": ["count"]}, "Is count 4 in the end, or 6?"),
        (VALUE | {"about": ["count"]}, "At tick 4 look at count."),
        (VALUE | {"about": ["count"]}, "The number 4 is even."),
        (VALUE, "In the end it is 4."),
        (VALUE | {"about": ["count"], "form": "order"}, "In the end count is 4."),
        (VALUE | {"about": ["count"], "form": "mark"}, "In the end count is 4."),
        (STATE, "T3 is blocked."),
        (STATE, "T2 may be blocked or ready."),
        (POSSIBLE, "count is 3, 4, 5 or 6."),
        (LONG, "The process ends."),
        (PRINTED, "The secret is kept."),
        (
            VALUE | {"about": ["count"]},
            "<details><summary>Why?</summary>\n\ncount is 4\n</details>",
        ),
        (VALUE | {"about": ["count"]}, "```python\ncount = 4\n```"),
        (VALUE | {"about": ["count"]}, "See [count](chapter-4.html)."),
        (VALUE | {"about": ["count"]}, "<!-- count is 4 -->"),
    ],
)
def test_a_sentence_without_it_is_not(tmp_path: Path, asks: dict[str, object], text: str):
    """It names a wrong choice as well, another thing, or cannot be seen."""
    assert told(tmp_path / "a.ipynb", asks, nbformat.v4.new_markdown_cell(text)) == []


def test_what_a_cell_shows_is_read_too(tmp_path: Path):
    """Printed lines and the words of a widget, but for those of the question itself."""
    asks = VALUE | {"about": ["count"]}
    output = nbformat.v4.new_output
    for shown, found in (
        (output("stream", name="stdout", text="ready\ncount 4\n"), ["count 4"]),
        (output("display_data", data={"text/plain": "t = 98: T1 prints count 4"}), 1),
        (output("display_data", data={"text/plain": "Predict: count?\n- 4"}), []),
        (output("error", ename="E", evalue="", traceback=[]), []),
    ):
        cell = nbformat.v4.new_code_cell("count = 4", outputs=[shown])
        said = told(tmp_path / "a.ipynb", asks, cell)
        assert said == found or len(said) == found
    told_of = output("stream", name="stdout", text="The whole process ends, with its threads.")
    assert told(tmp_path / "a.ipynb", LONG, nbformat.v4.new_code_cell("", outputs=[told_of])) == []


def test_what_a_run_prints_is_read(tmp_path: Path):
    """A line that is not stored is on the page all the same when the cell has run."""
    path = tmp_path / "a.ipynb"
    cell = nbformat.v4.new_code_cell("print(trace.output(2))")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    question = Question.of(VALUE | {"about": ["count"]})
    assert question is not None
    found = list(leaks(readable(path), [question], {1: "count 4\n"}))
    assert [one.sentence for one in found] == ["count 4"]
    assert not list(leaks(readable(path), [question], {1: "count 6\n"}))


def test_a_program_that_is_printed_says_no_answer(tmp_path: Path):
    """It says how a variable starts; what is printed around it is read all the same."""
    asks = VALUE | {"about": ["count"]}
    program = "# adder\ncount = 4\nlimit = 6\n\ndef work():\n    count = 4\n\ndef main(): work()\n"
    for text, found in (
        (program, []),
        (f"cores: 1\n{program}\n\n{program}", []),
        (f"{program}\ncount = 4\n", ["count = 4"]),
        (f"count 4\n{program}", ["count 4"]),
        ("# adder\ncount = 4\n", ["count = 4"]),
    ):
        output = nbformat.v4.new_output("stream", name="stdout", text=text)
        cell = nbformat.v4.new_code_cell("print(program.text)", outputs=[output])
        assert told(tmp_path / "a.ipynb", asks, cell) == found
