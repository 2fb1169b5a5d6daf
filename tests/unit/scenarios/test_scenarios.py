"""Each scenario shows what its title says, whatever its parameters are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from kit import ArgumentError, Trace, replace_pages
from kit import scenarios as library
from kit.cli import commands
from kit.lang.signals import Signal
from kit.scenarios import SCENARIOS, Scenario, find
from kit.tracks import address_spaces, cpu, disk, narration, timeline
from tests.running import ended, fault, told

Fact = Callable[[], bool]


def exits(trace: Trace) -> list[int | Signal | None]:
    """Exit codes by pid, and signals where one ended a process."""
    processes = trace.at(trace.end).processes.values()
    return [p.exit_code if p.signal is None else p.signal for p in processes]


def total(name: str, figure: str, **parameters: Any) -> int:
    """One of the totals of a scenario's run."""
    return find(name)(**parameters).metrics().totals[figure]


def stuck(trace: Trace) -> list[str]:
    """What the threads wait for in a run that could not go on."""
    return [reason for _, _, waiting in told(trace, "stuck") for _, _, reason, _ in waiting]


FACTS: dict[str, Fact] = {
    "one_program": lambda: (
        library.one_program(at=9).at(8).processes == {}
        and library.one_program().output(2) == "total 14\n"
    ),
    "one_program_twice": lambda: (
        library.one_program_twice().output(2)
        == library.one_program_twice().output(3)
        == "count 4 at 2048\n"
    ),
    "fork_copies_on_write": lambda: (
        library.fork_copies_on_write().output(2) == "parent: x is 1\n"
        and len(told(library.fork_copies_on_write(), "copy")) >= 1
    ),
    "exec_keeps_the_pid": lambda: (
        ended(library.exec_keeps_the_pid(), 3).name == "sum"
        and "exit code is 1" in library.exec_keeps_the_pid(found=False).output(2)
    ),
    "zombie": lambda: (
        library.zombie(busy=100).at(90).processes[3].state == "zombie"
        and ended(library.zombie(), 3).state == "terminated"
    ),
    "orphan": lambda: told(library.orphan(), "adopt") != [],
    "threads_share": lambda: library.threads_share().output(2) == "blocks hold 4 9 total 13\n",
    "lost_update": lambda: library.lost_update().output(2) == "count 4\n",
    "counter_with_lock": lambda: all(
        library.counter_with_lock(quantum=q).output(2) == "count 6\n" for q in range(1, 12)
    ),
    "stacks_can_be_reached": lambda: (
        library.stacks_can_be_reached().output(2) == "secret is 7\n"
    ),
    "producer_consumer": lambda: all(
        library.producer_consumer(quantum=q).output(2) == "sum 30\n" for q in range(1, 12)
    ),
    "deadlock": lambda: (
        len(library.deadlock().deadlocks) == 1
        and library.deadlock(ordered=True).output(2) == "moved 2\n"
    ),
    "dining_philosophers": lambda: all(
        len(library.dining_philosophers(seats=seats).deadlocks[0][1]) == seats
        and library.dining_philosophers(seats=seats, ordered=True).output(2) == f"meals {seats}\n"
        for seats in range(2, 9)
    ),
    "shared_memory": lambda: library.shared_memory().output(2) == "on the board stands 42\n",
    "pipe_between_processes": lambda: (
        library.pipe_between_processes(words=40).output(2).splitlines()[-1] == "read 400"
    ),
    "messages": lambda: library.messages(words=2).output(2).endswith("received 2 from 3\n"),
    "procedure_call": lambda: (
        library.procedure_call().output(3) == "1 squared is 1\n2 squared is 4\n"
    ),
    "switching_costs": lambda: (
        total("switching_costs", "ticks", by="threads")
        < total("switching_costs", "ticks", by="processes", asid=True)
        < total("switching_costs", "ticks", by="processes")
    ),
    "fault_in_a_thread": lambda: (
        exits(library.fault_in_a_thread()) == [Signal.SIGSEGV, 0]
        and exits(library.fault_in_a_thread(exceptions="thread")) == [Signal.SIGSEGV, 0]
        and exits(library.fault_in_a_thread(fault="divide by zero", exceptions="thread")) == [0, 0]
    ),
    "exit_from_a_worker": lambda: (
        exits(library.exit_from_a_worker()) == [3] and library.exit_from_a_worker().output(2) == ""
    ),
    "main_ends_alone": lambda: (
        library.main_ends_alone().output(2) == "main has ended, I go on\n"
        and library.main_ends_alone(alone=False).output(2) == ""
    ),
    "kill_a_process": lambda: library.kill_a_process().output(2) == "ended by signal 9\n",
    "lock_held_at_death": lambda: (
        stuck(library.lock_held_at_death()) == ["lock"]
        and "the lock is mine" in library.lock_held_at_death(crash=False).output(2)
    ),
    "half_done_file": lambda: (
        library.half_done_file().output(3) == "accounts 40 50\n"
        and library.half_done_file(crash=False).output(3) == "accounts 40 60\n"
    ),
    "half_done_shared_memory": lambda: (
        library.half_done_shared_memory().output(2) == "accounts 40 50\n"
        and library.half_done_shared_memory(crash=False).output(2) == "accounts 40 60\n"
    ),
    "broken_pipe": lambda: exits(library.broken_pipe()) == [0, Signal.SIGPIPE],
    "out_of_memory": lambda: exits(library.out_of_memory()) == [Signal.SIGKILL],
    "fork_bomb": lambda: len(library.fork_bomb().history.processes) == 16,
    "three_jobs": lambda: (
        library.three_jobs().metrics().processes[4].turnaround
        > library.three_jobs(policy="sjf").metrics().processes[4].turnaround
        > library.three_jobs(policy="stcf").metrics().processes[4].turnaround
    ),
    "overlap_with_device": lambda: (
        total("overlap_with_device", "ticks")
        < total("overlap_with_device", "ticks", switch_on_io=False)
    ),
    "several_cores": lambda: (
        total("several_cores", "ticks", cores=1)
        > total("several_cores", "ticks", cores=2)
        > total("several_cores", "ticks", cores=3)
        == total("several_cores", "ticks", cores=8)
    ),
    "getting_the_core_back": lambda: (
        library.getting_the_core_back().output(3) == "0\n1\n2\n"
        and library.getting_the_core_back(timer=False).output(3) == ""
    ),
    "privileged_instruction": lambda: all(
        exits(run) == [Signal.SIGSEGV, 0]
        and (run.output(2), run.output(3)) == ("before\n", "still here\n")
        for tries in library.privileged_instruction.parameters["tries"].choices
        for run in [library.privileged_instruction(tries=tries)]
    ),
    "demand_paging": lambda: (
        library.demand_paging().metrics().processes[2].memory
        < library.demand_paging(demand=False).metrics().processes[2].memory
    ),
    "full_ram": lambda: (
        replace_pages(library.full_ram().page_references(), 6, "opt").misses
        < total("full_ram", "page_faults")
        < total("full_ram", "page_faults", policy="fifo")
    ),
    "translations": lambda: (
        total("translations", "tlb_misses", by="rows") * 5
        < total("translations", "tlb_misses", by="columns")
    ),
    "cold_cache": lambda: (
        total("cold_cache", "cache_misses", quantum=10)
        > total("cold_cache", "cache_misses")
        > total("cold_cache", "cache_misses", ways="2")
    ),
    "two_level_table": lambda: (
        library.two_level_table().at(60).processes[2].page_table_size.total
        < library.two_level_table(levels="1").at(60).processes[2].page_table_size.total
        and total("two_level_table", "ticks") > total("two_level_table", "ticks", levels="1")
    ),
    "heap_with_holes": lambda: (
        len({library.heap_with_holes(fit=fit).output(2) for fit in ("first", "worst")}) == 2
    ),
    "segments": lambda: (
        told(library.segments(), "move_segment", 2) != []
        and fault(library.segments(), 2)[0] == "segmentation fault"
        and library.segments(beyond=0).history.faults == []
    ),
    "base_and_bounds": lambda: (
        len({told(library.base_and_bounds(fit=fit), "place", 9)[0][2] for fit in
             ("first", "best", "worst")}) == 3
        and told(library.base_and_bounds(), "no_hole", 10) != []
        and told(library.base_and_bounds(compaction=True), "no_hole", 10) == []
    ),
}  # fmt: skip

all_scenarios = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)


@all_scenarios
def test_it_shows_what_its_title_says(scenario: Scenario):
    """The fact that the scenario is there for is true of its run."""
    assert FACTS[scenario.name]()


def runs(scenario: Scenario) -> list[dict[str, Any]]:
    """The defaults, and each parameter at its bounds or with each of its values."""
    found: list[dict[str, Any]] = [{}]
    for name, parameter in scenario.parameters.items():
        if parameter.choices:
            values: tuple[Any, ...] = parameter.choices
        elif isinstance(parameter.default, bool):
            values = (True, False)
        else:
            values = (parameter.least, parameter.most)
        found += [{name: value} for value in values]
    return found


@all_scenarios
def test_it_runs_with_every_value_of_its_parameters(scenario: Scenario):
    """No bound is wider than what works."""
    for chosen in runs(scenario):
        assert scenario(**chosen).end > 0


@pytest.mark.slow
@all_scenarios
def test_it_is_told_and_drawn(scenario: Scenario):
    """Every tick has a sentence, and every view can be laid out."""
    trace = scenario()
    for tick in range(trace.end + 1):
        assert trace.narrate(tick)
    for view in (narration, disk, address_spaces, cpu, timeline):
        assert view(trace).moving


@all_scenarios
def test_it_says_what_it_is(scenario: Scenario):
    """A title, sentences to look for, and for each parameter what it is."""
    assert not scenario.title.endswith(".")
    assert len(scenario.look_for) >= 2
    assert all(sentence.endswith(".") for sentence in scenario.look_for)
    assert all(parameter.meaning for parameter in scenario.parameters.values())
    assert repr(scenario) == f"<Scenario {scenario.name}: {scenario.title}>"
    assert getattr(library, scenario.name) is scenario


def test_there_are_enough_of_them():
    """At least fifteen, from one_program to lock_held_at_death."""
    assert len(SCENARIOS) >= 15
    assert {"one_program", "lock_held_at_death"} <= SCENARIOS.keys()
    assert FACTS.keys() == SCENARIOS.keys()


MISTAKES: list[tuple[Callable[[], object], str]] = [
    (lambda: library.lost_update(quantm=3), "lost_update has no parameter 'quantm'; did you mean"),
    (lambda: library.lost_update(quantum=0), "lost_update: quantum is 0; give a whole number from"),
    (lambda: library.deadlock(ordered=1), "deadlock: ordered is 1; give True or False"),
    (lambda: library.full_ram(policy="lfu"), "full_ram: policy is 'lfu'; did you mean 'lru'"),
    (lambda: find("lost_updat"), "there is no scenario 'lost_updat'; did you mean 'lost_update'"),
]


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_mistakes_are_explained(number: int):
    """What was found and what to give instead."""
    action, words = MISTAKES[number]
    with pytest.raises(ArgumentError) as caught:
        action()
    assert words in str(caught.value)


def test_the_command_lists_them():
    """`kit scenarios` shows every name with its title, and one of them whole."""
    listing = CliRunner().invoke(commands, ["scenarios"]).output
    for scenario in SCENARIOS.values():
        assert scenario.name in listing
        assert scenario.title in listing
    assert CliRunner().invoke(commands, ["scenarios", "deadlock"]).output == (
        str(library.deadlock) + "\n"
    )
