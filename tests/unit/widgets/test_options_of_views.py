"""Listing, console, files and heap as widgets: options, another run, and the end."""

import pytest
from ipywidgets.widgets.widget import _instances

from kit import ArgumentError, Machine, Program
from kit.scenarios import SCENARIOS
from kit.widgets.pictures.table import Table
from kit.widgets.views import Console, Files, HeapList, Listing

TABLES = (Listing, Console, Files, HeapList)


def models() -> set[str]:
    """The ids of all models there are."""
    return set(_instances)


@pytest.mark.parametrize("view", TABLES)
@pytest.mark.parametrize("name", ["lost_update", "heap_with_holes", "half_done_file", "fork_bomb"])
def test_cells_fit_their_tables(view, name):
    """Each table has a cell for every live column of every row, and is closed with the view."""
    before = models()
    shown = view(SCENARIOS[name]())
    for widget in shown.widgets.values():
        if isinstance(widget, Table):
            assert len(widget.cells) == len(widget.rows) * len(widget.live)
            assert len(widget.text()) <= len(widget.states) == len(widget.rows)
    shown.close()
    assert models() == before


@pytest.mark.parametrize("view", TABLES)
def test_another_run_in_the_same_view(view):
    """A view can go to any other run, and back."""
    first = SCENARIOS["heap_with_holes"]()
    shown = view(first)
    for name in ("fork_bomb", "exec_keeps_the_pid", "half_done_file"):
        shown.trace = SCENARIOS[name]()
    shown.trace = Machine().run()
    shown.trace = first
    for widget, again in zip(shown.widgets.values(), view(first).widgets.values(), strict=True):
        if isinstance(widget, Table):
            assert widget.text() == again.text()


def test_program_of_a_listing():
    """A program is chosen by its name, a wrong one is refused and changes nothing."""
    trace = SCENARIOS["exec_keeps_the_pid"]()
    shown = Listing(trace, program="sum")
    assert shown.widgets["source"].caption.startswith("source of sum ")
    with pytest.raises(ArgumentError, match="no program 'shel'; did you mean 'shell'"):
        shown.program = "shel"
    assert shown.program == "sum"
    shown.program = "shell"
    assert shown.widgets["source"].caption.startswith("source of shell ")
    with pytest.raises(ArgumentError, match="no program 'other'"):
        Listing(trace, program="other")


def test_program_that_another_run_does_not_have():
    """A run without the chosen program shows the one it launched first."""
    shown = Listing(SCENARIOS["exec_keeps_the_pid"](), program="sum")
    shown.trace = SCENARIOS["lost_update"]()
    assert shown.program == ""
    assert shown.widgets["source"].caption == "source of counter"


def test_process_of_a_heap():
    """A process is chosen by its pid, a wrong one is refused and changes nothing."""
    machine = Machine()
    for name in ("one", "two"):
        machine.launch(Program(name, "def main():\n    p = alloc(4)"))
    shown = HeapList(machine.run())
    assert shown.widgets["facts"].headings == ["what", "of one (pid 2)"]
    shown.pid = 3
    assert shown.widgets["facts"].headings == ["what", "of two (pid 3)"]
    with pytest.raises(ArgumentError, match="no process 4; use one of 2, 3"):
        shown.pid = 4
    assert shown.pid == 3
    shown.trace = SCENARIOS["heap_with_holes"]()
    assert shown.pid == 0
    assert shown.widgets["facts"].headings == ["what", "of blocks (pid 2)"]


@pytest.mark.parametrize(("view", "wrong"), [(Listing, {"program": 3}), (HeapList, {"pid": "one"})])
def test_option_of_a_wrong_type(view, wrong):
    """An option of a wrong type is refused."""
    with pytest.raises(ArgumentError, match=view.__name__):
        view(SCENARIOS["lost_update"](), **wrong)
