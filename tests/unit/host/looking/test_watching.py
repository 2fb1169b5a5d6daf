"""Watching real processes: what is seen of them, and what it becomes."""

import os
import subprocess
import sys

import psutil
import pytest

from kit import KitError
from kit.host import HostError
from kit.host.looking.watching import HEADINGS, HostWatch, Look, Sample, Watcher
from kit.trace.real import RealTrace, trace_of

SAMPLE = Sample("python", 1, 0, "running", 93.4, 25 << 20, 2, 10, 3)


def test_this_process_is_seen():
    """Its name, parent, RAM, threads and switches; its share of a core from the second look on."""
    watcher = Watcher(tree=False)
    first, second = watcher.look(), watcher.look()
    assert [*first.samples] == [os.getpid()]
    sample = second.samples[os.getpid()]
    assert sample.parent == os.getppid()
    assert first.samples[os.getpid()].share is None
    assert sample.share is not None
    assert sample.share >= 0
    assert sample.resident is not None
    assert sample.resident > 1 << 20
    assert (sample.threads or 0) >= 1
    assert (sample.voluntary or 0) + (sample.involuntary or 0) > 0
    assert second.seconds > first.seconds


@pytest.mark.notebook
def test_children_are_seen_until_they_end():
    """A child is below its parent, and gone when it has been waited for."""
    command = [sys.executable, "-c", "input()"]
    watcher = Watcher()
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        seen = watcher.look().samples
        assert seen[child.pid].parent == os.getpid()
        assert (seen[os.getpid()].depth, seen[child.pid].depth) == (0, 1)
        assert next(iter(seen)) == os.getpid()
        alone = Watcher(child.pid, tree=False)
        assert [*alone.look().samples] == [child.pid]
        child.communicate(b"\n")
    assert child.pid not in watcher.look().samples
    gone = alone.look()
    assert gone.samples == {}
    assert "none of the processes is there any longer" in gone.sentence


MAKES = (
    "import subprocess, sys\n"
    "made = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)\n"
    "print(made.pid, flush=True)\n"
    "input()\n"
    "made.communicate()\n"
)


@pytest.mark.notebook
def test_a_grandchild_is_below_its_parent(monkeypatch):
    """It is not below a later child; where there are too many, those made last are left out."""
    watcher = Watcher()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", MAKES], **pipes) as first:
        assert first.stdout is not None
        third = int(first.stdout.readline())
        with subprocess.Popen([sys.executable, "-c", "input()"], **pipes) as second:
            seen = watcher.look().samples
            order = [pid for pid in seen if pid in (first.pid, second.pid, third)]
            assert order.index(third) == order.index(first.pid) + 1
            assert [seen[pid].depth for pid in (first.pid, third, second.pid)] == [1, 2, 1]
            monkeypatch.setattr("kit.host.looking.watching.MOST_PROCESSES", len(seen) - 1)
            few = watcher.look()
            assert few.left_out == 1
            assert {*seen} - {*few.samples} == {second.pid}
            second.communicate("\n")
        first.communicate("\n")


def test_whom_it_does_not_look_at():
    """No process, another user's and what is no pid are told in a sentence."""
    with pytest.raises(HostError, match="there is no process 4194304 here"):
        Watcher(1 << 22)
    with pytest.raises(KitError, match="pid"):
        Watcher(0)
    mine = psutil.Process().username()
    others = (p.pid for p in psutil.process_iter(["username"]) if p.info["username"] != mine)
    for pid in others:
        with pytest.raises(HostError, match=r"is another user's|there is no process"):
            Watcher(pid)


def test_the_sentence_names_who_uses_most():
    """Or says that all of them wait."""
    idle = SAMPLE._replace(share=0.2)
    assert Look(1.25, {7: idle, 8: SAMPLE}).sentence == (
        "After 1.2 s: python (pid 8) uses most, 93 % of a core."
    )
    assert Look(0.0, {7: idle}).sentence == "After 0.0 s: no process uses a core; all of them wait."


def test_what_the_system_does_not_tell_stays_open():
    """A cell is empty then, as it is for a share at the first look."""
    nothing = Sample("a", 1, 0, "running", None, None, None, None, None)
    assert nothing.cells() == ("1", "running", "", "", "", "", "")
    assert SAMPLE.cells() == ("1", "running", "93 %", "25.0", "2", "10", "3")


def test_it_becomes_a_run_with_a_tick_for_each_look():
    """Its ticks have sentences, and what is told of the clock is when the next look comes."""
    looks = [Look(0.5 * number, {7: SAMPLE}) for number in range(4)]
    watch = HostWatch(looks, 0.5)
    trace = trace_of(watch)
    assert isinstance(trace, RealTrace)
    assert trace.end == 3
    assert trace.clock == "Real processes: a tick is the next look at them, 500 ms later."
    assert trace.narrate(2) == "After 1.0 s: python (pid 7) uses most, 93 % of a core."
    assert trace.seen.headings == HEADINGS
    assert repr(watch) == "<HostWatch: 4 looks in 1.5 s>"
    assert HostWatch().trace.narrate(0) == "Nothing was seen."
