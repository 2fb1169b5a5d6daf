"""States of threads and processes change along the tables only."""

import pytest

from kit import Machine, Program
from kit.sim.lifecycle import PROCESS, THREAD, IllegalTransition, Table, busiest, follow

TABLES = {"thread": THREAD, "process": PROCESS}
REFUSED = [
    (name, state, trigger)
    for name, table in TABLES.items()
    for state in sorted({state for state, _ in table} | set(table.values()))
    for trigger in sorted({trigger for _, trigger in table})
    if (state, trigger) not in table
]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_legal_triggers_lead_where_the_table_says(table: Table):
    """Following the table gives the table."""
    for (state, trigger), after in table.items():
        assert follow(table, state, trigger) == after


@pytest.mark.parametrize(("name", "state", "trigger"), REFUSED)
def test_illegal_trigger_names_the_legal_ones_and_changes_nothing(
    name: str, state: str, trigger: str
):
    """A refused transition leaves the thread exactly as it was."""
    table = TABLES[name]
    legal = ", ".join(t for s, t in table if s == state) or "none"
    with pytest.raises(IllegalTransition) as caught:
        follow(table, state, trigger)
    assert str(caught.value) == (
        f"'{trigger}' does not apply to the state '{state}'; legal here: {legal}"
    )
    if name == "thread":
        machine = Machine()
        machine.launch(Program("p", "def main(): pass"))
        machine.run(until=0)
        thread = machine._computer.processes[1].threads[1]
        thread.state = state
        before = thread.capture()
        with pytest.raises(IllegalTransition):
            thread.move(trigger)
        assert thread.capture() == before


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
