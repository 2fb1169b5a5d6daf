"""What passes between threads: new ones, words on their way, kills."""

from kit import RoundRobin, Trace
from kit.trace.passing import Arrow, find_arrows
from tests.running import run, told

FAMILY = """
def worker(n):
    work(n)
def main():
    t = spawn(worker, 30)
    p = fork()
    if p == 0:
        sleep(500)
    work(20)
    kill(p)
    join(t)
"""
TALK = """
def main():
    f = pipe()
    if fork() == 0:
        write(f + 1, 7)
        write(f + 1, 8)
        send(getppid, 5)
        print(call(2, 3))
        exit(0)
    a = read(f)
    b = read(f)
    m = recv()
    x = serve()
    reply(x + 1)
    wait()
"""


def arrows(trace: Trace, kind: str) -> list[Arrow]:
    """The arrows of a kind, in the order in which they arrive."""
    return [arrow for arrow in find_arrows(trace.history) if arrow.kind == kind]


def test_threads_and_processes_are_born_of_who_made_them():
    """Spawn and fork lead from the thread that called to the new one, at one tick."""
    trace = run(FAMILY, scheduler=RoundRobin(5))
    births = [(one.source, one.target, one.told) for one in arrows(trace, "birth")]
    assert births == [((2, 1), (2, 2), "spawns"), ((2, 1), (3, 1), "forks")]
    assert all(one.sent == one.came for one in arrows(trace, "birth"))


def test_a_kill_leads_to_a_thread_that_was_alive():
    """It comes from the thread that called kill, at the tick at which the other process ends."""
    trace = run(FAMILY, scheduler=RoundRobin(5))
    (one,) = arrows(trace, "kill")
    assert (one.source, one.target, one.told) == ((2, 1), (3, 1), "kills")
    assert one.came == told(trace, "exit", 3)[0][0]


def test_killing_who_has_ended_leads_nowhere():
    """A process that is no more gets no arrow, though the call was made."""
    trace = run(
        "def main():\n    p = fork()\n    if p == 0:\n        exit(0)\n    wait()\n    kill(p)\n"
    )
    assert arrows(trace, "kill") == []


def test_words_leave_when_they_are_sent_and_come_when_they_are_taken():
    """Of a pipe, a mailbox and a call, the word that has been under way longest comes first."""
    trace = run(TALK.replace("getppid", "2"), scheduler=RoundRobin(3))
    child, parent = (3, 1), (2, 1)
    assert [(one.source, one.target, one.text) for one in arrows(trace, "message")] == [
        (child, parent, "pipe 7"),
        (child, parent, "pipe 8"),
        (child, parent, "send 5"),
        (child, parent, "call 3"),
        (parent, child, "reply 4"),
    ]
    for one in arrows(trace, "message"):
        assert one.sent <= one.came
        assert one.came in (trace.end, *(event.tick for event in trace.events))
    assert [one.told for one in arrows(trace, "message")] == [
        "pipes 7 to",
        "pipes 8 to",
        "sends 5 to",
        "calls, with 3,",
        "replies 4 to",
    ]


def test_what_a_thread_sends_to_itself_is_no_arrow():
    """An arrow has two ends."""
    trace = run("def main():\n    send(2, 9)\n    print(recv())\n")
    assert trace.output(2) == "9\n"
    assert arrows(trace, "message") == []
