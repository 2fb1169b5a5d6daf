"""Locks for readers and writers: many read or one writes, in the order in which they come."""

import pytest

from kit import LanguageError, Machine, Program, RoundRobin
from kit.explore import Spec, check_program
from tests.running import ended, fault, run

TABLE = """
table = RWLock()
tables = [RWLock() for _ in range(2)]
value = 0
seen = 0
gate = Barrier(3)

def reader(n):
    global seen
    with table.reading():
        work(n)
        seen = value

def writer(lock, n):
    global value
    with lock.writing():
        before = value
        work(n)
        value = before + 1

def main():
    a = spawn(reader, 30)
    b = spawn(reader, 20)
    c = spawn(writer, table, 9)
    d = spawn(writer, lock=table, n=9)
    e = spawn(reader, 5)
    join(a)
    join(b)
    join(c)
    join(d)
    join(e)
    print(value, seen)
"""


def words(trace, tick: int) -> tuple[int, int]:
    """Who writes, and how many read, as memory says."""
    (lock,) = [one for one in trace.at(tick).rwlocks if one.name == "table"]
    readers = sum(count for _, count in lock.taken)
    assert lock.word == (lock.holder[1] if lock.holder else 0)
    return lock.word, readers


@pytest.mark.parametrize("cores", [1, 4])
@pytest.mark.parametrize("quantum", [1, 3, 50])
def test_many_read_or_one_writes(cores: int, quantum: int):
    """At no tick is there a writer and anybody else; no update is lost."""
    machine = Machine(cores=cores, scheduler=RoundRobin(quantum))
    machine.launch(Program("p", TABLE))
    trace = machine.run()
    assert ended(trace).globals["value"] == 2
    states = [words(trace, tick) for tick in range(8, trace.end) if trace.at(tick).rwlocks]
    assert all(not (writer and readers) for writer, readers in states)
    assert max(readers for _, readers in states) == (1 if (cores, quantum) == (1, 50) else 2)
    assert any(writer for writer, _ in states)


def test_a_reader_does_not_overtake_a_writer_who_waits():
    """The queue is one: the last reader comes after both writers, and sees what they wrote."""
    trace = run(TABLE, scheduler=RoundRobin(2))
    assert ended(trace).output == "2 2\n"
    order = [
        event.kind for event in trace.events if event.kind in ("acquire_read", "acquire_write")
    ]
    assert order == ["acquire_read"] * 2 + ["acquire_write"] * 2 + ["acquire_read"]


def test_who_waits_and_why_is_seen_and_told():
    """A moment has the queue, the narration says who reads, writes and waits."""
    trace = run(TABLE, scheduler=RoundRobin(2))
    told = " ".join(trace.narrate(tick) for tick in range(trace.end + 1))
    for words_of_it in (
        "acquires the lock “table” for reading. 2 threads now hold it for reading.",
        "blocks: it waits to write under the lock “table”.",
        "blocks: it waits to read under the lock “table”.",
        "acquires the lock “table” for writing, alone.",
        "stops reading and releases the lock “table”. It has no reader left.",
        "stops writing and releases the lock “table”.",
    ):
        assert words_of_it in told
    waiting = [len(trace.at(tick).rwlocks[0].waiting) for tick in range(20, trace.end)]
    assert max(waiting) == 3


def test_all_schedules_of_readers_and_writers_are_right():
    """No race, no deadlock, no lost update, and readers see whole updates only."""
    text = """
table = RWLock()
left = 0
right = 0
torn = 0
def reader():
    global torn
    table.acquire_read()
    if left != right:
        torn = 1
    table.release_read()
def writer():
    global left, right
    table.acquire_write()
    left += 1
    right += 1
    table.release_write()
def main():
    a = spawn(reader)
    b = spawn(writer)
    c = spawn(writer)
    join(a)
    join(b)
    join(c)
"""
    spec = Spec(globals={"left": 2, "right": 2, "torn": 0})
    assert check_program(Program("p", text), spec)
    loose = text.replace("    table.acquire_read()\n", "").replace("    table.release_read()\n", "")
    kinds = [breach.kind for breach in check_program(Program("p", loose), spec).breaches]
    assert "race" in kinds
    assert "globals" in kinds


@pytest.mark.parametrize(
    "body",
    [
        # a reader that wants to write waits for itself
        "table.acquire_read()\n    table.acquire_write()",
        # two locks, taken in different orders
        "spawn(other)\n    tables[0].acquire_write()\n    sleep(9)\n    tables[1].acquire_read()",
        # a second hold of a reader waits behind a writer, who waits for the first
        "t = spawn(writer)\n    table.acquire_read()\n    sleep(30)\n    table.acquire_read()",
    ],
)
def test_deadlocks_are_found(body: str):
    """Writers, readers and the queue all count as somebody who is waited for."""
    text = f"""
table = RWLock()
tables = [RWLock() for _ in range(2)]
def other():
    tables[1].acquire_write()
    sleep(20)
    tables[0].acquire_read()
def writer():
    sleep(5)
    table.acquire_write()
def main():
    {body}
"""
    trace = run(text)
    assert trace.happened("deadlock")
    assert check_program(Program("p", text), Spec()).breaches[0].kind == "deadlock"


@pytest.mark.parametrize("way", ["read", "write"])
def test_giving_back_what_nobody_has_is_a_fault(way: str):
    """It says whether no thread reads or none writes."""
    trace = run(f"table = RWLock()\ndef main(): table.release_{way}()\n")
    kind, message = fault(trace)
    assert kind == "invalid release"
    assert f"which no thread {way}s under" in message


REFUSED = {
    "    with table: pass\n": "an RWLock is held in two ways; write 'with table.reading():' or",
    "    with table.read(): pass\n": "or the reading() or writing() of an RWLock; write",
    "    with table.reading: pass\n": "'with' takes a Lock, Semaphore or Condition; write",
    "    with table.reading(1): pass\n": "or the reading() or writing() of an RWLock; write",
    "    with lock.reading(): pass\n": "or the reading() or writing() of an RWLock; write",
    "    table.acquire()\n": "an RWLock has no 'acquire'; did you mean 'acquire_read'?",
    "    table.reading()\n": "an RWLock has no 'reading'; ",
    "    x = table.acquire_read()\n": "acquire_read has no result here; call it on a line",
    "    table.acquire_read(1)\n": "acquire_read takes no arguments here; write acquire_read()",
    "    acquire_read(table)\n": "'acquire_read' is not defined; ",
    "    print(table)\n": "'table' is an RWLock, not a number; call one of its methods (acq",
    "    t = RWLock()\n": "an RWLock is made at module level; write lock = RWLock(…) above",
}


@pytest.mark.parametrize("body", REFUSED)
def test_wrong_use_is_refused_with_the_remedy(body: str):
    """A slip is answered in its line, with what to write instead."""
    with pytest.raises(LanguageError) as caught:
        Program("p", f"table = RWLock()\nlock = Lock()\ndef main():\n{body}")
    assert REFUSED[body] in str(caught.value)
    assert caught.value.line == 4
