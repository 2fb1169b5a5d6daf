"""A run as tables for pandas."""

import subprocess
import sys

import pytest
from hypothesis import given

from kit import ArgumentError, RoundRobin
from kit.trace.dataframes import TABLES
from tests.examples import examples
from tests.running import run
from tests.strategies import Setup
from tests.worlds import worlds

TEXT = "n = 0\ndef w():\n    global n\n    n += 1\ndef main():\n    join(spawn(w))\n    print(n)\n"


def test_a_row_for_each_event():
    """Events stand in order, with their details as text."""
    trace = run(TEXT)
    table = trace.to_frame()
    assert list(table.columns) == ["tick", "kind", "pid", "tid", "details"]
    assert list(table["kind"]) == [event.kind for event in trace.events]
    assert table[table["kind"] == "print"]["details"].item() == "text=1\n"


def test_states_cover_the_life_of_each_thread():
    """From its creation to the end of the run, without gaps."""
    trace = run(TEXT, scheduler=RoundRobin(3))
    table = trace.to_frame("states")
    for (_, tid), life in table.groupby(["pid", "tid"]):
        assert list(life["start"][1:]) == list(life["end"][:-1])
        assert life["end"].iloc[-1] == trace.end
        running = life[life["state"] == "running"]
        ticks = int((running["end"] - running["start"]).sum())
        assert ticks == trace.metrics().processes[2].threads[tid].running


def test_instructions_are_in_order_of_time():
    """A row for each that retired, with its line and its value."""
    trace = run(TEXT, cores=2)
    table = trace.to_frame("instructions")
    assert len(table) == trace.metrics().totals["instructions"]
    assert table["tick"].is_monotonic_increasing
    stores = table[table["instruction"] == "STORE r0, n"]
    assert list(stores[["line", "value"]].iloc[0]) == [4, 1]


def test_metrics_as_tables():
    """A row for each process and each thread; what did not happen is missing."""
    trace = run(TEXT, "def main():\n    recv()\n")
    processes = trace.to_frame("processes").set_index("pid")
    assert processes.loc[2, "turnaround"] == trace.metrics().processes[2].turnaround
    assert processes["turnaround"].isna().tolist() == [False, True]
    assert trace.to_frame("threads")["ready"].sum() == sum(
        thread.ready for p in trace.metrics().processes.values() for thread in p.threads.values()
    )


def test_an_unknown_table_is_explained():
    """The hint names the table that was meant."""
    with pytest.raises(ArgumentError, match="no table 'event'; did you mean 'events'"):
        run(TEXT).to_frame("event")


@examples(7)
@given(worlds())
def test_every_run_has_every_table(setup: Setup):
    """Whatever happened, every table can be made, with its columns."""
    trace = setup.run()
    for of in TABLES:
        assert len(trace.to_frame(of).columns) >= 5


def test_a_run_without_processes_has_empty_tables():
    """Their columns are there all the same."""
    from kit import Machine  # noqa: PLC0415

    trace = Machine().run()
    assert [len(trace.to_frame(of)) for of in TABLES] == [0] * len(TABLES)
    assert "turnaround" in trace.to_frame("threads").columns


@pytest.mark.notebook
def test_pandas_is_loaded_only_for_tables():
    """Running and looking needs no pandas."""
    code = (
        "import sys\nfrom kit import Machine, Program\nm = Machine()\n"
        "m.launch(Program('a', 'def main(): print(1)'))\nt = m.run()\nt.metrics()\n"
        "assert 'pandas' not in sys.modules\nt.to_frame()\nassert 'pandas' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
