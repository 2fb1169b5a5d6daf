"""Real processes, their threads and how they are scheduled, as this system tells it."""

import os
import subprocess
import sys
import threading

import pytest

from kit import ArgumentError
from kit.host import HostError, limits, process_tree, scheduler, switches, threads
from kit.host.looking.tables import HostTable, plain


def test_the_tree_has_this_process_below_its_parent():
    """Your own processes are listed, each after its parent, and deeper."""
    tree = process_tree()
    pids, names = tree.column("pid"), tree.column("program")
    own, parent = pids.index(os.getpid()), pids.index(os.getppid())
    assert own > parent
    deep = [len(str(names[i])) - len(str(names[i]).lstrip()) for i in (parent, own)]
    assert deep[1] == deep[0] + 2
    assert process_tree(os.getpid()).column("pid")[0] == os.getpid()


def test_threads_are_told_one_by_one():
    """A thread that waits has slept of its own will, and has used hardly any time."""
    done = threading.Event()
    waits = threading.Thread(target=done.wait)
    waits.start()
    try:
        found = threads()
        assert waits.native_id in found.column("tid")
        place = found.column("tid").index(waits.native_id)
        assert int(found.column("voluntary")[place]) >= 0
        assert str(found.column("state")[place]) in "RSD"
    finally:
        done.set()
        waits.join()
    first, second = switches().rows[0]
    assert (first, second) >= (0, 0)
    assert first + second > 0


def test_how_it_is_scheduled_is_told():
    """Policy, nice value and the cores that it may use."""
    rows = {row[0]: row[1] for row in scheduler().rows}
    assert rows["policy"].startswith("SCHED_")
    assert rows["nice"] == str(os.getpriority(os.PRIO_PROCESS, 0))
    assert rows["cores"].split(", ")[0].isdigit()


def test_limits_are_told_with_what_they_limit():
    """Each has the value that counts now, and how far a process may raise it."""
    found = limits()
    assert "RLIMIT_NOFILE" in found.column("limit")
    assert all(found.column("of"))


@pytest.mark.notebook
def test_a_thread_may_have_any_name():
    """What else ends a line in Python may be in a name, too."""
    code = (
        "import ctypes, sys\n"
        "ctypes.CDLL(None).prctl(15, b'a\\x0cb\\xc2\\x85c\\nd\\x1be', 0, 0, 0)\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe) as program:
        assert program.stdout is not None
        program.stdout.readline()
        found = threads(program.pid)
        assert found.column("name") == ("a\x0cb\x85c\nd\x1be",)
        assert len(str(found).splitlines()) == 3
        assert sum(switches(program.pid).rows[0]) > 0
        program.communicate()


@pytest.mark.parametrize("look", [process_tree, threads, switches, scheduler])
def test_each_says_what_was_called(look):
    """A process that is not there is told by the function that was asked for it."""
    with pytest.raises(HostError, match=f"^{look.__name__}: there is no process 4194304 here"):
        look(4194304)


def test_a_column_that_is_not_there_is_told():
    """The heading that may have been meant is named."""
    with pytest.raises(ArgumentError, match="there is no 'pids'; did you mean 'pid'"):
        process_tree().column("pids")


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch):
    """A kernel without psutil gives a sentence."""
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(HostError, match="psutil is not installed here; pip install psutil"):
        process_tree()


def test_names_do_nothing_but_be_read():
    """The name of a process may be anything; what is not printable is not printed."""
    assert plain("a\x1b[2Jb\nc") == "a?[2Jb?c"
    table = HostTable(("program", "pid"), (("\x07bell", 7), ("x", 12)), ("A note.",))
    assert str(table) == "program  pid\n?bell      7\nx         12\nA note."
