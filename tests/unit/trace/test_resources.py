"""What a moment tells of files, locks, pipes, messages and devices, beside what the machine was."""

import pytest

from kit import Machine, Program
from kit.scenarios import SCENARIOS
from kit.sim.events import EVENTS
from kit.trace import Moment, Trace
from kit.trace.state.reducer import Reducer
from tests.unit.trace.test_record import check

TALK = """
lock = Lock()
def server():
    x = serve()
    work(6)
    reply(x + 1)
def main():
    f = pipe()
    p = shared("board", 2)
    if fork() == 0:
        acquire(p)
        down(p + 8)
        write(f + 1, 7)
        write(f + 1, 8)
        work(9)
        up(p + 8)
        release(p)
        x = call(2, 4)
        exit(0)
    work(3)
    up(p + 8)
    x = read(f)
    acquire(p)
    release(p)
    server()
    print(x, wait())
"""


def tell(**settings) -> Trace:
    """Return a run of two processes that use shared memory, a pipe and a call."""
    machine = Machine(**settings)
    machine.launch(Program("talk", TALK))
    return machine.run()


@pytest.mark.parametrize("cores", [1, 2])
def test_shared_locks_pipes_and_calls(cores):
    """Whoever speaks of a lock in shared memory, of a pipe or of a call: all tell the same."""
    machine = Machine(cores=cores)
    machine.launch(Program("talk", TALK))
    trace = tell(cores=cores)
    seen = set[str]()
    for tick in range(trace.end + 1):
        machine.run(until=tick)
        moment = trace.at(tick)
        check(machine._computer, moment)
        seen |= {f"{one.kind} {one.area}" for one in (*moment.locks, *moment.semaphores)}
        seen |= {"words" for pipe in moment.pipes.values() if pipe.words}
        seen |= {"served"} if moment.served else set()
    assert {"Lock board", "Semaphore board", "words", "served", "Lock "} <= seen


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios(name):
    """At some ticks of each scenario the moment is what the machine was."""
    machine, trace = SCENARIOS[name].machine(), SCENARIOS[name]()
    for tick in range(0, trace.end + 1, max(1, trace.end // 10)):
        machine.run(until=tick)
        check(machine._computer, trace.at(tick))


def at_last(text: str) -> Moment:
    """Return the last moment of a run."""
    machine = Machine()
    machine.launch(Program("last", text))
    trace = machine.run()
    return trace.at(trace.end)


def test_a_lock_that_was_left_held():
    """Its holder is the thread that has ended, and who waits for it waits for ever."""
    text = """
m = Lock()
def take(): m.acquire()
def main():
    join(spawn(take))
    m.acquire()
"""
    (lock,) = at_last(text).locks
    assert (lock.name, lock.pid, lock.word) == ("m", 2, 2)
    assert (lock.holder, lock.waiting) == ((2, 2), ((2, 1),))


def test_objects_of_an_array_have_names():
    """Each element is an object of its own, also one that nobody has used."""
    text = """
forks = [Lock(), Lock(), Lock()]
ready = Semaphore(4)
def main():
    forks[1].acquire()
    ready.acquire()
    sleep(900)
"""
    machine = Machine()
    machine.launch(Program("array", text))
    moment = machine.run(until=40).at(40)
    assert [(one.name, one.holder) for one in moment.locks] == [
        ("forks[0]", None),
        ("forks[1]", (2, 1)),
        ("forks[2]", None),
    ]
    assert [(one.word, one.taken) for one in moment.semaphores] == [(3, (((2, 1), 1),))]


def test_nothing_is_left_of_a_process_that_has_ended():
    """Its locks, open files and mailbox are gone with it."""
    text = 'm = Lock()\ndef main():\n    m.acquire()\n    f = open("log", "w")\n    write(f, 5)'
    moment = at_last(text)
    assert not moment.locks
    assert not moment.mailboxes
    assert not moment.processes[2].open_files
    assert moment.files == {"log": (5,)}


def test_a_reducer_follows_kinds_that_exist():
    """A method for a kind of event that there is not is an error when it is written."""
    with pytest.raises(AssertionError, match="_on_dispach"):
        type("Typo", (Reducer,), {"_on_dispach": None})
    assert "dispatch" in EVENTS
