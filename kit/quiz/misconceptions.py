"""The ideas behind wrong answers: what students often think, and what is so instead."""

from __future__ import annotations

from dataclasses import dataclass

from kit.errors import explained, require


@explained
@dataclass(frozen=True)
class Misconception:
    """An idea that leads to wrong answers; one of your own is given in place of a name.

    Attributes
    ----------
    idea : str
        What is thought, as a sentence without a full stop.
    instead : str
        What is so, as a sentence.

    Raises
    ------
    ArgumentError
        If one of them is no text, or empty.
    """

    idea: str
    instead: str

    def __post_init__(self) -> None:
        """Refuse what is no sentence."""
        for name in ("idea", "instead"):
            value = getattr(self, name)
            require(
                isinstance(value, str) and bool(value.strip()),
                f"Misconception: {name} is {value!r}; give a sentence",
            )


MISCONCEPTIONS: dict[str, Misconception] = {
    "child_sees_parent": Misconception(
        "a child sees what its parent writes after fork",
        "fork gives the child a copy: what one of them writes later, the other does not see.",
    ),
    "own_data": Misconception(
        "each thread has its own data and heap",
        "Threads of one process share code, data and heap, but not stacks and registers.",
    ),
    "protected_stacks": Misconception(
        "the stacks of threads are protected from each other",
        "All stacks are in one address space: any thread that has the address can use it.",
    ),
    "program_is_process": Misconception(
        "a program and a process are the same thing",
        "A program is a file; a process is one execution of it, and there can be many.",
    ),
    "blocked_uses_cpu": Misconception(
        "a blocked thread uses the CPU, or waits in the ready queue",
        "A blocked thread gets no core until the thing it waits for has happened.",
    ),
    "crash_releases_locks": Misconception(
        "a crash releases locks",
        "A lock is a word in memory: it stays locked even when the thread that holds it has ended.",
    ),
    "switch_copies_memory": Misconception(
        "a context switch copies memory",
        "It saves and restores registers; the memory stays where it is.",
    ),
    "worked_once": Misconception(
        "it worked once, so it is correct",
        "One schedule says nothing about the others.",
    ),
    "virtual_is_physical": Misconception(
        "a virtual address is a place in RAM",
        "The page table of each process says which frame an address is mapped to, if any.",
    ),
    "two_at_once": Misconception(
        "two threads on one core run at the same time",
        "A core executes one thread at a time; the others wait for their turn.",
    ),
    "lock_per_code": Misconception(
        "a lock protects code",
        "It protects data, and only if every thread that uses the data takes the same lock.",
    ),
    "no_update_lost": Misconception(
        "adding to a variable is one step",
        "It is load, add and store: another thread can run between these steps.",
    ),
    "thread_dies_alone": Misconception(
        "a fault, or exit, ends only the thread in which it happens",
        "A fatal fault, exit and the end of main end the whole process with all its threads.",
    ),
    "all_die": Misconception(
        "a fault in one process ends others too",
        "Processes are isolated from each other: the others continue.",
    ),
    "keeps_the_core": Misconception(
        "a running thread keeps the core until it has finished",
        "It leaves the core when it has to wait, or when its quantum is used up.",
    ),
    "queue_is_a_stack": Misconception(
        "the thread that came last goes first",
        "Round robin and FIFO take the thread that has waited longest, not the one that came last.",
    ),
    "always_a_queue": Misconception(
        "the thread that came first always goes first",
        "The policy chooses which thread goes first: by arrival, length, priority or chance.",
    ),
    "woken_runs_at_once": Misconception(
        "a thread that is woken runs at once",
        "A thread that is woken becomes ready: it still has to wait for a core.",
    ),
    "own_code": Misconception(
        "each process has its own copy of the code in RAM",
        "Processes of one program share the frames of its code, which none of them can write.",
    ),
    "fork_copies_at_once": Misconception(
        "fork copies all memory at once",
        "Both use the same frames until one of them writes; only that page is copied then.",
    ),
    "shares_memory": Misconception(
        "processes see each other's variables",
        "Each process has its own address space; the same name is a different place in each.",
    ),
    "fault_is_an_error": Misconception(
        "a page fault is an error that ends the process",
        "It tells the system to bring in a page; then the instruction is tried again.",
    ),
    "loads_everything": Misconception(
        "the whole program is in RAM before it starts",
        "With demand paging a page is brought in when it is first touched.",
    ),
    "spawn_waits": Misconception(
        "spawn or fork waits until the new thread or process has ended",
        "It only creates it; both continue, in the order that the scheduler chooses.",
    ),
    "exec_makes_process": Misconception(
        "exec makes a new process",
        "It replaces the program of the same process: the pid stays the same.",
    ),
    "killed_leaves_nothing": Misconception(
        "a process that has ended disappears at once",
        "Its entry stays in the process table, as a zombie, until its parent waits for it.",
    ),
}
"""Name -> the idea, and what is true instead."""


def name_of(misconception: str | Misconception) -> str:
    """Return how a misconception is called in lists: the name of the table, or the idea itself."""
    return misconception if isinstance(misconception, str) else misconception.idea
