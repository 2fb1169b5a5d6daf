"""The sandbox as Python sees it, without any page."""

import asyncio
import functools
import threading

import ipywidgets
import pytest
from ipywidgets.widgets.widget import _instances

from kit import ArgumentError, Program
from kit.scenarios import SCENARIOS, lost_update
from kit.widgets import Stage, Timeline
from kit.widgets.base.controls import make_controls
from kit.widgets.runs.sandbox import sandbox
from tests.unit.widgets.running import endless, hello, until, workers


def counting(times=2):
    """Return a run of so many prints."""
    return hello(times)


def plain():
    """Return a run, always the same."""
    return hello()


def needing(n):
    """Return a run, if told how much of it."""
    return hello(n)


@pytest.fixture
def box():
    """A sandbox of a quick run."""
    made = sandbox(counting, times=(1, 9), view=Timeline)
    yield made
    made.close()


def test_abbreviations_are_those_of_interact():
    """Each abbreviation makes the control that ipywidgets' interact makes of it."""

    def run(a, b, c, d, e, f, g=4, *, h=True):
        """Take some."""

    own = ipywidgets.IntSlider(value=3)
    given = {"a": (1, 9), "b": (0.0, 1.0, 0.5), "c": ["x", "y"], "d": {"two": 2}, "e": "text"}
    made = make_controls(run, {**given, "f": own})
    shown = {name: (type(one).__name__, one.value) for name, one in made.items()}
    assert shown == {
        "a": ("IntSlider", 5),
        "b": ("FloatSlider", 0.5),
        "c": ("Dropdown", "x"),
        "d": ("Dropdown", 2),
        "e": ("Text", "text"),
        "f": ("IntSlider", 3),
        "g": ("IntSlider", 4),
        "h": ("Checkbox", True),
    }
    assert made["f"] is own
    assert [one.description for one in made.values()] == list("abcdefgh")


def test_defaults_of_the_function_count():
    """A control begins with the default of its parameter, where that fits."""
    assert make_controls(counting, {"times": (1, 9)})["times"].value == 2
    assert make_controls(counting, {"times": [1, 2, 3]})["times"].value == 2
    assert make_controls(counting, {"times": (5, 9)})["times"].value == 5


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_scenario_has_controls(scenario):
    """A scenario has a control for each parameter, within its bounds, at its default."""
    controls = make_controls(scenario, {})
    assert list(controls) == list(scenario.parameters)
    for name, parameter in scenario.parameters.items():
        control = controls[name]
        assert control.value == parameter.default
        if parameter.choices:
            assert control.options == parameter.choices
        elif not isinstance(parameter.default, bool):
            assert (control.min, control.max) == (parameter.least, parameter.most)


def test_a_scenario_says_what_its_parameters_mean():
    """Beside each control stands what it means; a control can be given instead."""
    made = sandbox(lost_update, quantum=(1, 4), view=Timeline)
    assert (made.controls["quantum"].min, made.controls["quantum"].max) == (1, 4)
    labels = [row.children[1].value for row in made.children[0].children[:-1]]
    assert labels == [one.meaning for one in lost_update.parameters.values()]
    made.close()


@pytest.mark.parametrize(
    ("give", "message"),
    [
        (lambda: sandbox(counting, time=3), "sandbox: counting has no parameter 'time'; did you"),
        (lambda: sandbox(lost_update, quantums=3), "lost_update has no parameter 'quantums'; did"),
        (lambda: sandbox(needing), r"needing needs a value for 'n': write n=\(1, 10\), or give"),
        (lambda: sandbox(counting, times=(9, 1)), r"times is \(9, 1\), .*; give a tuple such as"),
        (lambda: sandbox(counting, times=object), "times is <class 'object'>; give a tuple such"),
        (lambda: sandbox(counting, times=[]), None),
        (lambda: sandbox(hello()), "sandbox: the function is <Trace.*give one that returns a tra"),
        (lambda: sandbox(times=(1, 9)), "sandbox: the function is None; give one that returns"),
        (lambda: sandbox(counting, view=3), "sandbox: view is 3; give Stage, a view such as"),
    ],
)
def test_what_cannot_be_a_sandbox(give, message):
    """Wrong arguments are refused with what to write instead; an empty choice only fails."""
    if message is None:
        made = give()
        assert made.error is not None
        made.close()
        return
    with pytest.raises(ArgumentError, match=message):
        give()


def test_a_change_shows_another_run_in_the_same_widgets():
    """Moving a control runs anew; the stage, its figures and the tick stay."""
    made = sandbox(counting, times=(1, 9))
    stage, before = made.stage, made.trace
    figures = [view.figure for view in stage.views.values()]
    assert isinstance(stage, Stage)
    stage.player.tick = 9
    made.controls["times"].value = 5
    assert made.trace is not before
    assert made.trace.output(2) == "0\n1\n2\n3\n4\n"
    assert made.stage is stage
    assert stage.player.trace is made.trace
    assert [view.figure for view in stage.views.values()] == figures
    assert stage.player.tick == 9
    assert made.status.state == "done"
    assert made.status.text == "The picture shows times = 5."
    made.close()


def test_text_is_stable(box):
    """The text names function and values, and says what went wrong; no address, no model."""
    assert repr(box) == "<Sandbox of counting: times = 2>"
    box.controls["times"].value = 4
    assert repr(box) == "<Sandbox of counting: times = 4>"
    words = box._repr_mimebundle_()["text/plain"]
    assert words.startswith("counting: times = 4\nTIMELINE, at tick 0:\nhello T1 (pid 2): running")
    partial = functools.partial(counting, times=3)
    for function, text in [
        (plain, "<Sandbox of plain>"),
        (partial, "<Sandbox of counting: times = 3>"),
        (lambda n=0: 1 / n, "<Sandbox of <lambda>: n = 0; ZeroDivisionError: division by zero>"),
    ]:
        other = sandbox(function, view=Timeline)
        assert repr(other) == text
        other.close()


def test_a_choice_is_told_by_its_label():
    """What stands in a list of choices is what the status says, not the object behind it."""
    made = sandbox(lambda what: hello(what[0]), what={"few": [1], "many": [3]}, view=Timeline)
    assert made.status.text == "The picture shows what = few."
    made.controls["what"].label = "many"
    assert made.status.text == "The picture shows what = many."
    made.close()


def broken(how=0):
    """Fail in one way or another."""
    if how == 1:
        return {}["<b>"]
    if how == 2:
        return Program("wrong", "def main():\n    x = lambda: 1\n")
    if how == 3:
        return None
    if how == 4:
        raise SystemExit("enough")
    if how == 5:
        return lost_update(quantum=99)
    return hello()


@pytest.mark.parametrize(
    ("how", "text", "line"),
    [
        (1, "KeyError: '<b>'.", "test_sandbox.py, line "),
        (2, "wrong.py:2:9: 'lambda' is not in the lesson language; define a fun", "in broken: "),
        (3, "sandbox: broken returned nothing; let it end in 'return machine.run()'", ""),
        (4, "SystemExit: enough.", "raise SystemExit"),
        (5, "lost_update: quantum is 99; give a whole number from 1 to 50.", "lost_update(qu"),
    ],
)
def test_errors_are_shown(how, text, line):
    """An error is told in words with the line of the user's own text; the picture stays."""
    made = sandbox(broken, how=(0, 5), view=Timeline)
    before = made.trace
    made.controls["how"].value = how
    assert made.status.state == "failed"
    assert made.status.text.startswith(text)
    assert made.status.text.endswith(" The picture still shows how = 0.")
    assert line in made.status.detail
    assert "kit/" not in made.status.detail
    assert made.error is not None
    assert made.trace is before
    made.controls["how"].value = 0
    assert (made.status.state, made.status.detail, made.error) == ("done", "", None)
    made.close()


def test_the_first_run_may_fail():
    """A sandbox whose first run fails says so, and has its picture from the first that does not."""
    made = sandbox(broken, how=ipywidgets.IntSlider(value=1, max=5), view=Timeline)
    assert made.status.state == "failed"
    assert "still" not in made.status.text
    assert (made.stage, made.trace) == (None, None)
    made.controls["how"].value = 0
    assert made.stage.trace is made.trace
    made.close()


def test_a_limit_shows_what_happened_until_then():
    """A run into a limit is shown up to there, with the message."""
    made = sandbox(lambda ticks=(10, 90): endless(ticks), ticks=(10, 90), view=Timeline)
    made.controls["ticks"].value = 60
    assert made.trace.end == 60
    assert made.status.state == "limit"
    assert made.status.text.startswith("tick 60: 'endless' (pid 2) was still not finished")
    assert made.status.text.endswith("The picture shows ticks = 60 up to there.")
    made.close()


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (lambda _: 3, "sandbox: view made int, which has no player; give Stage"),
        (lambda _: ipywidgets.Text(), "sandbox: view made Text, which has no player"),
        (lambda trace: trace.nothing, "AttributeError: 'Trace' object has no attribute"),
    ],
)
def test_a_view_that_shows_nothing(view, text):
    """A view that cannot show the trace is told like any other error."""
    made = sandbox(counting, view=view)
    assert made.status.state == "failed"
    assert made.status.text.startswith(text)
    made.close()


def test_fixed_values_and_keywords():
    """A fixed value has no control, and a function may take any keyword."""

    def run(**given):
        return hello(given["times"] + given["more"])

    made = sandbox(run, times=(1, 5), more=ipywidgets.fixed(2), view=Timeline)
    assert made.trace.output(2) == "0\n1\n2\n3\n4\n"
    assert repr(made) == "<Sandbox of run: times = 3>"
    made.close()


def test_close_leaves_nothing_but_what_was_lent():
    """Closing leaves no model, no thread and no observer; a control that was given stays."""
    before = set(_instances)
    lent = ipywidgets.IntSlider(value=2, min=1, max=5)
    own = set(_instances)
    made = sandbox(lambda times, other=1: hello(times * other), times=lent)
    assert len(_instances) > len(own) + 20
    made.close()
    made.close()
    assert set(_instances) == own
    lent.value = 3
    assert made.trace.output(2) == "0\n1\n"
    lent.layout.close()
    lent.style.close()
    lent.close()
    assert set(_instances) == before


def waiting(quantum=3):
    """Run quickly, or for ever."""
    return endless() if quantum > 5 else hello(quantum)


def test_beside_the_kernel():
    """In a notebook the first run comes at once; later ones do not keep the kernel waiting."""

    async def main():
        made = sandbox(waiting, quantum=(1, 10), view=Timeline)
        assert made.trace.output(2) == "0\n1\n2\n"
        threads = set()
        made.observe(lambda _: threads.add(threading.current_thread()), "trace")
        before = made.trace
        made.controls["quantum"].value = 4
        assert made.running
        assert made.status.state == "running"
        assert made.trace is before
        await until(lambda: not made.running)
        assert made.trace.output(2) == "0\n1\n2\n3\n"
        assert threads == {threading.main_thread()}
        made.close()

    asyncio.run(main())


def test_newest_wins_and_cancel():
    """A newer run stops the one before; Cancel stops it too, and the picture stays."""

    async def main():
        made = sandbox(waiting, quantum=(1, 10), view=Timeline)
        for value in (9, 8, 7, 2):
            made.controls["quantum"].value = value
        assert made.status.turn == 4
        await until(lambda: not made.running)
        assert made.status.text == "The picture shows quantum = 2."
        made.controls["quantum"].value = 9
        await asyncio.sleep(0.02)
        made.status._take_message(made.status, {"do": "cancel"}, [])
        assert not made.running
        assert made.status.state == "cancelled"
        assert made.status.text == "Cancelled. The picture still shows quantum = 2."
        await until(lambda: not workers())
        made.cancel()
        assert made.status.state == "cancelled"
        made.close()

    asyncio.run(main())


def test_a_run_that_cannot_be_stopped_is_told():
    """The page says that a function goes on though it was cancelled, and no longer once it ends."""
    go = threading.Event()

    def deaf(quantum=2):
        if quantum == 9:
            go.wait()
        return hello(quantum)

    async def main():
        made = sandbox(deaf, quantum=(1, 10), view=Timeline)
        made.controls["quantum"].value = 9
        made.status._take_message(made.status, {"do": "cancel"}, [])
        assert made.status.note == ""
        await until(lambda: made.status.note)
        assert "left to end by itself, and its result is not shown" in made.status.note
        assert made.status.text == "Cancelled. The picture still shows quantum = 2."
        go.set()
        await until(lambda: not made.status.note)
        assert made.trace.output(2) == "0\n1\n"
        made.close()

    asyncio.run(main())


def test_close_stops_the_run():
    """Closing while something runs stops it; nothing is shown afterwards."""

    async def main():
        made = sandbox(waiting, quantum=(1, 10), view=Timeline)
        before = made.trace
        made.controls["quantum"].value = 9
        await asyncio.sleep(0.02)
        made.close()
        await until(lambda: not workers())
        assert made.trace is before

    asyncio.run(main())
