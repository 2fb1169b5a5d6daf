"""Concurrent programs of growing size, to measure how every schedule is gone through."""

from collections.abc import Iterable

from kit import Program


def _main(calls: Iterable[str]) -> str:
    """Return a main that spawns threads and waits for their ends."""
    listed = list(calls)
    spawns = [f"    t{number} = spawn({call})" for number, call in enumerate(listed)]
    joins = [f"    join(t{number})" for number in range(len(listed))]
    return "\n".join(["def main():", *spawns, *joins])


def counter(threads: int, rounds: int) -> Program:
    """Return threads that each read and write one variable so many times."""
    spawns = "\n".join("    spawn(worker)" for _ in range(threads))
    text = f"""
count = 0
def worker():
    global count
    for i in range({rounds}):
        count += 1
def main():
{spawns}
    thread_exit()
"""
    return Program("counter", text)


def buffer(threads: int) -> Program:
    """Return so many producers of one item each, and as many consumers, of a buffer of two."""
    text = """
slots = [0, 0]
put_at = 0
get_at = 0
seen = [0] * THREADS
mutex = Semaphore(1)
empty = Semaphore(2)
full = Semaphore(0)

def producer(item):
    global put_at
    empty.acquire()
    mutex.acquire()
    slots[put_at] = item
    put_at = (put_at + 1) % 2
    mutex.release()
    full.release()

def consumer():
    global get_at
    full.acquire()
    mutex.acquire()
    item = slots[get_at]
    get_at = (get_at + 1) % 2
    seen[item] += 1
    mutex.release()
    empty.release()

"""
    calls = [*(f"producer, {item}" for item in range(threads)), *["consumer"] * threads]
    return Program("buffer", text.replace("THREADS", str(threads)) + _main(calls))


def philosophers(number: int) -> Program:
    """Return so many philosophers who take the lower fork first."""
    forks = ", ".join(["Lock()"] * number)
    text = f"""
forks = [{forks}]

def philosopher(me):
    low = me
    high = (me + 1) % {number}
    if high < low:
        low = high
        high = me
    forks[low].acquire()
    forks[high].acquire()
    forks[high].release()
    forks[low].release()

"""
    return Program("philosophers", text + _main(f"philosopher, {n}" for n in range(number)))


def tickets(threads: int) -> Program:
    """Return threads that take a ticket each and wait until it is served."""
    text = """
ticket = 0
serving = 0
inside = 0

def side():
    global serving
    mine = fetch_and_add(address(ticket), 1)
    while serving != mine:
        pass
    assert fetch_and_add(address(inside), 1) == 0, "two inside"
    fetch_and_add(address(inside), -1)
    serving += 1

"""
    return Program("tickets", text + _main(["side"] * threads))


def fibonacci(rounds: int) -> Program:
    """Return two threads that add each other's number (fib_bench of SCTBench)."""
    text = f"""
i = 1
j = 1

def first():
    global i
    for k in range({rounds}):
        i += j

def second():
    global j
    for k in range({rounds}):
        j += i

"""
    return Program("fibonacci", text + _main(["first", "second"]))


PROBLEMS = {
    "bounded buffer, 2 producers, 2 consumers": buffer(2),
    "bounded buffer, 3 producers, 3 consumers": buffer(3),
    "philosophers, 5": philosophers(5),
    "philosophers, 6": philosophers(6),
    "ticket lock, 4 threads": tickets(4),
    "counter without a lock, 2 threads, 12 rounds": counter(2, 12),
    "fib_bench, 5 rounds": fibonacci(5),
}
"""What is measured."""
