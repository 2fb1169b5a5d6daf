"""What was closed is gone, with the run that it showed."""

import gc
import inspect
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets.widgets import widget as registry

import kit.widgets
from kit import Machine, Program
from kit.explore import Spec, explore
from kit.host import HostTable
from kit.scenarios import lost_update
from kit.trace import Trace
from kit.widgets import VIEWS, Player, Predict, Stage
from kit.widgets.base import lifetimes

TEXT = "def main():\n    print(0)\n"
TIMES = 6


def explored(_trace: Trace):
    """Every schedule of a small program."""
    machine = Machine()
    machine.launch(Program("p", TEXT))
    return explore(machine)


def answered(trace: Trace) -> Any:
    """A question that holds a player, and was answered."""
    stage = kit.widgets.Stage(trace)
    asked = kit.widgets.Predict.from_trace(
        trace, kind="final_value", name="count", player=stage.player
    )
    asked.answer(0)
    stage.close()
    return asked


def branched(trace: Trace) -> Any:
    """A stage that shows what would have been, too."""
    stage = kit.widgets.Stage(trace)
    stage.branch(at=3)
    return stage


def checked(_trace: Trace) -> Any:
    """An exercise that was checked, run and answered."""
    made = kit.widgets.Exercise(TEXT, spec=Spec(output="1"), task="Print 1.")
    made.check()
    made.run()
    return made


def scheduled(_trace: Trace) -> Any:
    """A schedule that was chosen to its end, and is shown beside the shortest one."""
    made = kit.widgets.Scheduling(lost_update, goal="count 2")
    while made.walk.choices:
        made.walk.take(made.walk.choices[0].word)
    made.show_shortest()
    return made


def watched(_trace: Trace) -> Any:
    """A monitor that has watched this process, and plays what it saw."""
    made = kit.widgets.HostMonitor(tree=False)
    made.start()
    made.stop()
    return made


TABLE = HostTable(("voluntary", "involuntary"), ((3, 1),))

# How to make what does not take just a trace.
MAKE: dict[str, Callable[[Trace], Any]] = {
    "Answers": lambda _: kit.widgets.Answers(),
    "Compare": lambda trace: kit.widgets.Compare(trace, trace),
    "Editor": lambda trace: kit.widgets.Editor(TEXT, run=lambda _: trace),
    "Exercise": checked,
    "Explain": lambda _: kit.widgets.Explain("Why?", ["It says why."], "Because."),
    "HostMonitor": watched,
    "Ideas": lambda _: kit.widgets.Ideas(),
    "Moments": lambda trace: kit.widgets.Moments(trace, [(3, "Here.")]),
    "Outcomes": lambda trace: kit.widgets.Outcomes(explored(trace)),
    "Predict": answered,
    "RealMachine": lambda _: kit.widgets.RealMachine(lambda: TABLE, "recorded/none.json"),
    "Review": lambda _: kit.widgets.Review((lost_update, "shared"), seed=1),
    "Scheduling": scheduled,
    "Sandbox": lambda _: kit.widgets.sandbox(partial(lost_update, loops=1), quantum=(1, 3)),
    "branched": branched,
}
PUBLIC = [name for name in kit.widgets.__all__ if inspect.isclass(getattr(kit.widgets, name))]


def maker(name: str) -> Callable[[Trace], Any]:
    """What makes a widget of a run."""
    return MAKE.get(name) or getattr(kit.widgets, name)


def models() -> dict[str, registry.Widget]:
    """All models of this kernel."""
    return dict(registry._instances)


@pytest.mark.parametrize("name", [*PUBLIC, "branched"])
def test_what_was_closed_is_gone(name: str):
    """Nothing holds a widget that was closed, nor its run, nor any part of it."""
    gc.freeze()  # so that only what is made from here on is looked through
    before = set(models())
    trace = lost_update(loops=1)
    widget = maker(name)(trace)
    parts = [weakref.ref(one) for key, one in models().items() if key not in before]
    gone = weakref.ref(widget), weakref.ref(trace), *parts
    widget.close()
    del widget, trace
    gc.collect()
    assert [one for one in gone if one() is not None] == []
    assert set(models()) == before


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch):
    """A shell that runs cells, as that of a kernel does: it remembers what they show."""
    made = InteractiveShell()
    monkeypatch.setattr(lifetimes, "_made", {})
    monkeypatch.setattr(lifetimes, "_shell", lambda: made)
    yield made
    made.history_manager.end_session()


def test_running_a_cell_again_and_again_holds_no_more(shell, monkeypatch):
    """Not even what IPython remembers of a cell's outputs holds the widgets of earlier runs."""
    shell.user_ns.update(kit.widgets.__dict__, lost_update=lost_update)
    cell = "trace = lost_update(loops=1)\nstage = Stage(trace)\nstage"
    runs, counts = [], []
    gc.freeze()
    for turn in range(TIMES):
        monkeypatch.setattr(lifetimes, "_running", lambda turn=turn: ("a cell", str(turn), []))
        result = shell.run_cell(cell, store_history=True)
        assert result.success
        del result
        for player in models().values():
            if isinstance(player, Player) and player is not shell.user_ns["stage"].player:
                player._handle_custom_msg({"gone": True}, [])
        runs.append(weakref.ref(shell.user_ns["trace"]))
        del player
        gc.collect()
        counts.append((len(models()), sum(run() is not None for run in runs)))
    assert counts == [(counts[0][0], 1)] * TIMES


def test_every_widget_is_tried():
    """A new widget that needs more than a trace is named here, or is a view."""
    for name in PUBLIC:
        assert name in MAKE or getattr(kit.widgets, name) in (*VIEWS.values(), kit.widgets.Stage,
            kit.widgets.Player, kit.widgets.Metrics)  # fmt: skip


def test_a_question_whose_stage_was_closed_can_still_tell_its_state():
    """A page that is loaded again asks all widgets for their state; a closed player breaks none."""
    stage = Stage(lost_update())
    asked = Predict.from_trace(stage.trace, kind="final_value", name="count", player=stage.player)
    assert asked.get_state()["player"].startswith("IPY_MODEL_")
    stage.close()
    assert asked.get_state()["player"] is None
    asked.close()
