"""Exploring machines with demand paging, replacement and swap: what is found is what they do."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import (
    ArgumentError,
    Cache,
    Contiguous,
    Costs,
    HeapPolicy,
    Limits,
    Machine,
    PageTable,
    Priority,
    Program,
    Replacement,
    RoundRobin,
    Segmentation,
)
from kit.explore import ExplorationResult, Spec, check_program, explore
from kit.scenarios import full_ram
from tests.examples import examples
from tests.unit.explore.every_instruction import all_ends, end_of

PAGE = 64
TWO = """
a = [0] * 40
def worker(k):
    a[k] += 1
def main():
    FIRST
    THEN
    print(a[0], a[8], a[16])
"""
FIRST = ["pass", "t = spawn(worker, 8)", "t = fork()", "t = alloc(20)"]
THEN = ["pass", "a[0] = 1", "a[16] += 2", "t = alloc(12)", "worker(30)", "t = fork()"]


@dataclass(frozen=True)
class Small:
    """A machine with few frames and few slots, with one program."""

    settings: dict[str, Any]
    text: str

    def machine(self, **more: Any) -> Machine:
        """Return it before its first tick."""
        made = Machine(page_size=PAGE, stack_size=PAGE, **{**self.settings, **more})
        made.launch(Program("two", self.text))
        return made


@st.composite
def smalls(draw: Any) -> Small:
    """A machine on which memory is short, or nearly."""
    swaps = draw(st.booleans())
    chosen = {
        "ram": PAGE * draw(st.integers(8, 24)),
        "demand": True if not swaps else draw(st.booleans()),
        "replacement": Replacement(draw(st.sampled_from(["fifo", "lru", "clock"])))
        if swaps
        else None,
        "swap": PAGE * draw(st.sampled_from([1, 3, 6, 12, 40])) if swaps else 0,
    }
    text = TWO.replace("FIRST", draw(st.sampled_from(FIRST)))
    return Small(chosen, text.replace("THEN", draw(st.sampled_from(THEN))))


def ends(outcomes: ExplorationResult) -> set[Any]:
    """What is found, in the words of `end_of`."""
    return {
        (
            tuple(o.final.output),
            tuple(o.final.exit_codes),
            tuple(sorted(o.final.faults)),
            tuple(o.final.signals),
        )
        for o in outcomes.outcomes
    }


@examples(10)
@given(smalls(), st.integers(1, 7))
def test_what_a_machine_does_is_among_what_is_found(small: Small, quantum: int):
    """Short of memory or not, a real run ends in one of the outcomes, and each can be shown."""
    outcomes = explore(small.machine(), limit=2000)
    run = small.machine(scheduler=RoundRobin(quantum)).run()
    if outcomes.complete:
        assert end_of(run) in ends(outcomes)
    for outcome in outcomes.outcomes[:3]:
        assert end_of(outcomes.witness(outcome)) in ends(outcomes)
        shown = outcomes.witness(outcome).at(outcomes.witness(outcome).end).processes
        assert {pid: shown[pid].exit_code for pid in outcome.exit_codes} == outcome.exit_codes


def test_the_scenario_of_a_full_ram_does_what_it_does():
    """A program that runs with swap is not said to be out of memory."""
    outcomes = explore(full_ram)
    assert ends(outcomes) == {end_of(full_ram())}
    assert outcomes.outcomes[0].exit_codes == {2: full_ram().history.processes[2].exit[1]} == {2: 0}


EIGHT = "a = [0] * 128\ndef main():\n    for i in range(8): a[i * 16] += i\n    print(a[16])"


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["fifo", "lru", "clock"])
@pytest.mark.parametrize("slots", [2, 5, 7, 8, 9, 64])
@pytest.mark.parametrize("demand", [True, False])
def test_a_verdict_is_that_of_the_machine(policy: str, slots: int, demand: bool):
    """One thread has one schedule: also where RAM and swap together are full at its end."""

    def machine() -> Machine:
        made = Machine(
            page_size=128,
            ram=6 * 128,
            stack_size=256,
            replacement=Replacement(policy),
            swap=slots * 128,
            demand=demand,
        )
        made.launch(Program("eight", EIGHT))
        return made

    run = machine().run()
    assert ends(explore(machine())) == {end_of(run)}
    right = run.output(2) == "1\n"
    assert check_program(machine, Spec(output="1")).passed == right


RACE = """
def grow():
    alloc(6)
def main():
    spawn(grow)
    p = alloc(6)
    p[0] = 2
"""


@pytest.mark.parametrize(
    ("policy", "slots"),
    [
        ("fifo", 1),
        ("fifo", 2),
        ("clock", 1),
        ("clock", 2),
        pytest.param("lru", 2, marks=pytest.mark.slow),
    ],
)
def test_where_memory_is_short_every_instruction_counts(policy: str, slots: int):
    """The outcomes are those of a computer that changes threads before every instruction."""
    setting = {"ram": PAGE * 8, "replacement": Replacement(policy), "swap": PAGE * slots}
    small = Small({**setting, "demand": True}, RACE)
    outcomes = explore(small.machine())
    assert outcomes.complete
    assert ends(outcomes) == all_ends(small.machine())


def test_a_machine_with_room_has_no_more_states_for_its_pages():
    """Which page is where is not part of a state while nobody can tell."""
    small = Small({"ram": PAGE * 60}, TWO.replace("FIRST", FIRST[1]).replace("THEN", THEN[1]))
    roomy = {"ram": PAGE * 8, "replacement": Replacement("lru"), "swap": PAGE * 60}
    assert explore(small.machine()).states == explore(small.machine(**roomy)).states


def test_a_witness_shows_pages_that_come_and_go():
    """What is shown is the real machine, with its swap area."""
    trace = explore(full_ram).witness(0)
    assert trace.settings.swap == full_ram().settings.swap
    assert any(event.kind == "swap_out" for event in trace.events)


# Every setting of a machine

BASE: dict[str, Any] = {
    "page_size": 128,
    "ram": 8 * 1024,
    "address_space": 16 * 1024,
    "stack_size": 1024,
}
SETTINGS: dict[str, tuple[str, Any]] = {
    "cores": ("no effect", 2),
    "scheduler": ("no effect", Priority()),
    "seed": ("no effect", 5),
    "costs": ("no effect", Costs.realistic()),
    "tlb": ("no effect", 4),
    "asid": ("no effect", True),
    "switch_on_io": ("no effect", False),
    "io_completion": ("no effect", "run"),
    "devices": ("no effect", 1),
    "ram": ("explored", 4096),
    "page_size": ("explored", 1024),
    "address_space": ("explored", 4096),
    "stack_size": ("explored", 128),
    "demand": ("no effect", True),
    "replacement": ("no effect", Replacement("clock")),
    "swap": ("no effect", 64 * 1024),
    "heap": ("explored", HeapPolicy(header=8000)),
    "exceptions": ("explored", "thread"),
    "notify_without_lock": ("explored", True),
    "limits": ("explored", Limits(threads=1)),
    "cache": ("no effect", Cache(8, 64, 2)),
    "page_table": ("no effect", PageTable()),
    "segmentation": ("refused", Segmentation()),
    "contiguous": ("refused", Contiguous()),
    "timer": ("refused", False),
}
"""Setting -> what becomes of it, and a value that would show."""

TOGETHER = {
    "asid": {"tlb": 4},
    "replacement": {"swap": 65536},
    "swap": {"replacement": Replacement("lru")},
}

ASKING = """
x = 0
def deep(n):
    if n == 0: return 0
    return deep(n - 1) + 1
def worker():
    global x
    io(3)
    x += 1
    assert deep(8) == 7
def main():
    global x
    p = alloc(200)
    if p: x += 10
    p = alloc(300)
    if p: x += 20
    t = spawn(worker)
    io(2)
    x += 1
    join(t)
    print(x)
"""
NOTIFYING = "change = Condition()\ndef main():\n    change.notify()\n"


def asking(**chosen: Any) -> ExplorationResult:
    """Explore a program that can tell much of its machine."""
    machine = Machine(**{**BASE, **chosen})
    machine.launch(Program("asking", ASKING))
    if "notify_without_lock" in chosen:
        machine.launch(Program("notifying", NOTIFYING))
    return explore(machine)


def test_every_setting_is_accounted_for():
    """A new setting of a machine has to say what exploring makes of it."""
    known = set(inspect.signature(Machine).parameters)
    assert known == set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_explored_or_has_no_effect_or_is_refused(name: str):
    """Nothing about a machine is left out silently."""
    kind, value = SETTINGS[name]
    chosen = {**TOGETHER.get(name, {}), name: value}
    if kind == "refused":
        with pytest.raises(ArgumentError, match=f"explore: .*; leave out {name}="):
            asking(**chosen)
        return
    usual = {name: False} if name == "notify_without_lock" else {}
    same = asking(**chosen).outcomes == asking(**usual).outcomes
    assert same == (kind == "no effect")


@pytest.mark.parametrize(
    "launch", [{"at": 30}, {"priority": 3}, {"tickets": 5}, {"expected": 9}, {"cores": (0,)}]
)
def test_how_a_program_is_launched_has_no_effect(launch: dict[str, Any]):
    """When it comes, and what it was promised, only says who runs."""
    machine = Machine(**BASE)
    machine.launch(Program("asking", ASKING), **launch)
    assert explore(machine).outcomes == asking().outcomes
