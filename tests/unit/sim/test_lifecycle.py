"""States of threads and processes change along the tables only."""

import pytest
from hypothesis import given

from kit import LimitExceeded, Machine, Program
from kit.sim.events.event import Event
from kit.sim.events.processes import End, Exec, Fork, Launch, ThreadMade
from kit.sim.lifecycle import PROCESS, THREAD, IllegalTransition, Table, busiest
from kit.sim.process import Process, Thread
from tests.examples import examples
from tests.strategies import Setup
from tests.worlds import worlds

TABLES = {"thread": THREAD, "process": PROCESS}
REFUSED = [
    (name, state, trigger)
    for name, table in TABLES.items()
    for state in sorted({state for state, _ in table} | set(table.values()))
    for trigger in sorted({trigger for _, trigger in table})
    if (state, trigger) not in table
]


@given(worlds())
@examples(20)
def test_the_machine_moves_threads_and_processes_along_the_tables(setup: Setup):
    """After every tick, the machine's states are where its events lead in the tables."""
    machine = setup.machine()
    computer, tables = machine._computer, _Followed()
    seen = 0
    for tick in range(setup.settings["limits"].ticks):
        try:
            computer.run(until=tick)
        except LimitExceeded:
            break
        for event in computer.events[seen:]:
            tables.take(event)
        seen = len(computer.events)
        assert tables.processes == {p.pid: p.state for p in computer.processes.values()}
        assert tables.threads == {
            thread.key: thread.state
            for process in computer.processes.values()
            for thread in process.threads.values()
        }


class _Followed:
    """Where the events of a run lead in the tables."""

    TRIGGERS = ("admit", "dispatch", "preempt", "block", "wake")

    def __init__(self) -> None:
        self.threads: dict[tuple[int, int], str] = {}
        self.processes: dict[int, str] = {}

    def take(self, event: Event) -> None:
        """Follow an event."""
        if isinstance(event, Launch | Fork):
            self.threads[event.pid, 1 if isinstance(event, Launch) else event.tid] = "new"
        elif isinstance(event, ThreadMade):
            self.threads.setdefault(event.key, "new")
        elif isinstance(event, Exec):
            self.threads[event.key] = "new"
        elif event.kind in self.TRIGGERS:
            self.threads[event.key] = THREAD[self.threads[event.key], event.kind]
        elif isinstance(event, End):
            trigger = "end" if event.core >= 0 and event.how != "kill" else "kill"
            self.threads[event.key] = THREAD[self.threads[event.key], trigger]
        elif event.kind in ("exit", "reap"):
            self.processes[event.pid] = PROCESS[self.processes[event.pid], event.kind]
        living = [state for key, state in self.threads.items() if key[0] == event.pid]
        # Until it ends; while its last threads end, it is what it was.
        if set(living) - {"terminated"}:
            self.processes[event.pid] = busiest(living)


@pytest.mark.parametrize(("name", "state", "trigger"), REFUSED)
def test_illegal_trigger_names_the_legal_ones_and_changes_nothing(
    name: str, state: str, trigger: str
):
    """The machine refuses it and names what is legal; thread and process stay as they were."""
    table = TABLES[name]
    legal = ", ".join(t for s, t in table if s == state) or "none"
    machine = Machine()
    machine.launch(Program("p", "def main(): pass"))
    machine.run(until=0)
    process = machine._computer.processes[2]
    thread = process.threads[1]
    moved: Thread | Process = thread if name == "thread" else process
    if name == "process" and state in ("zombie", "terminated"):
        process.ended = state
    else:
        thread.state = state
    before = process.capture()
    with pytest.raises(IllegalTransition) as caught:
        moved.move(trigger)
    assert str(caught.value) == (
        f"'{trigger}' does not apply to the state '{state}'; legal here: {legal}"
    )
    assert process.capture() == before


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_state_can_be_reached_from_new_and_left_until_the_end(table: Table):
    """There is no state without a way in, and only one without a way out."""
    reached = {"new"}
    while more := {after for (state, _), after in table.items() if state in reached} - reached:
        reached |= more
    states = {state for state, _ in table} | set(table.values())
    assert reached == states
    assert {state for state in states if not any(s == state for s, _ in table)} == {"terminated"}


def test_only_what_runs_can_block_and_what_is_woken_queues():
    """The two rules students get wrong most often hold in both tables."""
    for table in TABLES.values():
        assert {state for state, trigger in table if trigger == "block"} == {"running"}
        assert {after for (_, trigger), after in table.items() if trigger == "wake"} == {"ready"}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["blocked", "running", "ready"], "running"),
        (["blocked", "ready", "terminated"], "ready"),
        (["blocked", "terminated"], "blocked"),
        (["new"], "new"),
        (["terminated"], "terminated"),
        ([], "terminated"),
    ],
)
def test_a_process_is_as_busy_as_its_busiest_thread(states: list[str], expected: str):
    """Running counts more than ready, ready more than blocked."""
    assert busiest(states) == expected
