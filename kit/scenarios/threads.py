"""Threads of one process: what they share, and what sharing costs."""

from __future__ import annotations

from kit.lang import Program
from kit.scenarios.scenario import number, scenario, switch
from kit.sim import RoundRobin
from kit.trace import Machine

SHARING = """
total = 0

def worker(n):
    global total
    p = alloc(2)
    p[0] = n
    p[1] = n * n
    total += p[1]
    return p

def main():
    a = spawn(worker, 2)
    b = spawn(worker, 3)
    p = join(a)
    q = join(b)
    print("blocks hold", p[1], q[1], "total", total)
"""

UNLOCKED = """
count = 0

def worker(n):
    global count
    for i in range(n):
        count += 1

def main():
    a = spawn(worker, LOOPS)
    b = spawn(worker, LOOPS)
    join(a)
    join(b)
    print("count", count)
"""

LOCKED = """
count = 0
lock = Lock()

def worker(n):
    global count
    for i in range(n):
        with lock:
            count += 1

def main():
    a = spawn(worker, LOOPS)
    b = spawn(worker, LOOPS)
    join(a)
    join(b)
    print("count", count)
"""

STACKS = """
where = 0

def owner():
    global where
    secret = 42
    where = address(secret)
    sleep(40)
    print("secret is", secret)

def visitor():
    while where == 0:
        work(1)
    poke(where, 7)

def main():
    a = spawn(owner)
    b = spawn(visitor)
    join(a)
    join(b)
"""

BOUNDED = """
buffer = [0, 0]
put = 0
got = 0
empty = Semaphore(2)
full = Semaphore(0)
lock = Lock()

def producer(n):
    global put
    for i in range(n):
        empty.acquire()
        with lock:
            buffer[put % 2] = i * i
            put += 1
        full.release()

def consumer(n):
    global got
    sum = 0
    for i in range(n):
        full.acquire()
        with lock:
            sum += buffer[got % 2]
            got += 1
        empty.release()
    print("sum", sum)

def main():
    p = spawn(producer, ITEMS)
    c = spawn(consumer, ITEMS)
    join(p)
    join(c)
"""

TRANSFER = """
first = Lock()
second = Lock()
moved = 0

def forth():
    global moved
    with first:
        work(6)
        with second:
            moved += 1

def back():
    global moved
    with ONE:
        work(6)
        with OTHER:
            moved += 1

def main():
    a = spawn(forth)
    b = spawn(back)
    join(a)
    join(b)
    print("moved", moved)
"""

DINNER = """
forks = [FORKS]
seated = Barrier(SEATS)
meals = 0

def philosopher(i):
    global meals
    left = i
    right = (i + 1) % len(forks)
    SWAP
    seated.wait()
    forks[left].acquire()
    work(5)
    forks[right].acquire()
    meals += 1
    forks[right].release()
    forks[left].release()

def main():
    first = spawn(philosopher, 0)
    for i in range(1, len(forks)):
        spawn(philosopher, i)
    for i in range(len(forks)):
        join(first + i)
    print("meals", meals)
"""

LOOPS = number(3, 1, 50, "how often each of them adds 1")
QUANTUM = number(5, 1, 50, "ticks a thread may run before another gets the core")


@scenario(
    "Threads share code, data and heap, and each has a stack",
    "A new thread gets a stack and registers; code, data and heap are those of the process.",
    "What one thread puts into the heap, the others can read where it is.",
    quantum=QUANTUM,
)
def threads_share(quantum: int) -> Machine:
    """Two workers return addresses of blocks in the common heap."""
    machine = Machine(scheduler=RoundRobin(quantum))
    machine.launch(Program("sharing", SHARING))
    return machine


@scenario(
    "Two threads add to one counter, and updates are lost",
    "Adding 1 is three steps: load, add, store.",
    "A switch between them lets a thread store what it computed from an old value.",
    "With this quantum the result is less than the number of additions.",
    "With others it may be right, by luck: that it worked once proves nothing.",
    loops=LOOPS,
    quantum=QUANTUM,
)
def lost_update(loops: int, quantum: int) -> Machine:
    """A race."""
    machine = Machine(scheduler=RoundRobin(quantum))
    machine.launch(Program("counter", UNLOCKED.replace("LOOPS", str(loops))))
    return machine


@scenario(
    "Two threads add to one counter under a lock",
    "A thread that finds the lock held is blocked and uses no core.",
    "Here the lock goes to the thread that has waited longest; ordinary locks promise no order.",
    "The result is the number of additions, however often the core goes over.",
    loops=LOOPS,
    quantum=QUANTUM,
)
def counter_with_lock(loops: int, quantum: int) -> Machine:
    """The same work as in lost_update, in critical sections."""
    machine = Machine(scheduler=RoundRobin(quantum))
    machine.launch(Program("counter", LOCKED.replace("LOOPS", str(loops))))
    return machine


@scenario(
    "Stacks of threads are private only by convention",
    "A thread that has the address of another's local variable can write it.",
    "There is no fault, because both stacks are in the same address space.",
)
def stacks_can_be_reached() -> Machine:
    """One thread changes a local variable of another."""
    machine = Machine(scheduler=RoundRobin(5))
    machine.launch(Program("stacks", STACKS))
    return machine


@scenario(
    "A producer and a consumer share a buffer of two places",
    "A thread that finds the buffer full, or empty, is blocked until the other one changes that.",
    "Two semaphores count the places that are empty and those that are full.",
    items=number(5, 1, 40, "values that go through the buffer"),
    quantum=QUANTUM,
)
def producer_consumer(items: int, quantum: int) -> Machine:
    """A bounded buffer with two semaphores and a lock."""
    machine = Machine(scheduler=RoundRobin(quantum))
    machine.launch(Program("buffer", BOUNDED.replace("ITEMS", str(items))))
    return machine


@scenario(
    "Two threads take two locks in opposite order",
    "Each holds one lock and waits for the other: a circle, out of which no one can go.",
    "Threads that are blocked use no core; the machine has nothing left to do.",
    "With some quanta one is done before the other begins, and all goes well: that is luck.",
    "With one order for all the circle cannot close.",
    ordered=switch(False, "whether both take the locks in the same order"),
    quantum=QUANTUM,
)
def deadlock(ordered: bool, quantum: int) -> Machine:
    """The smallest deadlock, and its cure."""
    one, other = ("first", "second") if ordered else ("second", "first")
    machine = Machine(scheduler=RoundRobin(quantum))
    text = TRANSFER.replace("ONE", one).replace("OTHER", other)
    machine.launch(Program("transfer", text))
    return machine


@scenario(
    "Philosophers at a round table, one fork between neighbours",
    "All take the fork on their left, and wait forever for the one on their right.",
    "If each takes the fork with the lower number first, all of them can eat.",
    seats=number(3, 2, 8, "how many philosophers sit at the table"),
    ordered=switch(False, "whether each takes the fork with the lower number first"),
)
def dining_philosophers(seats: int, ordered: bool) -> Machine:
    """Dijkstra's dinner (1965)."""
    swap = "if left > right:\n        left = right\n        right = i" if ordered else "pass"
    text = DINNER.replace("FORKS", ", ".join(["Lock()"] * seats)).replace("SWAP", swap)
    text = text.replace("SEATS", str(seats))
    machine = Machine(scheduler=RoundRobin(8))
    machine.launch(Program("dinner", text))
    return machine
