"""The same in C next to the programs of a stage: when it is made, what it shows or refuses."""

import html
import re

import pytest
from ipywidgets.widgets import widget as registry

from kit import Machine, Program, Trace
from kit.host import c_text, read_trace
from kit.scenarios import SCENARIOS, counter_with_lock, exec_keeps_the_pid
from kit.widgets import Stage
from kit.widgets.in_c import in_c
from tests.unit.host.reading.test_sched import DATA
from tests.unit.host.running.logs import real_run


def areas(shown: str) -> dict[str, str]:
    """Return the texts that are shown, by their labels, as a person reads them."""
    found = re.findall(r'<pre [^>]*aria-label="([^"]*)">(.*?)</pre>', shown, re.DOTALL)
    return {html.unescape(label): html.unescape(text) for label, text in found}


def run_of(text: str, language: str = "python") -> Trace:
    """Return the run of a program."""
    machine = Machine()
    machine.launch(Program("p", text, language=language))
    return machine.run()


def test_nothing_is_made_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    """A stage has one button more; while it plays, its C texts are neither made nor sent."""
    asked: list[Trace] = []
    monkeypatch.setattr("kit.widgets.in_c.in_c", lambda trace: asked.append(trace) or "made")
    stage = Stage(counter_with_lock())
    sent: list[object] = []
    stage.in_c.observe(sent.append)
    stage.player.tick = 40
    assert (asked, sent, stage.in_c.shown) == ([], [], None)
    for _ in range(2):
        stage.in_c.value = True
        assert stage.in_c.shown is not None
        assert (stage.in_c.shown.value, stage.in_c.shown.layout.display) == ("made", "")
        stage.player.tick = 41
        stage.in_c.value = False
        assert stage.in_c.shown.layout.display == "none"
    assert asked == [stage.trace]
    assert stage.branching.children[-1] is stage.in_c.shown


def test_each_program_is_next_to_its_c_text():
    """With its lines numbered, and how it is compiled."""
    stage = Stage(exec_keeps_the_pid())
    stage.in_c.value = True
    assert stage.in_c.shown is not None
    shown = areas(stage.in_c.shown.value)
    for program in stage.trace.programs:
        assert shown[f"{program.name}.c"] == c_text(program).rstrip("\n")
        lines = [line.split("  ", 1)[1] for line in shown[program.name].split("\n")]
        assert lines == program.text.rstrip("\n").split("\n")
        assert f"-fwrapv {program.name}.c" in stage.in_c.shown.value


def test_another_run_shows_its_programs():
    """Those of before go; a stage whose texts are not shown makes none."""
    stage = Stage(counter_with_lock())
    stage.in_c.value = True
    stage.trace = exec_keeps_the_pid()
    assert stage.in_c.shown is not None
    assert areas(stage.in_c.shown.value).keys() == areas(in_c(stage.trace)).keys()
    stage.in_c.value = False
    before = stage.in_c.shown.value
    stage.trace = counter_with_lock()
    assert stage.in_c.shown.value == before
    stage.in_c.value = True
    assert "counter.c" in areas(stage.in_c.shown.value)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_shows_texts_or_says_why_not(name: str):
    """One of both for each program."""
    trace = SCENARIOS[name]()
    shown = in_c(trace)
    refused = shown.count('role="status"')
    assert len(areas(shown)) + 2 * refused == 2 * len(trace.programs)
    assert shown.count(" cannot be written in C: ") == refused


def test_what_has_no_translation_is_told_with_its_place():
    """A call that C does not have, and assembly."""
    shown = in_c(run_of("def main():\n    with atomic():\n        print(1)"))
    assert "<b>p</b> cannot be written in C: p.py:2:10: " in shown
    assert "assembly" in in_c(run_of(".code\nmain:\n    RET\n", "assembly"))


def test_texts_of_users_are_text():
    """What a program says is shown and nothing else."""
    shown = in_c(run_of("def main():\n    print('<b>&amp;</b>')  # </pre><script>"))
    assert "<script" not in shown
    assert "<b>&amp;</b>" not in shown
    assert "print('<b>&amp;</b>')  # </pre><script>" in areas(shown)["p"]


def test_a_real_run_has_it_too_where_its_programs_are_known(tmp_path):
    """Of a trace of the scheduler only the names are known, and there is no button."""
    stage = Stage(real_run().trace)
    assert any(stage.in_c in getattr(part, "children", ()) for part in stage.children)
    stage.in_c.value = True
    assert stage.in_c.shown is not None
    assert "counter.c" in areas(stage.in_c.shown.value)
    other = Stage(read_trace(DATA / "ftrace.txt").trace)
    assert not any(other.in_c in getattr(part, "children", ()) for part in other.children)
    assert in_c(other.trace) == "<p>Of these programs only the names are known.</p>"
    stage.trace = other.trace
    assert "only the names" in stage.in_c.shown.value


def test_no_model_is_left_when_it_is_closed():
    """Neither the button nor what it showed."""
    before = set(registry._instances)
    for trace in (counter_with_lock(), read_trace(DATA / "ftrace.txt").trace):
        stage = Stage(trace)
        stage.in_c.value = True
        stage.close()
    assert set(registry._instances) == before
