"""How processes talk: shared memory, pipes, messages, local procedure calls."""

from __future__ import annotations

from kit.lang import Program
from kit.scenarios.scenario import choice, number, scenario, switch
from kit.sim import Costs, RoundRobin
from kit.trace import Machine

BOARD = """
def main():
    board = shared("board", 2)
    child = fork()
    if child == 0:
        board[0] = 6 * 7
        board[1] = 1
        exit(0)
    while board[1] == 0:
        sleep(3)
    print("on the board stands", board[0])
    wait()
"""

PIPE = """
def main():
    ends = pipe()
    if fork() == 0:
        close(ends)
        for i in range(1, WORDS + 1):
            write(ends + 1, i * 10)
        exit(0)
    close(ends + 1)
    word = read(ends)
    while word != -1:
        print("read", word)
        word = read(ends)
    wait()
"""

RECEIVER = """
def main():
    for i in range(WORDS):
        word = recv()
        print("received", word, "from", sender())
"""

SENDER = """
def main():
    for i in range(WORDS):
        send(2, i + 1)
"""

SERVER = """
def main():
    for i in range(CALLS):
        n = serve()
        reply(n * n)
"""

CLIENT = """
def main():
    for i in range(1, CALLS + 1):
        print(i, "squared is", call(2, i))
"""

WORDS = number(3, 1, 40, "words that are sent")

TOGETHER = {
    "threads": """
turn = 0

def worker(me):
    global turn
    for i in range(ROUNDS):
        work(WORK)
        turn = me

def main():
    a = spawn(worker, 1)
    b = spawn(worker, 2)
    join(a)
    join(b)
""",
    "processes": """
turn = 0

def worker(me):
    global turn
    for i in range(ROUNDS):
        work(WORK)
        turn = me

def main():
    if fork() == 0:
        worker(1)
        exit(0)
    worker(2)
    wait()
""",
}


@scenario(
    "Two processes share a piece of memory",
    "Both page tables lead to the same frame: what one writes there, the other reads.",
    "That needs no system call and no copy, but the writer has to say when the data are ready.",
)
def shared_memory() -> Machine:
    """A child writes a result for its parent."""
    machine = Machine(scheduler=RoundRobin(6))
    machine.launch(Program("board", BOARD))
    return machine


@scenario(
    "A pipe between a child and its parent",
    "Every word is copied into the system and out of it again, by a system call each.",
    "The reader is blocked while the pipe is empty, and gets end-of-file if no process can write.",
    words=WORDS,
)
def pipe_between_processes(words: int) -> Machine:
    """A child writes, its parent reads until the end."""
    machine = Machine(scheduler=RoundRobin(10), costs=Costs(system_call=1))
    machine.launch(Program("pipe", PIPE.replace("WORDS", str(words))))
    return machine


@scenario(
    "Messages from one process to another",
    "The sender goes on at once; the message waits in the mailbox of the receiver.",
    "The receiver is blocked while its mailbox is empty.",
    words=WORDS,
)
def messages(words: int) -> Machine:
    """Two programs that know each other only by pid."""
    machine = Machine(scheduler=RoundRobin(10))
    machine.launch(Program("receiver", RECEIVER.replace("WORDS", str(words))))
    machine.launch(Program("sender", SENDER.replace("WORDS", str(words))), at=8)
    return machine


@scenario(
    "A local procedure call into another process",
    "The caller is blocked until the server has replied, as if it had called a function.",
    "Windows NT has such a call (LPC, later ALPC); Linux has none by that name.",
    calls=number(2, 1, 20, "calls the client makes"),
)
def procedure_call(calls: int) -> Machine:
    """A client lets a server compute."""
    machine = Machine(scheduler=RoundRobin(10))
    machine.launch(Program("server", SERVER.replace("CALLS", str(calls))))
    machine.launch(Program("client", CLIENT.replace("CALLS", str(calls))), at=4)
    return machine


@scenario(
    "The same work by two threads or by two processes",
    "Every switch replaces the registers; one to another process changes page tables too.",
    "After that the TLB is empty, unless its entries carry an address-space id.",
    "How much that costs follows from the machine's settings: compare both runs.",
    by=choice("threads", "processes", meaning="what does the work"),
    quantum=number(6, 1, 50, "ticks one may run before the other gets the core"),
    asid=switch(False, "whether TLB entries carry an address-space id"),
)
def switching_costs(by: str, quantum: int, asid: bool) -> Machine:
    """Two workers that take turns, on a machine where switching has a price."""
    text = TOGETHER[by].replace("ROUNDS", "6").replace("WORK", "4")
    machine = Machine(scheduler=RoundRobin(quantum), costs=Costs.realistic(), tlb=8, asid=asid)
    machine.launch(Program(by, text))
    return machine
