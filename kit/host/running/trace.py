"""What was recorded of a real run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kit.lang.image import Words
from kit.lang.program import Program
from kit.lang.signals import Signal, how_ended

_SIGNALS = frozenset(Signal)
"""Those of the lesson; a program that another one ends has a code below 0, as Python tells it."""


@dataclass(frozen=True)
class HostEvent:
    """Something that a real program did.

    Attributes
    ----------
    time : int
        Nanoseconds since the run began.
    pid, tid : int
        Which thread of which process, counted as in the lesson.
    kind : str
        "begin", "fork", "thread", "thread end", "lock", "wait for lock", "unlock", "print", "wait",
        "kill" or "end".
    what : str
        What it was done with: the text printed, the name of the lock, the parent of a process.
    """

    time: int
    pid: int
    tid: int
    kind: str
    what: str


@dataclass(frozen=True)
class HostTrace:
    """A real run of programs of the lesson language.

    Processes and threads have the numbers that the lesson's machine gives them, so that both can
    be compared; `real_pids` says what the system called them.

    Attributes
    ----------
    events : tuple of HostEvent
        In the order in which they were written down.
    exit_codes : dict of int to int or None
        By pid; None for a process that a signal ended, and for one that still ran or waited when
        the time was up.
    signals : dict of int to Signal
        By pid: the signal that ended a process, if one did.
    globals : dict of int to dict of str to number or tuple
        The last values of the globals of each process that ended by itself, by pid and name.
    real_pids : dict of int to int
    nanoseconds : int
        How long it took.
    stopped : str
        Why the run was ended from outside, in a sentence; "" if it ended by itself.
    """

    events: tuple[HostEvent, ...]
    exit_codes: Mapping[int, int | None]
    signals: Mapping[int, Signal]
    globals: Mapping[int, Mapping[str, Words]]
    real_pids: Mapping[int, int]
    nanoseconds: int
    stopped: str = ""

    def output(self, pid: int) -> str:
        """Return everything process `pid` printed."""
        return "".join(e.what for e in self.events if e.kind == "print" and e.pid == pid)

    @property
    def outputs(self) -> dict[int, str]:
        """What each process printed, by pid."""
        return {pid: self.output(pid) for pid in self.exit_codes}

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return f"<HostTrace: {len(self.exit_codes)} processes, {self.nanoseconds / 1e6:.1f} ms>"

    def _lines(self) -> Iterator[str]:
        for event in self.events:
            what = repr(event.what)[1:-1]
            yield (
                f"{event.time / 1e6:9.3f} ms  process {event.pid}, thread {event.tid}: "
                f"{event.kind} {what}".rstrip()
            )
        for pid, code in self.exit_codes.items():
            signal = self.signals.get(pid)
            runs = code is None and signal is None
            yield f"process {pid}: {'still running' if runs else how_ended(code, signal)}"
        if self.stopped:
            yield self.stopped


def read_run(found: dict[str, Any], programs: Mapping[str, Program], seconds: float) -> HostTrace:
    """Return the trace of one run as the launcher tells it, a signal as a code below 0.

    Parameters
    ----------
    found : dict
    programs : dict of str to Program
        Those that could run, by name.
    seconds : float
        How long it was allowed to take.
    """
    events: list[HostEvent] = []
    values: dict[int, dict[str, Words]] = {}
    running: dict[int, str] = {}
    codes = {int(pid): None for pid in found["pids"]} | {
        int(pid): code for pid, code in found["codes"].items()
    }
    killed = set[int]()
    # The last line is cut off where the log came to its limit, and empty otherwise.
    for line in found["log"].split("\n")[:-1]:
        time, pid, tid, kind, *rest = line.split(" ", 4)
        number, what = int(pid), rest[0] if rest else ""
        if kind == "value":
            name, *words = what.split(" ")
            variable = programs[running[number]].image.variables[name]
            values.setdefault(number, {})[name] = variable.value(tuple(map(int, words)))
            continue
        if kind in ("begin", "fork"):
            running[number] = what if kind == "begin" else running[int(what)]
        elif kind == "wait":
            child, code = map(int, what.split())
            codes[child] = code
        elif kind == "kill":
            killed.add(int(what.split()[0]))
        elif kind == "print":
            what = bytes.fromhex(what).decode("utf-8", "replace")
        spoken = kind.replace("_", " ")
        events.append(HostEvent(int(time) - found["begin"], number, int(tid), spoken, what))
    if found["late"]:
        codes = {p: None if c == -9 and p not in killed else c for p, c in codes.items()}
    took = found["end"] - found["begin"]
    stopped = ""
    if found["late"]:
        left = sum(code is None for code in codes.values())
        stopped = (
            f"The run was ended after {seconds:g} s, when {left} of its processes still ran or "
            "waited; run(…, seconds=…) gives it more time."
        )
    by_signal = {p: Signal(-c) for p, c in codes.items() if c is not None and -c in _SIGNALS}
    return HostTrace(
        events=tuple(events),
        exit_codes={pid: None if pid in by_signal else codes[pid] for pid in sorted(codes)},
        signals=by_signal,
        globals=values,
        real_pids={int(pid): real for pid, real in found["pids"].items()},
        nanoseconds=took,
        stopped=stopped,
    )
