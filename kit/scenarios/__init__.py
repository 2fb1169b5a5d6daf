"""The library of named runs that lessons, tests and teachers share.

Each is a function that returns a trace: ``lost_update(quantum=3)``. It has a `title`, says
what to `look_for`, and has `parameters` with defaults and bounds.
"""

from kit.errors import ArgumentError, nearest
from kit.scenarios import failure, kernel, memory, processes, scheduling, talking, threads
from kit.scenarios.failure import (
    broken_pipe,
    exit_from_a_worker,
    fault_in_a_thread,
    fork_bomb,
    half_done_file,
    half_done_shared_memory,
    kill_a_process,
    lock_held_at_death,
    main_ends_alone,
    out_of_memory,
)
from kit.scenarios.kernel import getting_the_core_back, privileged_instruction
from kit.scenarios.memory import (
    base_and_bounds,
    cold_cache,
    demand_paging,
    full_ram,
    heap_with_holes,
    segments,
    translations,
    two_level_table,
)
from kit.scenarios.processes import (
    exec_keeps_the_pid,
    fork_copies_on_write,
    one_program,
    one_program_twice,
    orphan,
    zombie,
)
from kit.scenarios.scenario import Parameter, Scenario
from kit.scenarios.scheduling import overlap_with_device, several_cores, three_jobs
from kit.scenarios.talking import (
    messages,
    pipe_between_processes,
    procedure_call,
    shared_memory,
    switching_costs,
)
from kit.scenarios.threads import (
    counter_with_lock,
    deadlock,
    dining_philosophers,
    lost_update,
    producer_consumer,
    stacks_can_be_reached,
    threads_share,
)

SCENARIOS: dict[str, Scenario] = {
    value.name: value
    for module in (processes, threads, talking, failure, scheduling, kernel, memory)
    for value in vars(module).values()
    if isinstance(value, Scenario)
}
"""All of them by name, in the order of the course."""


def find(name: str) -> Scenario:
    """Return the scenario of a name.

    Raises
    ------
    ArgumentError
        If there is none; it names the one that may have been meant.
    """
    if name not in SCENARIOS:
        raise ArgumentError(f"there is no scenario '{name}'; {nearest(name, SCENARIOS)}")
    return SCENARIOS[name]


__all__ = [
    "SCENARIOS",
    "Parameter",
    "Scenario",
    "base_and_bounds",
    "broken_pipe",
    "cold_cache",
    "counter_with_lock",
    "deadlock",
    "demand_paging",
    "dining_philosophers",
    "exec_keeps_the_pid",
    "exit_from_a_worker",
    "fault_in_a_thread",
    "find",
    "fork_bomb",
    "fork_copies_on_write",
    "full_ram",
    "getting_the_core_back",
    "half_done_file",
    "half_done_shared_memory",
    "heap_with_holes",
    "kill_a_process",
    "lock_held_at_death",
    "lost_update",
    "main_ends_alone",
    "messages",
    "one_program",
    "one_program_twice",
    "orphan",
    "out_of_memory",
    "overlap_with_device",
    "pipe_between_processes",
    "privileged_instruction",
    "procedure_call",
    "producer_consumer",
    "segments",
    "several_cores",
    "shared_memory",
    "stacks_can_be_reached",
    "switching_costs",
    "threads_share",
    "three_jobs",
    "translations",
    "two_level_table",
    "zombie",
]
