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
    source : str
        Where it can be read that this is so; empty for none.

    Raises
    ------
    ArgumentError
        If one of them is no text, or empty.
    """

    idea: str
    instead: str
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no sentence."""
        for name in ("idea", "instead"):
            value = getattr(self, name)
            require(
                isinstance(value, str) and bool(value.strip()),
                f"Misconception: {name} is {value!r}; give a sentence",
            )
        require(
            isinstance(self.source, str),
            f"Misconception: source is {self.source!r}; give a text, such as 'fork(2)'",
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
        "a fault in one process, or its end, ends others too",
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
        "a thread that is woken, or new, runs at once",
        "It becomes ready: it still has to wait for a core.",
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
    "call_is_a_switch": Misconception(
        "a system call is a context switch",
        "The same thread continues in kernel mode; it leaves the core only if it has to wait.",
        "OSTEP, chapter 6",
    ),
    "calls_block": Misconception(
        "a thread that asks the system for something always has to wait",
        "It blocks only if what it asks for is not there yet.",
        "read(2), wait(2)",
    ),
    "system_runs_always": Misconception(
        "the operating system runs in the background all the time",
        "Its code runs only when a trap or an interrupt calls it, and then on the same core.",
        "OSTEP, chapter 6",
    ),
    "needs_no_system": Misconception(
        "a program prints, sleeps and ends by itself",
        "It has to ask the operating system for each of these, with a system call.",
        "OSTEP, chapter 6",
    ),
    "only_output_asks": Misconception(
        "only input and output are system calls",
        "Whatever needs the system is one: ending, sleeping, creating a process.",
        "syscalls(2)",
    ),
    "every_call_asks": Misconception(
        "every call of a function enters the operating system",
        "Functions of program and library run in user mode; only some make a system call.",
        "OSTEP, chapter 14",
    ),
    "virtual_is_swap": Misconception(
        "virtual memory is the swap area on the disk",
        "It is how addresses are translated; a swap area is used only when RAM is full.",
        "OSTEP, chapters 13 and 21",
    ),
    "file_is_memory": Misconception(
        "a variable keeps the value that the program file gives it",
        "The file says how it starts; after that the process changes it in its own memory.",
        "OSTEP, chapter 4",
    ),
    "variables_in_data": Misconception(
        "all variables are in the data segment",
        "Only globals are. Local variables are on the stack, and allocated blocks in the heap.",
        "OSTEP, chapter 13",
    ),
    "one_set_of_locals": Misconception(
        "a function has one set of local variables, kept with its code",
        "Each call has its own, on the stack of the thread that makes it.",
        "OSTEP, chapters 13 and 26",
    ),
    "pointer_is_block": Misconception(
        "a variable that holds an address is at that address",
        "The variable and the block that it leads to are two things, often in different segments.",
        "OSTEP, chapter 14",
    ),
    "thread_is_function": Misconception(
        "a thread is a function",
        "A thread executes functions, and several threads can execute the same one.",
        "pthread_create(3), OSTEP, chapter 26",
    ),
    "page_table_per_thread": Misconception(
        "each thread has a page table of its own",
        "The page table belongs to the process: a page that is there is there for all its threads.",
        "OSTEP, chapter 26",
    ),
    "any_page_can_come": Misconception(
        "the system brings in a page for every address that is used",
        "Only for addresses that belong to a segment; any other access is a fault.",
        "OSTEP, chapter 16",
    ),
    "addresses_unchecked": Misconception(
        "a program can use every address",
        "The hardware checks each access against the page table of the process.",
        "OSTEP, chapter 18",
    ),
    "shared_registers": Misconception(
        "there is one set of registers, which all threads share",
        "Each thread has its own values; they are saved and restored at a context switch.",
        "OSTEP, chapters 6 and 26",
    ),
    "isolation_is_total": Misconception(
        "processes cannot share any memory",
        "They can, where the system maps the same frames for both.",
        "shm_overview(7)",
    ),
    "child_starts_at_main": Misconception(
        "the child of fork starts at main",
        "It continues where its parent does, after fork.",
        "fork(2), OSTEP, chapter 5",
    ),
    "spawn_order": Misconception(
        "threads run in the order in which they were spawned",
        "The scheduler chooses among those that are ready, whatever their number.",
        "OSTEP, chapter 26",
    ),
    "process_is_scheduled": Misconception(
        "the scheduler gives turns to processes",
        "It gives them to threads: a process with more threads gets more turns.",
        "sched(7)",
    ),
    "blocked_for_good": Misconception(
        "a thread that blocks has stopped for good",
        "When what it waits for happens, it is woken and continues.",
        "OSTEP, chapter 4",
    ),
    "thread_end_frees_all": Misconception(
        "the end of one thread frees what its process has",
        "Only its stack is free then; the rest belongs to the process, which continues.",
        "pthread_exit(3)",
    ),
    "process_frees_at_end": Misconception(
        "memory is free only when the whole process has ended",
        "What belongs to one thread alone, its stack, is free when the thread has ended.",
        "pthread_exit(3)",
    ),
    "main_ends_all": Misconception(
        "no thread outlives the main thread",
        "If main calls thread_exit, only that thread ends; the process ends with its last thread.",
        "pthread_exit(3)",
    ),
    "fault_is_survived": Misconception(
        "a thread continues after a fault",
        "The program does not handle it, so the signal's default action ends the process.",
        "signal(7)",
    ),
    "half_done_is_mended": Misconception(
        "the system finishes, or undoes, what a crash cuts in the middle",
        "What was written stays, and the rest is never written.",
        "OSTEP, chapter 42",
    ),
    "any_update_lost": Misconception(
        "when updates can be lost, any number of them can",
        "Only an update that began before another one was stored can overwrite it.",
        "OSTEP, chapter 26",
    ),
    "line_is_atomic": Misconception(
        "a line of a program is one step",
        "It is several instructions, and another thread can run between any two of them.",
        "OSTEP, chapter 26",
    ),
    "deadlock_resolves": Misconception(
        "a deadlock resolves itself after a while",
        "No thread in the circle can release anything, so all of them stay blocked.",
        "OSTEP, chapter 32",
    ),
    "deadlock_is_noticed": Misconception(
        "the system notices a deadlock and ends a thread",
        "Linux and Windows do not look for deadlocks of programs: you have to end it yourself.",
        "OSTEP, chapter 32",
    ),
    "spinning_is_waiting": Misconception(
        "a thread that waits in a loop uses no core",
        "It is running, and uses up its quantum; only a thread that blocks leaves the core.",
        "OSTEP, chapter 28",
    ),
    "semaphore_is_lock": Misconception(
        "a semaphore is a lock",
        "It counts, no thread owns it, and a thread that waits for it gets what another gives.",
        "OSTEP, chapter 31",
    ),
    "turnaround_is_end": Misconception(
        "the turnaround time is the tick at which a process ends",
        "It is counted from the launch of the process.",
        "OSTEP, chapter 7",
    ),
    "response_is_turnaround": Misconception(
        "turnaround and response time are the same",
        "Response ends with the first turn on a core, turnaround with the end of the process.",
        "OSTEP, chapter 7",
    ),
    "most_tickets_win": Misconception(
        "the process with the most tickets always gets the core",
        "It gets the core more often: its share of the core is its share of all tickets.",
        "OSTEP, chapter 9",
    ),
    "more_threads_faster": Misconception(
        "more threads are always faster",
        "Threads are faster only if cores are free for them, and if they need not wait for each "
        "other; each thread also has to be created and switched to.",
        "OSTEP, chapter 29",
    ),
    "free_gives_back": Misconception(
        "free gives memory back to the operating system",
        "It gives the block back to the heap of the process, for a later alloc; "
        "most allocators return pages to the system only now and then.",
        "GNU C Library manual, Freeing Memory Allocated with malloc",
    ),
    "lock_locks_variable": Misconception(
        "a lock locks the variable",
        "It stops only threads that ask for the lock: any other thread can still use the variable.",
        "OSTEP, chapter 28",
    ),
    "notify_is_remembered": Misconception(
        "a notify is remembered until a thread waits",
        "It wakes a thread that waits already; if none does, it has no effect at all.",
        "pthread_cond_signal(3p), OSTEP, chapter 30",
    ),
}
"""Name -> the idea, and what is true instead."""


def name_of(misconception: str | Misconception) -> str:
    """Return how a misconception is called in lists: the name of the table, or the idea itself."""
    return misconception if isinstance(misconception, str) else misconception.idea
