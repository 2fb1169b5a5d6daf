"""Questions that tell what locks, conditions, `free` and more threads do from what they do not."""

import pytest

from kit import Machine, Program, RoundRobin, Trace
from kit.explore import explore
from kit.quiz import MISCONCEPTIONS, ask, suggest_questions
from tests.asking import choice, ideas, right

ONE_HAS_THE_LOCK = """
balance = 100
lock = Lock()
def payments():
    global balance
    with lock:
        balance += 10
        work(6)
        balance += 10
def fee():
    global balance
    balance -= 1
def main():
    a = spawn(payments)
    b = spawn(fee)
    join(a)
    join(b)
"""
BOTH_HAVE_IT = ONE_HAS_THE_LOCK.replace("    balance -= 1", "    with lock: balance -= 1")
TOO_EARLY = """
box = Condition()
done = 1
def waiter():
    global done
    with box:
        box.wait()
        done = 3
def main():
    global done
    a = spawn(waiter)
    with box:
        done = 2
        box.notify()
    join(a)
"""
IN_TIME = TOO_EARLY.replace("    a = spawn(waiter)\n", "    a = spawn(waiter)\n    sleep(40)\n")
FREED = """
def main():
    a = alloc(2)
    a[0] = 7
    free(a)
    print(a[0])
    b = alloc(2)
    b[0] = 1
    free(b)
"""
FOUR = """
def worker(n):
    work(n)
def main():
    a = spawn(worker, 20)
    b = spawn(worker, 20)
    c = spawn(worker, 20)
    d = spawn(worker, 20)
    join(a)
    join(b)
    join(c)
    join(d)
"""
IN_TURN = FOUR.replace("def worker", "lock = Lock()\ndef worker").replace(
    "    work(n)", "    with lock: work(n)"
)


def run(text: str, cores: int = 1, quantum: int = 5) -> Trace:
    """Return a run under round robin."""
    machine = Machine(cores=cores, scheduler=RoundRobin(quantum=quantum))
    machine.launch(Program("bank", text))
    return machine.run()


def blocked_at(trace: Trace, tid: int) -> int:
    """Return when a thread blocks first."""
    return next(event.tick for event in trace.happened("block") if event.tid == tid)


# A lock locks the variable


def test_a_lock_does_not_keep_out_a_reader_that_does_not_ask_for_it():
    """It reads what the holder has written so far; what it would get after the release is wrong."""
    question = ask(run(ONE_HAS_THE_LOCK), "value_read", name="balance", at=9)
    assert right(question) == ["110"]
    assert ideas(question) == {"own_data": "100", "lock_locks_variable": "120"}


def test_where_both_ask_for_the_lock_nothing_is_said_of_one_that_does_not():
    """No question that is proposed about that run meets the idea; about the other run some do."""

    def met(text: str) -> set[str]:
        proposed = suggest_questions(run(text), most=20)
        return {name for one in proposed for name in ideas(one.question)}

    assert "lock_locks_variable" in met(ONE_HAS_THE_LOCK)
    assert "lock_locks_variable" not in met(BOTH_HAVE_IT)


def test_a_thread_that_does_not_ask_for_a_lock_is_not_blocked_by_it():
    """It uses the variable while another thread holds the lock, and ends."""
    trace = run(ONE_HAS_THE_LOCK, quantum=12)
    at = next(e.tick for e in trace.happened("dispatch") if e.tid == 3)
    question = ask(trace, "next_state", tid=3, at=at)
    assert right(question) == ["terminated: it has ended"]
    assert choice(question, "blocked").misconception == "lock_locks_variable"


def test_what_one_lock_leaves_possible_is_not_what_two_locks_do():
    """One thread without a lock is another mistake than two threads with two locks."""
    question = ask(explore(Program("bank", ONE_HAS_THE_LOCK)), "possible_values", name="balance")
    assert "119" in right(question)
    assert "lock_locks_variable" in ideas(question)
    assert "lock_per_code" not in ideas(question)
    two = BOTH_HAVE_IT.replace("lock = Lock()", "lock = Lock()\nother = Lock()")
    two = two.replace("with lock: balance", "with other: balance")
    question = ask(explore(Program("bank", two)), "possible_values", name="balance")
    assert "lock_per_code" in ideas(question)
    assert "lock_locks_variable" not in ideas(question)


# A notify is remembered


def test_a_notify_that_comes_too_early_wakes_nobody_later():
    """The thread that comes to wait after it stays blocked."""
    trace = run(TOO_EARLY, quantum=20)
    question = ask(trace, "next_state", tid=2, at=blocked_at(trace, 2))
    assert right(question) == ["it stays blocked until the run ends"]
    assert choice(question, "ready").misconception == "notify_is_remembered"


def test_a_notify_in_time_is_another_matter():
    """A thread that waits already is woken, and no idea about an early one is met."""
    trace = run(IN_TIME, quantum=20)
    question = ask(trace, "next_state", tid=2, at=blocked_at(trace, 2))
    assert right(question) == ["ready: could run, and waits for a core"]
    assert "notify_is_remembered" not in ideas(question)


def test_an_early_notify_leaves_a_value_that_is_not_expected():
    """Only a schedule on which it came too early ends with 2; with `sleep` before it none does."""
    question = ask(explore(Program("box", TOO_EARLY)), "possible_values", name="done")
    assert question.prompt.endswith("when the run is over?")
    assert right(question) == ["2", "3"]
    assert choice(question, "2").misconception == "notify_is_remembered"


def test_a_condition_that_is_tested_first_is_told_of_the_order():
    """Where a woken thread finds nothing left, what is missed is not a notify."""
    text = TOO_EARLY.replace("        box.wait()", "        if done == 1: box.wait()")
    question = ask(explore(Program("box", text)), "possible_values", name="done")
    assert "notify_is_remembered" not in ideas(question)


# free gives memory back to the system


def test_a_freed_block_can_still_be_read():
    """The page is still mapped: a fault is what one expects who thinks that the system has it."""
    trace = run(FREED)
    (first, _) = trace.happened("free")
    question = ask(trace, "faults", at=first.tick)
    assert right(question) == ["Nothing special: the word is read"]
    assert choice(question, "The whole process ends").misconception == "free_gives_back"


def test_a_block_that_is_used_before_it_is_freed_is_nothing_special():
    """No idea about freeing is met where a block is in use, though another was freed before."""
    trace = run(FREED)
    at = [event.tick for event in trace.happened("alloc")][-1]
    question = ask(trace, "faults", at=at, special=False)
    assert "free_gives_back" not in ideas(question)


def test_free_makes_no_system_call():
    """Who thinks that the system takes the block back counts one more for each."""
    trace = run(FREED)
    question = ask(trace, "how_many", of="system calls")
    (answer,) = right(question)
    assert ideas(question)["free_gives_back"] == str(int(answer) + 2)
    without = run(FREED.replace("    free(a)\n", "").replace("    free(b)\n", ""))
    assert "free_gives_back" not in ideas(ask(without, "how_many", of="system calls"))


# More threads are always faster


def test_more_threads_than_cores_are_not_faster():
    """Four times 20 ticks on two cores take more than one time 20."""
    question = ask(run(FOUR, cores=2), "metric", of="turnaround", pid=2)
    expected = int(ideas(question)["more_threads_faster"])
    (answer,) = right(question)
    assert 20 < expected < int(answer)
    assert "share 2 cores" in choice(question, str(expected)).feedback
    assert int(ideas(question)["spawn_waits"]) > 80


def test_threads_that_wait_for_each_other_are_not_faster():
    """Cores enough do not help where all threads need the same lock."""
    question = ask(run(IN_TURN, cores=5), "metric", of="turnaround", pid=2)
    expected = ideas(question)["more_threads_faster"]
    assert "wait for each other" in choice(question, expected).feedback


@pytest.mark.parametrize(("cores", "text"), [(5, FOUR), (1, FOUR)])
def test_where_the_idea_is_right_or_another_one_it_is_not_offered(cores: int, text: str):
    """With a core for each thread it is true; on one core it is the idea of two at once."""
    question = ask(run(text, cores=cores), "metric", of="turnaround", pid=2)
    assert "more_threads_faster" not in ideas(question)
    assert ("two_at_once" in ideas(question)) == (cores == 1)


def test_each_of_these_ideas_has_a_source():
    """What is told instead can be read elsewhere."""
    for name in (
        "more_threads_faster",
        "free_gives_back",
        "lock_locks_variable",
        "notify_is_remembered",
    ):
        assert MISCONCEPTIONS[name].source
