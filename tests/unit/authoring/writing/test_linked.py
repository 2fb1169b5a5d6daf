"""Links from files, and notebooks from links."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given

from kit import Kill, LimitExceeded, Limits, Machine, Program, Trace, TraceError, Write
from kit.authoring.writing.linked import notebook_of_link, write_linked
from kit.cli import commands
from kit.errors import KitError
from kit.scenarios import SCENARIOS
from kit.trace.link import link_of, read_link
from tests.examples import examples
from tests.running import scenario
from tests.strategies import Setup
from tests.worlds import worlds


def made(text: str) -> Trace:
    """Return the run that the cells of a notebook make, all but the stage."""
    names: dict[str, Any] = {}
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != "stage":
            source = "".join(cell["source"]).replace("from kit.widgets import Stage", "")
            exec(source, names)  # noqa: S102 - what is tested is what it does
    trace = names["trace"]
    assert isinstance(trace, Trace)
    return trace


@pytest.mark.slow
def test_the_notebook_of_every_scenario_makes_the_same_run() -> None:
    """Program, machine and launches are written as a teacher would write them."""
    for name in SCENARIOS:
        trace = scenario(name)
        text = notebook_of_link(link_of(trace, trace.end))
        nbformat.validate(nbformat.reads(text, as_version=4))
        assert made(text).digest == trace.digest, name
        assert f"tick={trace.end})" in text


@examples(30)
@given(worlds())
def test_the_notebook_of_a_link_makes_the_same_run(world: Setup) -> None:
    """Whatever the machine is."""
    trace = world.run()
    assert made(notebook_of_link(link_of(trace))).digest == trace.digest


@pytest.mark.parametrize(
    "text",
    [
        'def main(): print("a\\nb")',
        '# """ + __import__("os").system("touch hacked") + """\ndef main(): print(1)',
        "# \\\ndef main(): print(1)",
        "# 😀 \u202e\ndef main(): print(1)",
        '\n\ndef main(): print(1)\n# "',
    ],
)
def test_hostile_texts_stay_texts(text: str) -> None:
    """What a program's text or name has in it is part of a literal."""
    machine = Machine()
    for name in ('a"); raise SystemExit("', "machine", "class", "Stage", "1 ünï", "é"):
        machine.launch(Program(name, text))
    trace = machine.run()
    assert made(notebook_of_link(link_of(trace))).digest == trace.digest


def test_what_was_done_is_written_down() -> None:
    """Interventions, files, a part of a run, and a limit that is reached."""
    machine = Machine(limits=Limits(ticks=80))
    machine.put_file("data", [1, 2])
    pid = machine.launch(Program("endless", "x = 1\ndef main():\n    while True: work(x)"), at=3)
    machine.run(until=20)
    machine.intervene(Write(pid, "x", 5))
    with pytest.raises(LimitExceeded) as limit:
        machine.run()
    assert isinstance(limit.value.trace, Trace)
    text = notebook_of_link(link_of(limit.value.trace))
    assert made(text).digest == limit.value.trace.digest
    assert "machine.intervene(Write(pid=2, place=" in text
    killed = scenario("lost_update").branch(9, Kill(2))
    assert made(notebook_of_link(link_of(killed))).digest == killed.digest


def test_link_prints_what_open_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a program, a trace, and a scenario; the address is that of the course.

    The same run is written for Perfetto, if that is wanted.
    """
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.kit.site]\naddress = "https://example.org/os/"\n'
    )
    (tmp_path / "counter.py").write_text("def main(): print(7)")
    trace = scenario("deadlock")
    trace.save(tmp_path / "run.trace")
    runner = CliRunner()
    for what in ("deadlock", "run.trace", "counter.py"):
        told = runner.invoke(commands, ["link", what, "--tick", "4"], catch_exceptions=False)
        assert told.output.startswith("https://example.org/os/run.html#run=1.")
        found = read_link(told.output)
        assert found.tick == 4
        assert (found.trace.digest == trace.digest) is (what != "counter.py")
    asked = ["link", "deadlock", "--perfetto", "run.json"]
    assert runner.invoke(commands, asked, catch_exceptions=False).output.endswith("&t=0\n")
    assert '"made_by": "os-course-kit"' in Path("run.json").read_text()
    opened = runner.invoke(commands, ["open", told.output, "--no-browser"], catch_exceptions=False)
    assert opened.output == "run.ipynb is made.\n"
    assert write_linked(told.output, None) == Path("run-2.ipynb")
    assert 'Program("counter", """' in Path("run.ipynb").read_text().replace('\\"', '"')


def test_what_cannot_be_linked_or_opened_gives_a_sentence(tmp_path: Path) -> None:
    """A file that is not there, a mistake in a program, a place that is taken, a damaged link."""
    runner = CliRunner()
    (tmp_path / "bad.py").write_text("def main(: pass")
    for what, said in (("nowhere.py", "nowhere.py"), (str(tmp_path / "bad.py"), "line 1")):
        with pytest.raises(KitError, match=said):
            runner.invoke(commands, ["link", what], catch_exceptions=False)
    link = link_of(scenario("one_program"))
    (tmp_path / "there.ipynb").touch()
    with pytest.raises(KitError, match="such a file already"):
        write_linked(link, str(tmp_path / "there.ipynb"))
    with pytest.raises(KitError, match=r"ends in \.ipynb"):
        write_linked(link, str(tmp_path / "there"))
    with pytest.raises(TraceError, match="missing or was changed"):
        write_linked(link[:40], str(tmp_path / "new.ipynb"))
    assert not (tmp_path / "new.ipynb").exists()
