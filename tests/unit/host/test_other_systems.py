"""macOS and Windows: what psutil and the system tell there, and a sentence for the rest."""

import importlib
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from kit import Program, host
from kit.errors import KitError
from kit.host import HostError
from kit.host.looking import watching
from kit.scenarios import lost_update
from tests.unit.host.reading.test_sched import DATA
from tests.unit.host.running.logs import real_run

NAMES = {"darwin": "macOS", "win32": "Windows"}
LINUX_ONLY = (
    *("sched_getscheduler", "sched_getaffinity", "sched_rr_get_interval", "sched_setaffinity"),
    *("posix_fadvise", "memfd_create", "pidfd_open"),
)
POSIX_ONLY = (
    *("geteuid", "getuid", "getpriority", "setpriority", "PRIO_PROCESS", "fork", "killpg"),
    *("sysconf", "setpgid", "setsid", "wait4", "mkfifo", "O_NOFOLLOW", "O_NONBLOCK"),
)
OF_PSUTIL = {
    "darwin": ("cpu_affinity", "cpu_num", "ionice", "io_counters", "memory_maps", "rlimit"),
    "win32": ("cpu_num", "gids", "num_fds", "rlimit", "terminal"),
}
MODULES = {"darwin": (), "win32": ("fcntl", "grp", "pty", "pwd", "resource", "termios")}
"""What the standard library does not have there."""


@pytest.fixture(params=NAMES)
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Take from Python and from psutil what they do not have on another system."""
    platform: str = request.param
    # What psutil needs of this computer to tell anything stays.
    me = psutil.Process().username()
    monkeypatch.setattr(psutil.Process, "username", lambda _self: me)
    counted, kind = psutil.Process.num_ctx_switches, type(psutil.Process().num_ctx_switches())
    monkeypatch.setattr(
        psutil.Process, "num_ctx_switches", lambda process: kind(sum(counted(process)), 0)
    )
    if platform == "win32":
        level = SimpleNamespace(name="NORMAL_PRIORITY_CLASS")
        monkeypatch.setattr(psutil.Process, "nice", lambda _self: level)
    for name in OF_PSUTIL[platform]:
        monkeypatch.delattr(psutil.Process, name, raising=False)
    gone = (*LINUX_ONLY, *(POSIX_ONLY if platform == "win32" else ()))
    for name in gone:
        monkeypatch.delattr(os, name, raising=False)
    for name in ("sigtimedwait", *(("SIGKILL", "SIGCHLD") if platform == "win32" else ())):
        monkeypatch.delattr(signal, name, raising=False)
    for name in MODULES[platform]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr("kit.host.looking.access.PROC", Path("/nowhere"))
    monkeypatch.setattr(sys, "platform", platform)
    return NAMES[platform]


def table(call: Any, *headings: str) -> Any:
    """Return a look at a table that has these headings, and a row."""

    def look(system: str) -> None:
        found = call()
        assert found.headings == headings
        assert found.rows
        assert system in str(found) or not found.notes or "Linux" not in found.notes[0]

    return look


def refused(call: Any, *said: str) -> Any:
    """Return a look at a sentence that says these things, and which system it is about."""

    def look(system: str) -> None:
        with pytest.raises(HostError) as caught:
            call()
        text = str(caught.value)
        assert "\n" not in text
        assert "Linux" in text
        for part in (system, *said):
            assert part in text

    return look


def limits_of(system: str) -> None:
    """Look at limits, which Windows does not have."""
    if system == "Windows":
        refused(host.limits, "limits: Windows has no such limits")(system)
    else:
        assert "RLIMIT_NOFILE" in host.limits().column("limit")


def scheduler_of(system: str) -> None:
    """Look at how a process is scheduled, of which each system tells something else."""
    found = host.scheduler(os.getpid())
    assert found.column("what") == (
        ("priority class", "cores") if system == "Windows" else ("nice",)
    )
    assert found.notes[0].startswith(f"{system} does not tell its policy")


LOOKS = {
    "address_space": refused(
        lambda: host.address_space(os.getppid()), "address_space: ", "KiB of it are in RAM"
    ),
    "fork_and_write": refused(host.fork_and_write, "fork_and_write: "),
    "limits": limits_of,
    "process_tree": table(
        lambda: host.process_tree(os.getpid()), "program", "pid", "parent", "state", "threads"
    ),
    "race": refused(lambda: host.race(lost_update), "race: programs are run for real on Linux"),
    "run": refused(lambda: host.run(lost_update, way="python"), "run: ", "Binder"),
    "scheduler": scheduler_of,
    "switches": refused(host.switches, "together", "tells them apart"),
    "system_calls": refused(lambda: host.system_calls("ls"), "strace and perf"),
    "threads": table(host.threads, "tid", "seconds", "in kernel mode"),
}
"""Function -> what it does where it needs the system."""
ANYWHERE = {"c_text", "look", "read_trace"}
"""Functions that need nothing of the system."""


def test_every_function_is_looked_at():
    """None of them is forgotten here."""
    functions = {name for name in host.__all__ if not isinstance(getattr(host, name), type)}
    assert functions == LOOKS.keys() | ANYWHERE


@pytest.mark.parametrize("name", LOOKS)
def test_it_gives_what_psutil_tells_or_a_sentence(name: str, system: str):
    """No call that the system does not have shows through."""
    LOOKS[name](system)


@pytest.mark.parametrize("name", ["process_tree", "threads", "switches", "scheduler"])
def test_only_your_own_processes_are_looked_at_there(
    name: str, system: str, monkeypatch: pytest.MonkeyPatch
):
    """What is no process, is none any longer, or is another user's, is told as on Linux."""
    look = getattr(host, name)
    with pytest.raises(KitError, match=f"^{name}: pid"):
        look("7")
    with pytest.raises(HostError, match=f"^{name}: there is no process 4194304 here"):
        look(4194304)
    monkeypatch.setattr(
        psutil.Process, "username", lambda each: "ada" if each.pid == os.getpid() else "bob"
    )
    with pytest.raises(HostError, match=f"^{name}: process {os.getppid()} is another user's"):
        look(os.getppid())
    assert system


def test_what_only_an_administrator_is_told_is_said(system: str, monkeypatch: pytest.MonkeyPatch):
    """As macOS does with the threads of all processes but the one that asks."""

    def denied(process: psutil.Process) -> None:
        raise psutil.AccessDenied(process.pid)

    for method in ("threads", "memory_full_info", "memory_info"):
        monkeypatch.setattr(psutil.Process, method, denied)
    with pytest.raises(HostError, match=f"^threads: {system} tells this of process"):
        host.threads(os.getppid())
    with pytest.raises(HostError, match="and of this one not how much it has"):
        host.address_space()


def test_what_needs_no_system_works_everywhere(system: str, tmp_path: Path):
    """C texts, recordings and the files of other programs."""
    assert "int main(" in host.c_text(Program("p", "def main(): print(7)"))
    run = real_run()
    assert str(host.look(lambda: run, tmp_path / "run.json").save().found) == str(run)
    found = host.look(host.fork_and_write, tmp_path / "run.json")
    assert found.recorded
    assert system in found.sentence
    assert host.read_trace(DATA / "ftrace.txt").events


def test_processes_are_watched_there(system: str):
    """Both kinds of context switch are shown as one, and the note says so."""
    seen = watching.Watcher(tree=False).look().samples[os.getpid()]
    assert seen.voluntary
    assert seen.involuntary is None
    assert f"{system} counts both kinds together" in watching.note()


def test_the_python_of_a_page_says_that_it_sees_no_processes(monkeypatch: pytest.MonkeyPatch):
    """And not that something could be installed."""
    monkeypatch.setattr(sys, "platform", "emscripten")
    for look in (host.process_tree, host.threads, host.switches, host.address_space):
        with pytest.raises(HostError, match="the Python of a page sees no processes; on Linux"):
            look()


def test_it_is_imported_without_what_only_linux_has(system: str, monkeypatch: pytest.MonkeyPatch):
    """All of it anew, with modules of the standard library missing."""
    assert system
    monkeypatch.setattr("kit.host", host)  # so that it is put back
    for name in [name for name in sys.modules if name.split(".")[:2] == ["kit", "host"]]:
        monkeypatch.delitem(sys.modules, name)
    anew = importlib.import_module("kit.host")
    assert anew is not host
    assert anew.__all__ == host.__all__
