"""What a file says of threads, in whatever format, as a `HostTrace`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from kit.host.errors import HostError
from kit.host.running.trace import FILE, HostEvent, HostTrace
from kit.lang.program import MAX_NAME, Program
from kit.lang.signals import Signal
from kit.sim.setup import MOST_CORES

MOST_THREADS = 1000
MOST_SPANS = 200_000
"""How many threads, and states of threads, a recording may have."""
SLEEPS = "sleep"
"""What a thread waits for where that was not recorded."""
_NO_PROGRAM = "def main(): pass"
# At one time: what is made, who leaves a core, who ends, who is ready, who gets a core, the rest.
_MADE, _LEAVES, _ENDS, _OVER, _READY, _BLOCKS, _GETS, _NOTED, _REAPED = range(9)


@dataclass
class Span:
    """A time in which a thread is in one state; in nanoseconds since the recording began.

    Attributes
    ----------
    start, end : int
    state : str
        "running", "ready" or "blocked".
    core : int
        -1 where it is not running, or that is not known.
    awaited : (str, int)
        What it waits for where it is blocked: reason and number of `kit.sim.waits`.
    """

    start: int
    end: int
    state: str
    core: int = -1
    awaited: tuple[str, int] = (SLEEPS, 0)


@dataclass
class Task:
    """A thread as a file has it.

    Attributes
    ----------
    process, number : hashable
        What the file calls its process, and itself.
    name : str
    spans : list of Span
        In the order of time, one at a time.
    begin : int or None
        When it was made; None where its first span says so.
    creator : Task or None
        Which thread made it.
    how : str
        "thread", "fork" where it is the first one of a process that another one made, "exec"
        where it goes on in its process with another program.
    ended : int or None
        When it ended.
    ended_how : str
        "end", "exception" or "kill".
    """

    process: Hashable
    number: Hashable
    name: str
    spans: list[Span] = field(default_factory=list)
    begin: int | None = None
    creator: Task | None = None
    how: str = "thread"
    ended: int | None = None
    ended_how: str = "end"

    @property
    def since(self) -> int:
        """When it is there."""
        known = [self.begin] if self.begin is not None else []
        return min([*known, *(span.start for span in self.spans[:1])], default=0)


@dataclass
class Group:
    """A process as a file has it.

    Attributes
    ----------
    name : str
    ended : int or None
        When it ended. Where that is not known, it ends with the last of its threads, unless the
        kit has written the file.
    exit_code : int or None
    signal : Signal or None
    fault : str
        The kind of fault that led to the signal.
    reaped : int or None
        When its parent had waited for it; None where that is not known.
    exited_by : Task or None
    """

    name: str = ""
    ended: int | None = None
    exit_code: int | None = None
    signal: Signal | None = None
    fault: str = ""
    reaped: int | None = None
    exited_by: Task | None = None


@dataclass
class Recording:
    """All that a file says.

    Attributes
    ----------
    label : str
        Of the file, for errors.
    tasks : list of Task
    groups : dict of hashable to Group
    notes : list of (int, Task, str, str)
        What happened at one time: when, to whom, "print" or "fault", and the text.
    end : int
        Nanoseconds.
    numbered : bool
        Whether pids and tids are those of the lesson's machine already.
    """

    label: str
    tasks: list[Task] = field(default_factory=list)
    groups: dict[Hashable, Group] = field(default_factory=lambda: defaultdict(Group))
    notes: list[tuple[int, Task, str, str]] = field(default_factory=list)
    end: int = 0
    numbered: bool = False

    def host_trace(self) -> HostTrace:
        """Return it as a real run.

        Raises
        ------
        HostError
            If there is nothing in it that can be shown, or too much, or it cannot have been so.
        """
        run = _Numbering(self).host_trace()
        if not run.can_be_told:
            raise HostError(
                f"{self.label}: the order of its events cannot be so, such as a thread that runs "
                "after it has ended; record it again"
            )
        return run


def plain_name(name: object, default: str) -> str:
    """Return a name that somebody else has chosen, as it can be shown.

    Parameters
    ----------
    name : object
    default : str
        Where nothing of it can be.
    """
    found = "".join(letter for letter in str(name) if letter.isprintable()).strip()
    return found[:MAX_NAME] or default


def _is_number(process: Hashable) -> TypeGuard[int]:
    """Tell whether a system could have given this number to a process."""
    return isinstance(process, int) and 0 <= process < 1 << 31


class _Numbering:
    """Gives processes and threads their numbers, and puts all in order.

    Parameters
    ----------
    recording : Recording
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.tasks = sorted(
            (task for task in recording.tasks if task.spans or recording.numbered),
            key=self._order,
        )
        self.pids: dict[Hashable, int] = {}
        self.keys: dict[int, tuple[int, int]] = {}
        self.tids: dict[int, int] = defaultdict(int)
        self.cores: dict[int, int] = {}
        self.events: list[tuple[int, int, HostEvent]] = []

    def _order(self, task: Task) -> tuple[int, ...]:
        numbers = task.process, task.number
        counted = (number for number in numbers if isinstance(number, int))
        return (task.since, *(counted if self.recording.numbered else ()))

    def host_trace(self) -> HostTrace:
        """Return the run."""
        self._check()
        for task in self.tasks:
            self._make(task)
            self._follow(task)
        for time, task, kind, text in self.recording.notes:
            if id(task) in self.keys:
                self._add(time, _NOTED, self.keys[id(task)], kind, text)
        groups = {pid: self.recording.groups[number] for number, pid in self.pids.items()}
        for pid, group in groups.items():
            self._end(pid, group)
        self.events.sort(key=lambda event: event[:2])
        return HostTrace(
            events=tuple(event for *_, event in self.events),
            exit_codes={pid: group.exit_code for pid, group in sorted(groups.items())},
            signals={pid: group.signal for pid, group in groups.items() if group.signal},
            globals={},
            real_pids={pid: n for n, pid in self.pids.items() if _is_number(n)},
            nanoseconds=max(self.recording.end, *(time for time, *_ in self.events)),
            programs={name: Program(name, _NO_PROGRAM) for name in self._programs()},
            cores=max(self.cores.values(), default=0) + 1,
            way=FILE,
        )

    def _programs(self) -> list[str]:
        named = (e.what for *_, e in self.events if e.kind in ("begin", "exec"))
        return [*dict.fromkeys(named)]

    def _check(self) -> None:
        spans = [span for task in self.tasks for span in task.spans]
        label = self.recording.label
        if not spans and not (self.recording.numbered and self.tasks):
            raise HostError(
                f"{label}: no thread of it ever runs; give a file in which threads get cores, or "
                "with slices"
            )
        for count, most, what in (
            (len(self.tasks), MOST_THREADS, "threads"),
            (len(spans), MOST_SPANS, "states of threads"),
        ):
            if count > most:
                raise HostError(
                    f"{label}: it has {count:,} {what}, and at most {most:,} are shown; record "
                    "for a shorter time, or name the processes: read_trace(…, names=['make'])"
                )
        known = sorted({span.core for span in spans if span.core >= 0})
        self.cores = {core: core for core in known}
        if known and known[-1] >= MOST_CORES:
            self.cores = {core: number for number, core in enumerate(known)}
        if max(len(known), self._at_once(spans)) > MOST_CORES:
            raise HostError(
                f"{label}: more than {MOST_CORES} threads run at once, and so many cores are shown "
                "at most; name the processes: read_trace(…, names=['make'])"
            )

    def _at_once(self, spans: list[Span]) -> int:
        """Return how many threads run at the same time at most."""
        running = [span for span in spans if span.state == "running"]
        changes = sorted([(s.start, 1) for s in running] + [(s.end, -1) for s in running])
        now = most = 0
        for _, change in changes:
            now += change
            most = max(most, now)
        return most

    # Numbers

    def _add(self, time: int, order: int, key: tuple[int, int], kind: str, what: str = "") -> None:
        self.events.append((time, order, HostEvent(time, *key, kind, what)))

    def _make(self, task: Task) -> None:
        """Give a thread its number, and say how it was made."""
        creator = self.keys.get(id(task.creator)) if task.creator is not None else None
        if task.process in self.pids:
            pid = self.pids[task.process]
            tid = self._tid(task, self.tids[pid] + 1)
            if task.how == "exec":
                kind, what = "exec", plain_name(task.name, "?")
            else:
                by = creator[1] if creator is not None and creator[0] == pid else 0
                kind, what = "thread", f"{by} {plain_name(task.name, '?')}"
        else:
            pid = self.pids[task.process] = self._pid(task.process)
            forked = task.how == "fork" and creator is not None and creator[0] != pid
            if forked and creator is not None:
                tid, kind, what = creator[1], "fork", str(creator[0])
            else:
                name = self.recording.groups[task.process].name or task.name
                tid, kind, what = 1, "begin", plain_name(name, "?")
        self.keys[id(task)] = pid, tid
        self.tids[pid] = max(self.tids[pid], tid)
        self._add(task.since, _MADE, (pid, tid), kind, what)

    def _pid(self, number: Hashable) -> int:
        taken = {*self.pids.values(), *self.recording.groups, 0, 1}
        if _is_number(number) and number not in (0, 1):
            return number
        return next(pid for pid in range(2, len(taken) + 3) if pid not in taken)

    def _tid(self, task: Task, following: int) -> int:
        """Return the number of a further thread: its own, if the file counts as the model does."""
        number = task.number
        fits = isinstance(number, int) and number >= following
        return number if self.recording.numbered and fits else following  # type: ignore[return-value]

    # States

    def _follow(self, task: Task) -> None:
        key, before = self.keys[id(task)], ""
        for span in _joined(task.spans):
            if span.state == "running":
                core = self.cores.get(span.core, -1)
                event = HostEvent(span.start, *key, "running", "", core)
                self.events.append((span.start, _GETS, event))
            elif span.state == "ready":
                order = _LEAVES if before == "running" else _READY
                self._add(span.start, order, key, "ready")
            else:
                reason, detail = span.awaited
                detail = span.end if reason == SLEEPS else detail
                order = _LEAVES if before == "running" else _BLOCKS
                self._add(span.start, order, key, "blocked", f"{reason} {detail}")
            before = span.state
        if task.ended is not None:
            self._add(task.ended, _ENDS, key, "thread end", task.ended_how)

    def _end(self, pid: int, group: Group) -> None:
        threads = [task for task in self.tasks if self.keys[id(task)][0] == pid]
        time = group.ended
        if time is None:
            # What the kit has written says itself which processes had ended.
            if self.recording.numbered:
                return
            ends = [task.ended for task in threads]
            time = max((end for end in ends if end is not None), default=0)
            if None in ends:
                return
        tid = self.keys[id(group.exited_by)][1] if id(group.exited_by) in self.keys else 0
        how = f"exit_code {group.exit_code}" if group.exit_code is not None else ""
        if group.signal is not None:
            how = f"fault {group.fault}" if group.fault else f"signal {group.signal.name}"
        self._add(time, _OVER, (pid, tid), "end", how)
        if group.reaped is not None:
            self._add(max(group.reaped, time), _REAPED, (pid, 0), "reaped")


def _joined(spans: list[Span]) -> Iterator[Span]:
    """Yield states of a thread; what it waits for may be told anew while it goes on waiting."""
    last: Span | None = None
    for span in spans:
        if last is not None and _goes_on(last, span):
            last = replace(last, end=span.end)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _goes_on(last: Span, span: Span) -> bool:
    waits = last.state == span.state == "blocked" and last.awaited[0] == span.awaited[0]
    return waits and last.end == span.start
