"""The editor as Python sees it, without any page."""

import asyncio

import pytest
from ipywidgets.widgets.widget import _instances

from kit import ArgumentError, Limits, Machine, Program
from kit.widgets import Timeline
from kit.widgets.runs.editor import Editor
from tests.unit.widgets.running import HELLO, until, workers

MISTAKE = "def main():\n    x = lambda: 1\n"
LOOP = "def main():\n    while True:\n        pass\n"


def run(program):
    """Run a program with little patience."""
    machine = Machine(limits=Limits(ticks=500))
    machine.launch(program)
    return machine.run()


@pytest.fixture
def editor():
    """An editor of a small program."""
    made = Editor(Program("hello", HELLO), run=run, view=Timeline)
    yield made
    made.close()


def enter(editor, text):
    """Write a text and run it, as a page tells Python."""
    editor.area._take_message(editor.area, {"do": "run", "text": text}, [])


def test_it_begins_with_the_given_program(editor):
    """The first run is that of the program as given, and nothing is offered to compare."""
    assert editor.text == HELLO
    assert editor.first is editor.trace
    assert editor.trace.output(2) == "7\n"
    assert editor.status.text == "The picture shows the program as given."
    assert editor.area.label == "hello.py"
    assert editor.compare.layout.display == "none"
    assert repr(editor) == "<Editor of 'hello': 4 lines>"


def test_an_edited_program_runs_in_the_same_stage(editor):
    """The edited text is compiled and run; stage and tick stay, the first run is kept."""
    stage, first = editor.stage, editor.trace
    stage.player.tick = 3
    enter(editor, HELLO.replace("7", "8"))
    assert editor.trace.output(2) == "8\n"
    assert editor.program == Program("hello", HELLO.replace("7", "8"))
    assert editor.stage is stage
    assert stage.trace is editor.trace
    assert stage.player.tick == 3
    assert editor.first is first
    assert editor.status.text == "The picture shows the edited program."
    enter(editor, HELLO)
    assert editor.trace.output(2) == "7\n"
    assert editor.status.text == "The picture shows the program as given."


def test_a_mistake_is_marked_at_its_line(editor):
    """A mistake has its line, column and message, and the picture stays; mended, it is gone."""
    before, program = editor.trace, editor.program
    enter(editor, MISTAKE)
    message = "'lambda' is not in the lesson language; define a function with 'def' and pass its"
    (error,) = editor.area.errors
    assert (error["line"], error["column"]) == (2, 9)
    assert error["message"].startswith(message)
    assert editor.status.text == (
        "There is a mistake in line 2. The picture still shows the program as given."
    )
    assert (editor.trace, editor.program) == (before, program)
    assert repr(editor).startswith("<Editor of 'hello': 2 lines; hello.py:2:9: 'lambda' is not")
    enter(editor, HELLO)
    assert editor.area.errors == []
    assert editor.error is None


def test_a_mistake_is_marked_while_it_is_written(editor):
    """Before anything is run; what was said of the last run stays, and no run begins."""
    said, trace = editor.status.text, editor.trace
    editor.area.set_state({"text": MISTAKE})
    assert [error["line"] for error in editor.area.errors] == [2]
    editor.area.set_state({"text": MISTAKE.replace("lambda: 1", "1")})
    assert editor.area.errors == []
    assert (editor.status.text, editor.trace) == (said, trace)
    for text in ("(" * 5000, "\x00", "é" * 10):
        editor.area.set_state({"text": text})


def test_a_mistake_in_another_program_is_not_marked(editor):
    """A mistake in a program that `run` itself makes is told, but not at a line of this text."""
    editor._launch = lambda _program: Program("other", MISTAKE)
    editor.run()
    assert editor.area.errors == []
    assert editor.status.text.startswith("other.py:2:9: 'lambda' is not in the lesson language")


def test_it_may_begin_with_a_mistake():
    """A text that is given with a mistake in it is marked, and can be mended."""
    made = Editor(MISTAKE, view=Timeline)
    assert made.area.errors[0]["line"] == 2
    assert (made.program, made.trace, made.first, made.stage) == (None, None, None, None)
    enter(made, HELLO)
    assert made.trace.output(2) == "7\n"
    assert made.first is None
    assert made.compare.layout.display == "none"
    made.close()


@pytest.mark.parametrize(
    "text", ["", "   \n", "def", "x = (", "\t", "é = 1", "x = 1\0", "((" * 500]
)
def test_any_text_is_survived(editor, text):
    """Whatever is written is either run or refused in words."""
    enter(editor, text)
    assert editor.status.state == "failed"
    assert editor.status.text
    enter(editor, HELLO)
    assert editor.status.state == "done"


def test_an_endless_program_is_shown_up_to_its_limit(editor):
    """A run into a limit is shown with the message."""
    enter(editor, LOOP)
    assert editor.trace.end == 500
    assert editor.status.state == "limit"
    assert editor.status.text.startswith("tick 500: 'hello' (pid 2) was still not finished")


def test_what_run_returns_must_be_a_trace():
    """A `run` that forgets to return says what to do."""
    made = Editor(HELLO, run=lambda _program: None, view=Timeline)
    assert made.status.text.startswith("Editor: run returned nothing; let it end in 'return mach")
    made.close()


def test_both_runs_beside_each_other(editor):
    """With the box ticked the first run stands beside the newest, at the tick where one was."""
    first = editor.first
    editor.stage.player.tick = 5
    enter(editor, HELLO.replace("7", "8"))
    assert editor.compare.layout.display is None
    editor.compare.value = True
    pair = editor.comparison
    assert (pair.a, pair.b, pair.labels) == (first, editor.trace, ("as given", "as edited"))
    assert pair.player.tick == 5
    assert editor._place.layout.display == "none"
    enter(editor, MISTAKE)
    assert editor.comparison is pair
    pair.player.tick = 6
    enter(editor, HELLO.replace("7", "9"))
    assert pair.comm is None
    assert editor.comparison.b is editor.trace
    assert editor.comparison.player.tick == 6
    editor.compare.value = False
    assert editor.comparison is None
    assert editor._place.layout.display is None
    assert editor.stage.player.tick == 6


def test_text_can_be_set(editor):
    """Setting the text does not run it; `run` does. It must be a text."""
    before = editor.trace
    editor.text = HELLO.replace("7", "8")
    assert editor.area.text == editor.text
    assert editor.trace is before
    editor.run()
    assert editor.trace.output(2) == "8\n"
    with pytest.raises(ArgumentError, match="Editor: the text is 3; give a text"):
        editor.text = 3


def test_an_indented_text_and_assembly():
    """A text is taken out of its indentation; a program in assembly stays one."""
    made = Editor("    def main():\n        print(1)\n", view=Timeline)
    assert made.text == "def main():\n    print(1)\n"
    made.close()
    text = Program("hello", HELLO).disassemble()
    made = Editor(Program.from_assembly("hello", text), view=Timeline)
    assert made.trace.output(2) == "7\n"
    enter(made, text.replace("7", "8", 1) + "NONSENSE\n")
    assert len(made.area.errors) == 1
    made.close()


@pytest.mark.parametrize(
    ("give", "message"),
    [
        (lambda: Editor(3), "Editor: the program is int; give Program"),
        (lambda: Editor(HELLO, run=3), "Editor: run is 3; give a function that takes a program"),
        (lambda: Editor(HELLO, view=None), "Editor: view is None; give Stage"),
        (lambda: Editor(HELLO, veiw=Timeline), "Editor has no argument 'veiw'; did you mean 'vi"),
    ],
)
def test_what_cannot_be_an_editor(give, message):
    """Wrong arguments are refused with what to write instead."""
    with pytest.raises(ArgumentError, match=message):
        give()


def test_beside_the_kernel():
    """In a notebook a run is cancelled by a newer one, by a mistake, and by closing."""

    def patient(program):
        machine = Machine(limits=Limits(ticks=10**12))
        machine.launch(program)
        return machine.run()

    async def main():
        before = set(_instances)
        made = Editor(HELLO, run=patient, view=Timeline)
        enter(made, LOOP)
        assert made.running
        enter(made, HELLO.replace("7", "8"))
        await until(lambda: not made.running)
        assert made.trace.output(2) == "8\n"
        enter(made, LOOP)
        assert made.running
        enter(made, MISTAKE)
        assert not made.running
        assert made.area.errors[0]["line"] == 2
        enter(made, LOOP)
        made.cancel()
        assert made.status.text == "Cancelled. The picture still shows the edited program."
        enter(made, LOOP)
        made.close()
        await until(lambda: not workers())
        assert set(_instances) == before

    asyncio.run(main())
