"""From the log of a run, and from what the launcher tells, to a `HostTrace`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from kit.host.running.trace import HostEnd, HostEvent, HostTrace, Usage
from kit.lang.image import Words
from kit.lang.program import Program
from kit.lang.signals import Signal

_SIGNALS = frozenset(Signal)
"""Those of the lesson; a program that another one ends has a code below 0, as Python tells it."""


class _Log:
    """What the log of a run and the launcher tell, as it is collected.

    Parameters
    ----------
    found : dict
        What the launcher tells.
    programs : dict of str to Program
    """

    def __init__(self, found: dict[str, Any], programs: Mapping[str, Program]) -> None:
        self.programs = programs
        self.begin: int = found["begin"]
        self.events: list[HostEvent] = []
        self.words: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.codes: dict[int, int | None] = {int(pid): None for pid in found["pids"]}
        self.ends: dict[int, HostEnd] = {}
        self.usages: dict[int, Usage] = {}
        self.killed = set[int]()
        self._running: dict[int, str] = {}
        # The last line is cut off where the log came to its limit, and empty otherwise.
        for line in found["log"].split("\n")[:-1]:
            time, pid, tid, core, kind, *rest = line.split(" ", 5)
            what = rest[0] if rest else ""
            number, at = int(pid), int(time) - self.begin
            if kind == "value":
                name, *words = what.split(" ")
                self.words[number][name] += map(int, words)
                continue
            self._note(number, at, kind, what)
            if kind == "print":
                what = bytes.fromhex(what).decode("utf-8", "replace")
            elif kind == "wait":
                what = " ".join(what.split()[:2])
            spoken = kind.replace("_", " ")
            self.events.append(HostEvent(at, number, int(tid), spoken, what, int(core)))
        self.events.sort(key=lambda event: event.time)
        for pid, (code, time, *used) in found["ends"].items():
            self._ended(int(pid), code, HostEnd(time - self.begin, 1), used)

    def globals(self) -> dict[int, dict[str, Words]]:
        """Return the last values of globals, but for those that the log did not hold whole."""
        found: dict[int, dict[str, Words]] = {}
        for pid, each in self.words.items():
            variables = self.programs[self._running[pid]].image.variables
            found[pid] = {
                name: variables[name].value(tuple(words))
                for name, words in each.items()
                if len(words) == variables[name].length
            }
        return found

    def _note(self, pid: int, time: int, kind: str, what: str) -> None:
        """Keep what an event says of a whole process."""
        if kind in ("begin", "fork"):
            self._running[pid] = what if kind == "begin" else self._running[int(what)]
        elif kind == "wait":
            child, code, *used = map(int, what.split())
            self._ended(child, code, HostEnd(time, pid), used)
        elif kind == "kill":
            self.killed.add(int(what.split(maxsplit=1)[0]))

    def _ended(self, pid: int, code: int, end: HostEnd, used: list[int]) -> None:
        self.codes[pid], self.ends[pid] = code, end
        self.usages[pid] = Usage(*used)


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
    log = _Log(found, programs)
    codes, ends = log.codes, log.ends
    stopped = ""
    if found["late"]:
        ours = {pid for pid, code in codes.items() if code == -9 and pid not in log.killed}
        codes = {pid: None if pid in ours else code for pid, code in codes.items()}
        ends = {pid: end for pid, end in ends.items() if pid not in ours}
        left = sum(code is None for code in codes.values())
        stopped = (
            f"The run was ended after {seconds:g} s, when {left} of its processes still ran or "
            "waited; run(…, seconds=…) gives it more time."
        )
        if found.get("refused"):
            stopped += " It had made as many processes as it may, and asked for more."
    by_signal = {p: Signal(-c) for p, c in codes.items() if c is not None and -c in _SIGNALS}
    return HostTrace(
        events=tuple(log.events),
        exit_codes={pid: None if pid in by_signal else codes[pid] for pid in sorted(codes)},
        signals=by_signal,
        globals=log.globals(),
        real_pids={int(pid): real for pid, real in found["pids"].items()},
        nanoseconds=found["end"] - found["begin"],
        stopped=stopped,
        programs=dict(programs),
        ends=ends,
        usages=log.usages,
        cores=found["cores"],
        way=found["way"],
    )
