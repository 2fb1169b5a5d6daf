"""Concurrent programs whose results are known from textbooks."""

from collections.abc import Callable

from kit import Machine, Program


def computed(program: Program) -> Callable[[], Machine]:
    """A machine with a program that the computer explores, because its pages come on demand."""

    def machine() -> Machine:
        made = Machine(demand=True)
        made.launch(program)
        return made

    return machine


COUNT = """
count = 0
lock = Lock()

def worker():
    global count
    for i in range(ROUNDS):
        BODY

def main():
    a = spawn(worker)
    b = spawn(worker)
    join(a)
    join(b)
"""

UNLOCKED = "count += 1"
LOCKED = "with lock:\n            count += 1"


def counter(rounds: int, body: str = UNLOCKED) -> Program:
    """Two threads that count."""
    return Program("counter", COUNT.replace("ROUNDS", str(rounds)).replace("BODY", body))


GUARDED = """
inside = 0
together = 0
STATE

def enter(me):
ENTER

def leave(me):
LEAVE

def worker(me):
    global inside, together
    enter(me)
    inside += 1
    if inside > 1:
        together = 1
    inside -= 1
    leave(me)

def main():
    a = spawn(worker, 0)
    b = spawn(worker, 1)
    join(a)
    join(b)
"""


def guarded(state: str, enter: str, leave: str) -> Program:
    """Two threads that want into a critical section; `together` says whether both were in it."""
    text = GUARDED.replace("STATE", state)
    for name, lines in (("ENTER", enter), ("LEAVE", leave)):
        indented = "\n".join(f"    {line}" for line in lines.splitlines())
        text = text.replace(name, indented)
    return Program("guarded", text)


PETERSON = guarded(
    "flag = [0, 0]\nturn = 0",
    "global turn\nflag[me] = 1\nturn = 1 - me\n"
    "while flag[1 - me] == 1 and turn == 1 - me:\n    pass",
    "flag[me] = 0",
)
PETERSON_TURN_FIRST = guarded(
    "flag = [0, 0]\nturn = 0",
    "global turn\nturn = 1 - me\nflag[me] = 1\n"
    "while flag[1 - me] == 1 and turn == 1 - me:\n    pass",
    "flag[me] = 0",
)
PETERSON_ONE_FLAG_FORGOTTEN = guarded(
    "flag = [0, 0]\nturn = 0",
    "global turn\nturn = 1 - me\nwhile flag[1 - me] == 1 and turn == 1 - me:\n    pass",
    "flag[me] = 0",
)
PETERSON_WITHOUT_TURN = guarded(
    "flag = [0, 0]", "flag[me] = 1\nwhile flag[1 - me] == 1:\n    pass", "flag[me] = 0"
)
TEST_AND_SET = guarded(
    "held = 0", "while test_and_set(address(held)) == 1:\n    pass", "global held\nheld = 0"
)
TEST_THEN_SET = guarded(
    "held = 0",
    "global held\nwhile held == 1:\n    pass\nheld = 1",
    "global held\nheld = 0",
)
TICKET = guarded(
    "ticket = 0\nserving = 0",
    "mine = fetch_and_add(address(ticket), 1)\nwhile serving != mine:\n    pass",
    "global serving\nserving += 1",
)

BUFFER = """
full = 0
taken = 0
wrong = 0
change = Condition()

def consumer():
    global full, taken, wrong
    change.acquire()
    LOOP full == 0:
        change.wait()
    if full == 0:
        wrong = 1
    full = 0
    taken += 1
    change.release()

def main():
    global full
    a = spawn(consumer)
    b = spawn(consumer)
    for i in range(2):
        change.acquire()
        full = 1
        change.notify()
        change.release()
"""


def buffer(loop: str) -> Program:
    """Two consumers of what a producer offers; `wrong` says whether one took what was not there."""
    return Program("buffer", BUFFER.replace("LOOP", loop))


LOST_WAKE_UP = Program(
    "lost",
    """
ready = 0
change = Condition()

def waiter():
    if ready == 0:
        change.acquire()
        change.wait()
        change.release()

def main():
    global ready
    a = spawn(waiter)
    change.acquire()
    ready = 1
    change.notify()
    change.release()
    join(a)
""",
)
