"""Watching real processes: what they use, look after look, as a run that can be rewound."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from kit.errors import plural, require_whole
from kit.host.errors import HostError
from kit.host.looking.processes import as_tree
from kit.host.looking.tables import plain, psutil_for
from kit.host.systems import is_linux, system
from kit.lang.program import MAX_NAME, Program
from kit.sim.events.processes import Launch, ThreadMade
from kit.sim.events.scheduling import Admit
from kit.sim.process import INIT
from kit.sim.recording import Events
from kit.trace.real import WATCHED, RealTrace, Seen, duration, real_settings
from kit.trace.record import Record

MOST_PROCESSES = 30
"""Of a tree, those that were made last are left out."""
HEADINGS = (
    *("program", "pid", "parent", "state", "CPU", "RSS", "threads"),
    *("voluntary", "involuntary"),
)
NOTE = (
    "CPU: the share of one core since the look before. RSS: RAM in MiB, shared pages included. "
    "Voluntary: it left a core because it had to wait; involuntary: the core was taken from it."
)
_TOGETHER = " {} counts both kinds together, here as voluntary."
_NO_PROGRAM = "def main(): pass"
_MIB = 1 << 20


def note() -> str:
    """Return what the columns mean on this system."""
    return NOTE if is_linux() else NOTE + _TOGETHER.format(system())


class Sample(NamedTuple):
    """What one process is doing at one look.

    Attributes
    ----------
    name : str
    parent : int
        Its pid.
    depth : int
        How many parents up to the first process that is watched.
    state : str
        As psutil calls it: "running", "sleeping", "zombie".
    share : float or None
        Percent of a core since the look before; None at the first one.
    resident : int or None
        Bytes of RAM. Like what follows None where the system does not tell it.
    threads, voluntary, involuntary : int or None
    """

    name: str
    parent: int
    depth: int
    state: str
    share: float | None
    resident: int | None
    threads: int | None
    voluntary: int | None
    involuntary: int | None

    def cells(self) -> tuple[str, ...]:
        """Return it as a row of a table, without name and pid."""
        share = "" if self.share is None else f"{self.share:.0f} %"
        resident = "" if self.resident is None else f"{self.resident / _MIB:.1f}"
        counted = (self.threads, self.voluntary, self.involuntary)
        return (
            str(self.parent),
            self.state,
            share,
            resident,
            *("" if number is None else str(number) for number in counted),
        )


class Look(NamedTuple):
    """What was seen at one time.

    Attributes
    ----------
    seconds : float
        Since the watching began.
    samples : dict of int to Sample
        By pid, each below its parent.
    left_out : int
        How many processes more there were.
    """

    seconds: float
    samples: dict[int, Sample]
    left_out: int = 0

    @property
    def sentence(self) -> str:
        """Which process uses most."""
        after = f"After {self.seconds:.1f} s"
        shares = {pid: each.share or 0.0 for pid, each in self.samples.items()}
        if not shares:
            return f"{after}: none of the processes is there any longer."
        busiest = max(shares, key=lambda pid: shares[pid])
        if shares[busiest] < 1:
            return f"{after}: no process uses a core; all of them wait."
        name = self.samples[busiest].name
        return f"{after}: {name} (pid {busiest}) uses most, {shares[busiest]:.0f} % of a core."


class Watcher:
    """Looks at one of your own processes, and at those that it has made.

    Parameters
    ----------
    pid : int or None
        This process, the kernel of the notebook, if None.
    tree : bool
        Whether children are watched, too.

    Raises
    ------
    HostError
        If there is no such process, it is another user's, or psutil is missing.
    """

    def __init__(self, pid: int | None = None, tree: bool = True) -> None:
        self._psutil = psutil_for("HostMonitor")
        if pid is not None:
            require_whole("HostMonitor: pid", pid, 1)
        self._user = self._psutil.Process().username()
        self._tree = tree
        try:
            self._root = self._psutil.Process(pid)
            owner = self._root.username()
        except self._psutil.NoSuchProcess:
            raise HostError(
                f"HostMonitor: there is no process {pid} here any longer, or never was"
            ) from None
        except self._psutil.Error:
            owner = None
        if owner != self._user:
            raise HostError(
                f"HostMonitor: process {pid} is another user's; only your own are looked at"
            )
        self._begin = time.monotonic()
        self._before: dict[tuple[int, float], tuple[float, float]] = {}

    def look(self) -> Look:
        """Return what the processes are doing now."""
        now = time.monotonic()
        found = [self._root]
        if self._tree:
            with suppress(self._psutil.Error):  # it has ended
                found += self._root.children(recursive=True)
        samples: dict[int, Sample] = {}
        made = {one: since for one in found if (since := self._made(one)) is not None}
        mine = sorted(made, key=lambda one: (made[one], one.pid))
        for process in mine[:MOST_PROCESSES]:
            try:
                with process.oneshot():
                    samples[process.pid] = self._sample(process, now)
            except self._psutil.Error:
                continue  # it has ended meanwhile
        parents = {pid: sample.parent for pid, sample in samples.items()}
        told = {pid: samples[pid]._replace(depth=depth) for pid, depth in as_tree(parents)}
        return Look(now - self._begin, told, max(0, len(mine) - MOST_PROCESSES))

    def _made(self, process: Any) -> float | None:
        """Return when a process was made; None if it is another user's, or has ended."""
        try:
            mine = process.is_running() and process.username() == self._user
            return float(process.create_time()) if mine else None
        except self._psutil.Error:
            return None

    def _sample(self, process: Any, now: float) -> Sample:
        times = self._told(process.cpu_times)
        key, share = (process.pid, process.create_time()), None
        if times is not None:
            used = times.user + times.system
            if key in self._before:
                since, before = self._before[key]
                share = 100 * max(used - before, 0.0) / max(now - since, 1e-3)
            self._before[key] = now, used
        memory, switched = self._told(process.memory_info), self._told(process.num_ctx_switches)
        return Sample(
            plain(process.name())[:MAX_NAME] or "?",
            process.ppid(),
            0,
            str(process.status()),
            share,
            memory.rss if memory is not None else None,
            self._told(process.num_threads),
            switched.voluntary if switched is not None else None,
            switched.involuntary if switched is not None and is_linux() else None,
        )

    def _told(self, ask: Any) -> Any:
        """Return what the system tells; None where it does not."""
        try:
            return ask()
        except (self._psutil.AccessDenied, self._psutil.ZombieProcess, NotImplementedError):
            return None


@dataclass
class HostWatch:
    """What was seen of real processes, look after look.

    `Player` plays it with a tick for each look.

    Attributes
    ----------
    looks : list of Look
    seconds : float
        From one look to the next.
    """

    looks: list[Look] = field(default_factory=list)
    seconds: float = 0.3

    @cached_property
    def trace(self) -> RealTrace:
        """The same as a trace, when there is nothing to be added any more."""
        events, programs = Events(), dict[str, Program]()
        made: set[int] = set()
        for tick, look in enumerate(self.looks):
            for pid, sample in look.samples.items():
                if pid not in made:
                    made.add(pid)
                    programs.setdefault(sample.name, Program(sample.name, _NO_PROGRAM))
                    events.add(Launch(tick, pid, 0, sample.name, INIT))
                    events.add(ThreadMade(tick, pid, 1, "main", (), 0))
                    events.add(Admit(tick, pid, 1))
        end = max(len(self.looks) - 1, 1)
        record = Record(real_settings(1), end, tuple(programs.values()), events, {}, None)
        rows = [
            {pid: sample.cells() for pid, sample in look.samples.items()} for look in self.looks
        ]
        moments = [look.sentence for look in self.looks] or ["Nothing was seen."]
        tick = round(self.seconds * 10**9)
        seen = Seen(tick, kind=WATCHED, moments=moments, headings=HEADINGS, rows=rows)
        return RealTrace(record, seen)

    def __repr__(self) -> str:
        took = duration(round(self.looks[-1].seconds * 10**9)) if self.looks else "0 s"
        return f"<HostWatch: {plural(len(self.looks), 'look')} in {took}>"
