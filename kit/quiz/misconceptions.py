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
        "fork gives the child a copy; what either of them writes later is its own.",
    ),
    "own_data": Misconception(
        "each thread has data and heap of its own",
        "Threads of one process share code, data and heap; only stack and registers are their own.",
    ),
    "protected_stacks": Misconception(
        "the stacks of threads are protected from each other",
        "All stacks of a process stand in one address space: who has the address can use it.",
    ),
    "program_is_process": Misconception(
        "a program and a process are the same thing",
        "A program is a file; a process is one execution of it, and there can be many.",
    ),
    "blocked_uses_cpu": Misconception(
        "a blocked thread uses the CPU, or waits in the ready queue",
        "What is blocked gets no core until what it waits for has happened.",
    ),
    "crash_releases_locks": Misconception(
        "a crash releases locks",
        "A lock is a word in memory: it stays held by a thread that is no more.",
    ),
    "switch_copies_memory": Misconception(
        "a context switch copies memory",
        "It saves and restores registers; memory stays where it is.",
    ),
    "worked_once": Misconception(
        "it worked once, so it is correct",
        "One schedule says nothing about the others.",
    ),
    "virtual_is_physical": Misconception(
        "a virtual address is a place in RAM",
        "The page table of each process says which frame stands behind an address.",
    ),
    "two_at_once": Misconception(
        "two threads on one core run at the same time",
        "A core executes one thread at a time; the others wait for their turn.",
    ),
    "lock_per_code": Misconception(
        "a lock protects code",
        "It protects data, and only if everybody who uses the data takes the same lock.",
    ),
    "no_update_lost": Misconception(
        "adding to a variable is one step",
        "It is load, add and store: another thread can come between them.",
    ),
    "thread_dies_alone": Misconception(
        "a fault, or exit, ends only the thread in which it happens",
        "A fatal fault, exit and the end of main end the whole process with all its threads.",
    ),
    "all_die": Misconception(
        "a fault in one process ends others too",
        "Processes are isolated: the others go on.",
    ),
    "keeps_the_core": Misconception(
        "who runs keeps the core until it has finished",
        "It leaves the core when it has to wait, or when its slice is used up and others queue.",
    ),
    "queue_is_a_stack": Misconception(
        "who came last goes first",
        "A ready queue is a queue: who has waited longest goes first.",
    ),
    "always_a_queue": Misconception(
        "who came first always goes first",
        "Who goes first is the policy's choice: by arrival, length, priority or chance.",
    ),
    "woken_runs_at_once": Misconception(
        "who is woken runs at once",
        "To be woken means to be allowed to queue for a core.",
    ),
    "fork_copies_at_once": Misconception(
        "fork copies all memory at once",
        "Both use the same frames until one of them writes; only that page is copied then.",
    ),
    "shares_memory": Misconception(
        "processes see each other's variables",
        "Each process has an address space of its own; the same name is another place.",
    ),
    "fault_is_an_error": Misconception(
        "a page fault is an error that ends the process",
        "It tells the system that a page is to be brought in; then the program goes on.",
    ),
    "loads_everything": Misconception(
        "the whole program is in RAM before it starts",
        "With demand paging a page is brought in when it is first touched.",
    ),
    "spawn_waits": Misconception(
        "spawn or fork runs the new one to its end before it returns",
        "It only makes it; both go on, in the order that the scheduler chooses.",
    ),
    "exec_makes_process": Misconception(
        "exec makes a new process",
        "It puts another program into the same process: the pid stays.",
    ),
    "killed_leaves_nothing": Misconception(
        "who has ended is gone at once",
        "Its entry stays as a zombie until its parent has waited for it.",
    ),
}
"""Name -> the idea, and what is so instead."""


def name_of(misconception: str | Misconception) -> str:
    """Return how a misconception is called in lists: the name of the table, or the idea itself."""
    return misconception if isinstance(misconception, str) else misconception.idea
