"""Mailboxes and calls between processes: room, order, and partners that end."""

from kit import Kill, RoundRobin
from kit.sim.calls.messages import CAPACITY
from tests.running import launch, run, told

FLOOD = """
def main():
    for i in range({count}):
        send(3, i)
    print("sent")
"""
DRAIN = """
def main():
    sleep(2000)
    for i in range({count}):
        print(recv())
"""
ASKS = """
def main():
    print("got", call(3, 7))
"""


def test_a_sender_waits_while_the_mailbox_is_full():
    """What does not fit waits outside, and comes in in the order in which it was sent."""
    count = CAPACITY + 3
    trace = run(FLOOD.format(count=count), DRAIN.format(count=count))
    blocked = trace.happened("block", pid=2)[0]
    assert len(trace.happened("send", until=blocked.tick)) == CAPACITY
    assert "waits for room in the mailbox of process 3" in trace.narrate(blocked.tick)
    assert trace.output(3).split() == [str(number) for number in range(count)]
    assert trace.output(2) == "sent\n"
    first_out = told(trace, "receive", 3)[0][0]
    assert told(trace, "wake", 2)[0][0] == first_out


def test_a_caller_whose_server_ends_gets_minus_one():
    """A server that has taken a call and ends without a reply leaves nobody waiting."""
    server = "def main():\n    x = serve()\n    exit(3)\n"
    trace = run(ASKS, server)
    assert trace.output(2) == "got -1\n"
    assert not trace.at(trace.end).blocked


def test_a_thread_that_ends_answers_nobody_else():
    """Only the thread that has taken the call can reply; its end is the caller's answer."""
    server = (
        "def hand(n):\n    x = serve()\n    thread_exit()\n"
        "def main():\n    t = spawn(hand, 0)\n    join(t)\n    reply(9)\n    print('on')\n"
    )
    trace = run(ASKS, server)
    assert (trace.output(2), trace.output(3)) == ("got -1\n", "on\n")


def test_a_reply_to_who_has_gone_says_so_and_goes_on():
    """A caller that was killed is no longer waited for by anybody."""
    server = "def main():\n    x = serve()\n    work(40)\n    reply(1)\n    print('on')\n"
    machine = launch(ASKS, server, scheduler=RoundRobin(5))
    machine.run(until=30)
    machine.intervene(Kill(2))
    trace = machine.run()
    assert trace.output(3) == "on\n"
    tick = told(trace, "refuse", 3)[0][0]
    assert "no process waits for an answer" in trace.narrate(tick)


def test_the_latest_call_is_answered_first():
    """A server that takes a second call before it replies answers that one."""
    server = "def main():\n    a = serve()\n    b = serve()\n    reply(b)\n    reply(a)\n"
    first, second = (
        "def main(): print(call(4, 1))",
        "def main():\n    work(9)\n    print(call(4, 2))",
    )
    trace = run(first, second, server, scheduler=RoundRobin(4))
    assert [trace.output(pid) for pid in (2, 3)] == ["1\n", "2\n"]
    assert [event.details["caller_pid"] for event in trace.happened("reply")] == [3, 2]
