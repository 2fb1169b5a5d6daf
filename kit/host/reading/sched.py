"""Reading what Linux prints of its scheduler: perf sched script, trace-cmd report, ftrace.

Sources: include/trace/events/sched.h and task.h of Linux (what each event prints),
Documentation/trace/ftrace.rst (the columns of a line), and the plugins sched_switch and
sched_wakeup of libtraceevent (the short form that trace-cmd and perf print).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from kit.host.errors import HostError
from kit.host.reading.recording import Recording, Span, Task, plain_name

# A command may have spaces and look like all else. Quantifiers with + at the end give nothing back,
# so that a line that is none, such as one of spaces only, is known as such at once.
_FTRACE = re.compile(
    r"\s*+.*?-(?P<tid>\d+)\s+(?:\(\s*(?P<tgid>\d+|-+)\)\s+)?\[(?P<cpu>\d+)\]\s+"
    r"(?:[^\s:]{2,8}\s+)?(?P<time>\d+\.\d+):\s+(?P<event>[\w:]+):\s*(?P<rest>.*)"
)
_PERF = re.compile(
    r"\s*+(?:\S(?:.*?\S)??\s++)??(?:(?P<tgid>\d+)/)?(?P<tid>\d+)\s+\[(?P<cpu>\d+)\]\s+"
    r"(?P<time>\d+\.\d+):\s+(?P<event>[\w:]+):\s*(?P<rest>.*)"
)
_SWITCH = (
    re.compile(
        r"prev_comm=(?P<prev_comm>.*) prev_pid=(?P<prev>\d+) prev_prio=-?\d+ "
        r"prev_state=(?P<state>\S+) ==> next_comm=(?P<next_comm>.*) next_pid=(?P<next>\d+)\b.*"
    ),
    re.compile(
        r"(?P<prev_comm>.*):(?P<prev>\d+) \[-?\d+\] (?P<state>\S+) ==> "
        r"(?P<next_comm>.*):(?P<next>\d+) \[-?\d+\].*"
    ),
)
_WAKEUP = (
    re.compile(r"comm=(?P<comm>.*) pid=(?P<pid>\d+) prio=.*"),
    re.compile(r"(?P<comm>.*):(?P<pid>\d+) \[-?\d+\].*"),
)
_FORK = (
    re.compile(
        r"(?:parent_)?comm=(?P<comm>.*) (?:parent_)?pid=(?P<pid>\d+) "
        r"child_comm=(?P<child_comm>.*) child_pid=(?P<child>\d+)\b.*"
    ),
)
_NEW_TASK = (
    re.compile(r"pid=(?P<pid>\d+) comm=(?P<comm>.*) clone_flags=(?P<flags>[0-9a-f]+)\b.*"),
)
_EXEC = (re.compile(r"filename=(?P<file>.*) pid=(?P<pid>\d+) old_pid=(?P<old>\d+).*"),)
_EXIT = (re.compile(r"comm=(?P<comm>.*) pid=(?P<pid>\d+) prio=.*"),)
_HEADINGS = re.compile(
    r"#|\s*$|version = |cpus ?=|CPU ?\d+ is empty|CPU:\d+ \[|CPU:\s*\d+|\[.*\]$|trace-cmd: |\.\.\."
)
CLONE_THREAD = 0x10000
"""In clone_flags: a thread of the same process, not a new process (include/uapi/linux/sched.h)."""
LATEST = 10**10
"""Seconds."""
LONGEST = 2000
"""Characters of a line; those of the kernel have some hundreds at most."""


class _Line(NamedTuple):
    """A line: its number, when and on which core it was, whose it is, and what it tells."""

    number: int
    time: int
    cpu: int
    tid: int
    event: str
    rest: str


def read_sched(text: str, label: str) -> Recording:
    """Return what such a text says of threads.

    Parameters
    ----------
    text : str
    label : str
        Of the file, for errors.

    Raises
    ------
    HostError
    """
    return _Reader(label).read(text)


class _Reader:
    """Reads the lines one after the other.

    Parameters
    ----------
    label : str
    """

    def __init__(self, label: str) -> None:
        self.label, self.recording = label, Recording(label)
        self.tasks: dict[int, Task] = {}
        self.groups: dict[int, int] = {}
        """Thread -> its process, where a line says so."""
        self.again: dict[int, tuple[int, int]] = {}
        """Pid -> what tells its process now from those that had the pid before."""
        self.states: dict[int, tuple[str, int, int]] = {}
        """State, since when, core."""
        self.dying: set[int] = set()
        self._since: dict[int, int] = {}
        """Core -> when it went to another thread last."""
        self.start = self.now = 0
        self.switches = 0

    def read(self, text: str) -> Recording:
        """Return what the whole text says."""
        lines = [line for each in enumerate(text.split("\n"), 1) if (line := self._line(*each))]
        if not lines:
            self._refuse_kind()
        self.start = min(line.time for line in lines)
        ways: dict[str, Callable[[_Line], None]] = {
            "sched_switch": self._switch,
            "sched_wakeup": self._wakeup,
            "sched_wakeup_new": self._wakeup,
            "sched_process_fork": self._fork,
            "task_newtask": self._new_task,
            "sched_process_exec": self._exec,
            "sched_process_exit": self._exit,
        }
        for line in sorted(lines, key=lambda one: one.time):
            self.now = line.time - self.start
            if line.event in ways:
                ways[line.event](line)
        if not self.switches:
            self._refuse_kind()
        return self._finished()

    # Lines

    def _refuse_kind(self) -> NoReturn:
        raise HostError(
            f"{self.label}: there is no line with sched_switch in it; give what perf sched script "
            "or trace-cmd report prints, or JSON of Perfetto or Chrome"
        )

    def _line(self, number: int, text: str) -> _Line | None:
        text = text.rstrip("\r")
        short = len(text) <= LONGEST
        found = (_FTRACE.fullmatch(text) or _PERF.fullmatch(text)) if short else None
        if found is None:
            if _HEADINGS.match(text):
                return None
            raise HostError(
                f"{self.label}: line {number}: {plain_name(text, '')[:40]!r} is no line of a "
                "trace such as 'bash-75 [000] 12.345678: sched_switch: …'; is the file cut off?"
            )
        seconds, fraction = found["time"].split(".")
        if int(seconds) > LATEST or int(found["cpu"]) > 1 << 16:
            raise HostError(f"{self.label}: line {number}: no computer has this time or core")
        tid = int(found["tid"])
        if found["tgid"] and found["tgid"].isdecimal():
            self.groups[tid] = int(found["tgid"])
        time = int(seconds) * 10**9 + int(fraction[:9].ljust(9, "0"))
        event = found["event"].rpartition(":")[2]
        return _Line(number, time, int(found["cpu"]), tid, event, found["rest"].strip())

    def _parts(self, line: _Line, forms: tuple[re.Pattern[str], ...]) -> re.Match[str]:
        for form in forms:
            found = form.fullmatch(line.rest)
            if found is not None:
                return found
        raise HostError(
            f"{self.label}: line {line.number}: {plain_name(line.rest, '')[:40]!r} is not what "
            f"{line.event} prints; is the file cut off?"
        )

    # Threads

    def _task(self, tid: int, comm: str) -> Task:
        task = self.tasks.get(tid)
        if task is None:
            pid = self.groups.get(tid, tid)
            process = self.again.get(pid, pid)
            task = self.tasks[tid] = Task(process, tid, plain_name(comm, str(tid)))
            self.recording.tasks.append(task)
            group = self.recording.groups[process]
            if not group.name or self._is_first(tid):
                group.name = task.name
        return task

    def _is_first(self, tid: int) -> bool:
        """Tell whether it is the thread with which its process began."""
        return self.groups.get(tid, tid) == tid

    def _to(self, tid: int, comm: str, state: str, core: int = -1) -> None:
        """Put a thread into a state, unless it is in it."""
        if tid == 0:
            return  # what a core runs that has nothing to do
        self._task(tid, comm)
        before = self.states.get(tid)
        if before is not None and before[0] == state and before[2] == core:
            return
        self._close(tid)
        self.states[tid] = state, self.now, core

    def _close(self, tid: int) -> None:
        state, since, core = self.states.pop(tid, ("", 0, -1))
        if state and since < self.now:
            self.tasks[tid].spans.append(Span(since, self.now, state, core))

    # Events

    def _switch(self, line: _Line) -> None:
        found = self._parts(line, _SWITCH)
        self.switches += 1
        prev, following, state = int(found["prev"]), int(found["next"]), found["state"]
        if prev and prev not in self.states and prev not in self.tasks:
            # It has had the core since before the recording began, or since it was last seen idle.
            since = self._since.get(line.cpu, 0)
            self._task(prev, found["prev_comm"])
            self.states[prev] = "running", since, line.cpu
        self._renamed(prev, found["prev_comm"])
        if state[:1] in "ZXx":
            self._gone(prev)
        else:
            self._to(prev, found["prev_comm"], "ready" if state.startswith("R") else "blocked")
        self._to(following, found["next_comm"], "running", line.cpu)
        self._since[line.cpu] = self.now

    def _renamed(self, tid: int, comm: str) -> None:
        """Take a new name of a process for another program where no line tells of its exec."""
        task = self.tasks.get(tid)
        name = plain_name(comm, str(tid))
        if task is None or task.name == name:
            return
        if task.how == "fork" and self._is_first(tid):
            self._execute(tid, name)
        elif task.how != "exec":
            task.name = name
            if self._is_first(tid):
                self.recording.groups[task.process].name = name

    def _gone(self, tid: int) -> None:
        if tid in self.tasks:
            self._close(tid)
            task = self.tasks.pop(tid)
            task.ended = self.now
            self.dying.discard(tid)
            if self._is_first(tid):
                # Linux gives the pid again, once nothing of this process is left.
                count = self.again.get(tid, (tid, 0))[1]
                self.again[tid] = tid, count + 1

    def _wakeup(self, line: _Line) -> None:
        found = self._parts(line, _WAKEUP)
        tid = int(found["pid"])
        if self.states.get(tid, ("",))[0] != "running":
            self._to(tid, found["comm"], "ready")

    def _new_task(self, line: _Line) -> None:
        found = self._parts(line, _NEW_TASK)
        if int(found["flags"], 16) & CLONE_THREAD:
            self.groups[int(found["pid"])] = self.groups.get(line.tid, line.tid)

    def _fork(self, line: _Line) -> None:
        found = self._parts(line, _FORK)
        child, parent = int(found["child"]), int(found["pid"])
        if child in self.tasks or not child:
            return
        task = self._task(child, found["child_comm"])
        task.begin = self.now
        if parent in self.tasks:
            task.creator = self.tasks[parent]
            task.how = "thread" if task.process == task.creator.process else "fork"

    def _exec(self, line: _Line) -> None:
        found = self._parts(line, _EXEC)
        tid = int(found["pid"])
        if tid in self.tasks:
            self._execute(tid, plain_name(found["file"].rpartition("/")[2], "?"))

    def _execute(self, tid: int, name: str) -> None:
        """Let a process go on with another program, in a new thread."""
        before = self.tasks[tid]
        state = self.states.get(tid, ("ready", self.now, -1))
        self._close(tid)
        before.ended = self.now
        task = self.tasks[tid] = Task(before.process, tid, name, begin=self.now, how="exec")
        self.recording.tasks.append(task)
        self.states[tid] = state[0], self.now, state[2]

    def _exit(self, line: _Line) -> None:
        found = self._parts(line, _EXIT)
        if int(found["pid"]) in self.tasks:
            self.dying.add(int(found["pid"]))

    def _finished(self) -> Recording:
        """Close what is open: an ending thread is gone, all others are as they were."""
        for tid in [*self.states]:
            if tid in self.dying and self.states[tid][0] == "running":
                self._gone(tid)
            self._close(tid)
        self.recording.end = self.now
        for group in self.recording.groups.values():
            group.reaped = 0
        return self.recording
