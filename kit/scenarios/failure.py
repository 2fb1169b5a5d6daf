"""Failure: what a fault takes down, and what it leaves broken."""

from __future__ import annotations

from kit.lang import Program
from kit.scenarios.scenario import choice, number, scenario, switch
from kit.sim import Costs, KiB, Limits, RoundRobin
from kit.trace import Machine

FAULTS = {
    "segmentation fault": "poke(0, 1)",
    "divide by zero": "done = done // (done - done)",
    "failed assert": "assert done > 99",
}

WORKERS = """
done = 0

def good():
    global done
    for i in range(5):
        work(6)
        done += 1
        print("working", i)

def bad():
    global done
    work(20)
    FAULT

def main():
    a = spawn(good)
    b = spawn(bad)
    join(a)
    join(b)
    print("all threads have ended")
"""

NEIGHBOUR = """
def main():
    for i in range(4):
        work(12)
        print("another process, still here")
"""

EXIT = """
def worker():
    work(10)
    exit(3)

def main():
    spawn(worker)
    work(100)
    print("never printed")
"""

MAIN_ENDS = """
def worker():
    work(30)
    print("main has ended, I go on")

def main():
    spawn(worker)
    END
"""

KILLER = """
def main():
    victim = fork()
    if victim == 0:
        while True:
            work(5)
    sleep(20)
    kill(victim)
    wait()
    print("ended by signal", term_signal())
"""

HELD = """
def main():
    board = shared("board", 2)
    if fork() == 0:
        acquire(board)
        board[1] = 1
        FAULT
        release(board)
        exit(0)
    while board[1] == 0:
        sleep(2)
    print("the other one is in its critical section")
    acquire(board)
    print("the lock is mine now")
    release(board)
"""

TRANSFER_FILE = """
def main():
    f = open("accounts", "r+")
    a = read(f)
    b = read(f)
    seek(f, 0)
    write(f, a - 10)
    FAULT
    write(f, b + 10)
    close(f)
"""

READ_FILE = """
def main():
    f = open("accounts")
    print("accounts", read(f), read(f))
"""

TRANSFER_MEMORY = """
def main():
    accounts = shared("accounts", 2)
    accounts[0] = 50
    accounts[1] = 50
    if fork() == 0:
        accounts[0] = accounts[0] - 10
        FAULT
        accounts[1] = accounts[1] + 10
        exit(0)
    wait()
    print("accounts", accounts[0], accounts[1])
"""

BROKEN_PIPE = """
def main():
    ends = pipe()
    writer = fork()
    if writer == 0:
        close(ends)
        for i in range(20):
            write(ends + 1, i)
            work(4)
        exit(0)
    close(ends + 1)
    print("read", read(ends))
    close(ends)
    wait()
    print("signal that ended the writer", term_signal())
"""

HUNGRY = """
def main():
    blocks = 0
    while alloc(100) != 0:
        blocks += 1
    print("blocks", blocks)
    deep(1000)

def deep(n):
    if n == 0:
        return 0
    return deep(n - 1) + 1
"""

BOMB = """
def main():
    while True:
        fork()
"""

FAULT = choice(
    "segmentation fault", "divide by zero", "failed assert", meaning="what goes wrong in it"
)


@scenario(
    "A fault in one thread ends its whole process",
    "The thread that fails takes its siblings with it: what a fatal fault ends is the process.",
    "The other process does not notice: nothing of that memory is its own.",
    "Where an exception is Python's it ends only its thread; a segmentation fault never does.",
    fault=FAULT,
    exceptions=choice("process", "thread", meaning="what an exception ends"),
)
def fault_in_a_thread(fault: str, exceptions: str) -> Machine:
    """A thread does what it must not, beside siblings and another process."""
    machine = Machine(scheduler=RoundRobin(5), exceptions=exceptions)
    machine.launch(Program("workers", WORKERS.replace("FAULT", FAULTS[fault])))
    machine.launch(Program("neighbour", NEIGHBOUR))
    return machine


@scenario(
    "exit in a worker ends all threads",
    "exit ends the process, whichever thread calls it.",
    "What main was about to print is never printed.",
)
def exit_from_a_worker() -> Machine:
    """A worker calls exit while main computes."""
    machine = Machine(scheduler=RoundRobin(5))
    machine.launch(Program("workers", EXIT))
    return machine


@scenario(
    "main ends, and what becomes of its threads",
    "Returning from main ends the process with all its threads, as in C.",
    "With thread_exit only the main thread ends; the process goes on until the last has ended.",
    alone=switch(True, "whether main ends alone, with thread_exit"),
)
def main_ends_alone(alone: bool) -> Machine:
    """A main thread that does not wait for its worker."""
    machine = Machine(scheduler=RoundRobin(5))
    end = "thread_exit()" if alone else "return"
    machine.launch(Program("workers", MAIN_ENDS.replace("END", end)))
    return machine


@scenario(
    "A process is killed by another one",
    "kill ends the victim wherever it is; its memory is free at once.",
    "It has no exit code: wait tells the parent which signal ended it.",
)
def kill_a_process() -> Machine:
    """A parent ends a child that would never end by itself."""
    machine = Machine(scheduler=RoundRobin(5))
    machine.launch(Program("killer", KILLER))
    return machine


@scenario(
    "A process dies with a lock held",
    "The lock is in memory that both share: it stays locked although its holder has ended.",
    "The other process waits for it forever, because a crash releases no locks.",
    crash=switch(True, "whether the holder crashes in its critical section"),
)
def lock_held_at_death(crash: bool) -> Machine:
    """A lock in shared memory that nobody will ever release."""
    machine = Machine(scheduler=RoundRobin(6))
    text = HELD.replace("FAULT", "abort()" if crash else "work(4)")
    machine.launch(Program("board", text))
    return machine


@scenario(
    "An update of a file is cut in the middle",
    "The crash does not damage the file: every single write is whole.",
    "But one of two writes that belong together is missing: 10 are lost.",
    crash=switch(True, "whether the process crashes between the two writes"),
)
def half_done_file(crash: bool) -> Machine:
    """A transfer between two accounts in a file."""
    machine = Machine()
    machine.put_file("accounts", [50, 50])
    text = TRANSFER_FILE.replace("FAULT", "abort()" if crash else "pass")
    machine.launch(Program("transfer", text))
    machine.launch(Program("auditor", READ_FILE), at=60)
    return machine


@scenario(
    "An update of shared memory is cut in the middle",
    "The process that crashes is gone, but what it wrote into shared memory stays.",
    "Its parent finds an update that is half done.",
    crash=switch(True, "whether the process crashes between the two writes"),
)
def half_done_shared_memory(crash: bool) -> Machine:
    """A transfer between two accounts in shared memory."""
    machine = Machine()
    text = TRANSFER_MEMORY.replace("FAULT", "abort()" if crash else "pass")
    machine.launch(Program("transfer", text))
    return machine


@scenario(
    "A pipe whose reader has gone",
    "Writing to a pipe without readers is a fault (SIGPIPE on Unix).",
    "Otherwise the writer would compute results that no process can read.",
)
def broken_pipe() -> Machine:
    """A reader that has read enough."""
    machine = Machine(scheduler=RoundRobin(10))
    machine.launch(Program("pipe", BROKEN_PIPE))
    return machine


@scenario(
    "RAM is full",
    "alloc says that there is no memory left, and the program can go on without.",
    "A stack that has to grow cannot ask: the process is ended.",
    ram=number(8, 6, 64, "KiB of RAM"),
)
def out_of_memory(ram: int) -> Machine:
    """A program that takes all it can get."""
    machine = Machine(ram=ram * KiB, stack_size=64 * KiB)
    machine.launch(Program("hungry", HUNGRY))
    return machine


@scenario(
    "A fork bomb",
    "Every process makes another one, each of which does the same.",
    "The machine stops it at its limit of processes; what happened until then can be seen.",
    "A real system would let fork fail at its limit, and go on.",
    reaches_limit=True,
    processes=number(16, 2, 64, "processes that may be alive at once"),
)
def fork_bomb(processes: int) -> Machine:
    """A program that only forks."""
    limits = Limits(processes=processes)
    machine = Machine(scheduler=RoundRobin(5), limits=limits, costs=Costs(page_fault=1))
    machine.launch(Program("bomb", BOMB))
    return machine
