"""The picture of crossings against the trace: a row a step, at its tick, and what is marked."""

import pytest

from kit import Costs, RoundRobin, Trace
from kit.scenarios import SCENARIOS
from kit.tracks import crossing
from kit.tracks.picture import Picture
from kit.tracks.processor.crossing import MOST_ROWS, MOST_SHOWN
from tests.running import run, scenario

COLUMNS = {
    "boot": (True, True, False),
    "create": (True, False, False),
    "trap": (True, True, True),
    "interrupt": (True, True, False),
    "return": (True, True, True),
}
"""Kind of step -> which of operating system, hardware and program do something."""


def rows_of(picture: Picture) -> list[list[str]]:
    """Return all rows of the table."""
    (table,) = [mark for mark in picture.marks if mark.kind == "table"]
    return table.fixed["rows"]


def states(picture: Picture, tick: int) -> list[str]:
    """Return how each row looks at a tick."""
    return picture.channels["crossings", "states"].at(tick)


def check(trace: Trace) -> None:
    """Rows are the first steps of the run; seen are those up to now, marked the last of a core."""
    picture, steps = crossing(trace), trace.crossings[:MOST_ROWS]
    rows = rows_of(picture)
    assert [int(row[0]) for row in rows] == [step.tick for step in steps]
    for step, row in zip(steps, rows, strict=True):
        told = tuple(bool(cell) for cell in row[-3:])
        wanted = COLUMNS.get(step.kind) or (True, step.address_space is not None, False)
        assert told == wanted, row
    for tick in sorted({step.tick + late for step in steps for late in (0, 1)} | {trace.end}):
        if tick > trace.end:
            continue
        seen = [number for number, step in enumerate(steps) if step.tick <= tick]
        shown = seen[-MOST_SHOWN:]
        looks = states(picture, tick)
        assert [n for n, look in enumerate(looks) if look != "hidden"] == shown
        last = {steps[number].core: number for number in seen}
        now = {number for number in seen if steps[number].tick == tick} | {*last.values()}
        assert {n for n, look in enumerate(looks) if look == "marked"} == now & {*shown}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario(name):
    """In every scenario the table tells the protocol as it went."""
    check(scenario(name))


def test_the_cells_of_a_timer_interrupt():
    """Operating system, hardware and program say what the textbook's figure says."""
    text = "x = 0\ndef main():\n    global x\n    while x < 9:\n        x += 1"
    trace = run(text, text, scheduler=RoundRobin(8))
    rows = [row[1:] for row in rows_of(crossing(trace)) if row[0] == "8"]
    saves, jumps = "saves the registers of T1 (pid 2) on its kernel stack", "jumps to"
    switch = "switch: saves the kernel registers of T1 (pid 2), restores those of T1 (pid 3)"
    restores = "restores the registers of T1 (pid 3) from its kernel stack"
    assert rows == [
        [
            "timer_interrupt: the slice is used up",
            f"← timer: {saves}; kernel mode; {jumps} timer_interrupt",
            "T1 (pid 2) is interrupted before line 4: while x < 9:",
        ],
        [
            f"T1 (pid 2) is ready; {switch}; continues on that kernel stack",
            "page-table base register: now of process 3",
            "",
        ],
        ["return-from-trap", f"→ {restores}; user mode; {jumps} its pc", "T1 (pid 3) begins"],
    ]


def test_a_system_call_names_its_line():
    """The program's column shows the line that called, and threads alone have no pid."""
    trace = run("def main():\n    print(7)", costs=Costs(system_call=1))
    (row,) = [row for row in rows_of(crossing(trace)) if row[1] == "system_call: print"]
    assert row[3] == "T1 calls print at line 2: print(7)"


def test_a_fault_says_what_it_leads_to():
    """Of a mended page fault how, of another one that the process ends."""
    table = rows_of(crossing(scenario("demand_paging")))
    assert any(row[1] == "page_fault: asks the disk for the page" for row in table)
    spy = rows_of(crossing(scenario("privileged_instruction")))
    ends = "general_protection: general protection, which ends the process"
    (row,) = [row for row in spy if row[1] == ends]
    assert row[3].endswith("faults at line 7: write_page_table(0)")


def test_several_cores_have_a_column():
    """Which core it is stands beside the tick."""
    picture = crossing(scenario("several_cores"))
    assert {row[1] for row in rows_of(picture)} == {"0", "1"}


def test_a_machine_without_a_timer_says_so():
    """Nothing is started that would interrupt."""
    boot, *_ = rows_of(crossing(run("def main(): print(1)", timer=False)))
    assert boot[1:] == [
        "boots: sets up the trap table; no timer",
        "remembers where the handlers are",
        "",
    ]


def test_contiguous_memory_changes_base_and_bounds():
    """There is no page table whose base could be changed."""
    rows = rows_of(crossing(scenario("base_and_bounds")))
    assert any(row[2].startswith("base and bounds registers: now of") for row in rows)


def test_a_long_run_is_shown_from_a_tick_on():
    """Of many steps the first are shown, and the caption says so; `since` shows later ones."""
    trace = run("def main():\n    for i in range(300): print(i)", scheduler=RoundRobin(5))
    picture = crossing(trace)
    assert len(rows_of(picture)) == MOST_ROWS
    (table,) = picture.marks
    assert "after tick" in table.fixed["caption"]
    later = crossing(trace, since=trace.end - 20)
    assert int(rows_of(later)[0][0]) >= trace.end - 20
    assert set(states(later, 0)) == {"hidden"}
