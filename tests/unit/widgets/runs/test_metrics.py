"""The charts of metrics as Python sees them, without any page."""

import pytest
from ipywidgets.widgets.widget import _instances

from kit import ArgumentError, Machine
from kit.scenarios import SCENARIOS
from kit.widgets.runs.metrics import Metrics

SCENARIO = SCENARIOS["three_jobs"]


@pytest.fixture(scope="module")
def runs():
    """The same jobs under two policies."""
    return {"FIFO": SCENARIO(), "round robin": SCENARIO(policy="round robin", quantum=1)}


def models() -> set[str]:
    """The ids of all models there are."""
    return set(_instances)


def test_chart_and_table_say_the_same(runs):
    """Each measure has a bar a run, with its value as text, and the same in the table."""
    shown = Metrics(runs, of=("turnaround", "switches"))
    assert list(shown.figures) == ["turnaround", "switches"]
    assert shown.table.headings == ["measure", "unit", "FIFO", "round robin"]
    for row, figure in zip(shown.table.text(), shown.figures.values(), strict=True):
        bars, numbers = figure.marks
        assert list(bars.x) == list(numbers.y) == ["FIFO", "round robin"]
        assert list(numbers.text) == row[2:]
        assert [f"{value:,.1f}".removesuffix(".0") for value in bars.y] == row[2:]
        assert figure.axes[1].label == f"{row[0]} ({row[1]})"
    expected = runs["round robin"].metrics().totals["switches"]
    assert shown.table.text()[1] == ["context switches", "count", "2", str(expected)]


def test_default_measures(runs):
    """Without being told it shows turnaround, response and wait."""
    assert list(Metrics(runs).figures) == ["turnaround", "response", "wait"]


def test_one_trace_or_a_list(runs):
    """A single trace and a list of traces will do."""
    assert list(Metrics(runs["FIFO"]).runs) == ["first in, first out"]
    assert len(Metrics(list(runs.values())).runs) == 2


def test_other_runs_in_the_same_widgets(runs):
    """Setting runs or measures keeps the widgets, as far as they are still needed."""
    shown = Metrics(runs)
    before, figures = models(), shown.figures
    shown.runs = {**runs, "shortest first": SCENARIO(policy="sjf")}
    assert shown.figures == figures
    assert len(shown.figures["wait"].marks[0].x) == 3
    assert shown.table.headings[2:] == ["FIFO", "round robin", "shortest first"]
    assert models() == before
    shown.of = ("wait", "ticks")
    assert shown.figures["wait"] is figures["wait"]
    assert list(shown.figures) == ["wait", "ticks"]
    assert len(models()) < len(before)


def test_wrong_settings_change_nothing(runs):
    """What cannot be shown is refused, and everything stays as it was."""
    shown = Metrics(runs)
    with pytest.raises(ArgumentError, match="did you mean 'wait'"):
        shown.of = ("wiat",)
    with pytest.raises(ArgumentError, match="give a trace"):
        shown.runs = []
    assert list(shown.figures) == ["turnaround", "response", "wait"]
    assert list(shown.runs) == ["FIFO", "round robin"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"runs": Machine()}, r"Metrics: the runs are Machine; give a trace"),
        ({"runs": None, "off": 1}, r"Metrics has no argument 'off'; did you mean 'of'\?"),
    ],
)
def test_wrong_arguments_leave_no_model(given, message):
    """A refused argument says what to do, and leaves no model behind."""
    before = models()
    with pytest.raises(ArgumentError, match=message):
        Metrics(**given)
    assert models() == before


def test_unknown_measure_leaves_no_model(runs):
    """So does a measure that does not exist."""
    before = models()
    with pytest.raises(ArgumentError, match="no measure 'speed'"):
        Metrics(runs, of="speed")
    assert models() == before


def test_closing_leaves_no_model(runs):
    """Charts, scales, axes, table and layouts go with it."""
    before = models()
    shown = Metrics(runs)
    shown.runs = runs["FIFO"]
    shown.close()
    assert models() == before


def test_text_is_stable(runs):
    """It says what it shows, also where no widget can be shown."""
    shown = Metrics(runs, of=["wait", "ticks"])
    assert repr(shown) == "<Metrics of 'FIFO', 'round robin': wait, ticks>"
    bundle = shown._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    first, *rows = data["text/plain"].splitlines()
    assert first == "measure | unit | FIFO | round robin"
    assert [row.partition(" | ")[0] for row in rows] == ["mean wait", "length of the run"]


def test_long_labels_stay_apart(runs):
    """Labels that are alike where they are cut get a number."""
    first, other = runs.values()
    shown = Metrics(
        {"a very long label of a run, one": first, "a very long label of a run, two": other}
    )
    names = list(shown.figures["wait"].marks[0].x)
    assert len(set(names)) == 2
    assert names[0].startswith("1: a very long")
    assert shown.table.headings[2:] == list(shown.runs)


def test_what_is_left_out_is_said():
    """A star at a mean is explained under the table's caption."""
    machine = SCENARIO.machine()
    trace = machine.run(until=70)
    shown = Metrics({"cut": trace}, of=("turnaround",))
    assert shown.table.text()[0][2].endswith("*")
    assert shown.table.caption == (
        "* without mean turnaround, cut: 2 of 3 processes, which had not ended"
    )
