"""Reading the JSON of Chrome's Trace Event Format, which Perfetto reads and exports, too.

Sources: "Trace Event Format" (the document of the Chromium project, linked from
catapult/docs/trace-event-format.md), and "External trace formats" on perfetto.dev/docs.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from typing import Any, NoReturn

from kit.host.errors import HostError
from kit.host.reading.recording import SLEEPS, Recording, Span, Task, plain_name
from kit.lang.signals import Signal
from kit.sim.faults import FAULTS
from kit.sim.waits import WAITS
from kit.trace.perfetto import MADE_BY, STATE

Entry = dict[str, Any]
PHASES = frozenset("BEXiICbneSTpFstfPNODMVvRc(),a")
"""Every kind of event that the format has; of most only the others are told here."""
STATES = ("running", "ready", "blocked")
LATEST = 1 << 53
"""Microseconds; numbers above are not exact in JSON."""
_HOWS = ("end", "exception", "kill")


def read_chrome(text: str, label: str) -> Recording:
    """Return what such a file says of threads.

    Of a file of the kit it is what the kit has written. In any other file a thread is shown as
    running while one of its slices lasts, and as sleeping in between.

    Parameters
    ----------
    text : str
    label : str
        Of the file, for errors.

    Raises
    ------
    HostError
    """
    return _Reader(label).read(_parsed(text, label))


def _parsed(text: str, label: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        # The format lets a list end anywhere, so that a program that crashes leaves one, too.
        if text.lstrip().startswith("["):
            try:
                return json.loads(text.rstrip().rstrip(",") + "]", parse_constant=_refuse_constant)
            except (ValueError, RecursionError):
                pass
        raise HostError(
            f"{label}: line {error.lineno}, column {error.colno}: this is no JSON "
            f"({error.msg}); write the file again, as a whole"
        ) from None
    except RecursionError:
        raise HostError(f"{label}: it is nested too deeply for a trace") from None
    except ValueError as error:
        raise HostError(f"{label}: {error}; write the file again") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


class _Reader:
    """Reads the events one after the other.

    Parameters
    ----------
    label : str
    """

    def __init__(self, label: str) -> None:
        self.recording = Recording(label)
        self.label = label
        self.tasks: dict[tuple[Hashable, Hashable], Task] = {}
        self.slices: dict[int, list[Span]] = {}
        """Of each thread by its `id`: from when to when something of it lasted."""
        self.open: dict[int, list[int]] = {}
        self.first, self.last = LATEST * 1000, 0
        self.names: dict[tuple[Hashable, Hashable], str] = {}
        self.ours = False
        self.cores: Hashable = None

    def read(self, content: Any) -> Recording:
        """Return what the whole file says."""
        entries = content.get("traceEvents") if isinstance(content, dict) else content
        if not isinstance(entries, list):
            raise HostError(
                f"{self.label}: there is no list 'traceEvents' in it; give the JSON of Perfetto, "
                "Chrome or write_perfetto"
            )
        about = content.get("otherData") if isinstance(content, dict) else None
        self.ours = isinstance(about, dict) and about.get("made_by") == MADE_BY
        self.recording.numbered = self.ours
        checked = [*self._checked(entries)]
        for _, entry in checked:
            if entry["ph"] == "M":
                self._metadata(entry)
        timed = [(number, entry) for number, entry in checked if entry["ph"] != "M"]
        if self.ours:
            self.first = 0
        for number, entry in sorted(timed, key=lambda one: one[1]["ts"]):
            self._take(number, entry)
        return self._finished()

    # What is written

    def _refuse(self, number: int, found: str, remedy: str) -> NoReturn:
        raise HostError(f"{self.label}: event {number} of traceEvents: {found}; {remedy}")

    def _checked(self, entries: list[Any]) -> Iterator[tuple[int, Entry]]:
        """Yield the events that are told of, with their numbers, times in nanoseconds."""
        for number, entry in enumerate(entries, 1):
            if not isinstance(entry, dict):
                self._refuse(number, f"{_shown(entry)} is no event", "give an object with 'ph'")
            ph = entry.get("ph")
            if not (isinstance(ph, str) and len(ph) == 1 and ph in PHASES):
                found = f"its 'ph' is {_shown(ph)}"
                self._refuse(number, found, "give one of the format, such as 'X'")
            if ph not in "BEXiIM":
                continue
            for name in ("pid", "tid"):
                value = entry.get(name, 0)
                kinds = (int,) if self.ours else (int, str)
                if isinstance(value, bool) or not isinstance(value, kinds):
                    self._refuse(number, f"its '{name}' is {_shown(value)}", "give a number")
            args = entry.get("args")
            taken: Entry = {**entry, "args": args if isinstance(args, dict) else {}}
            if ph != "M":
                taken["ts"] = self._nanoseconds(number, entry, "ts")
                taken["dur"] = self._nanoseconds(number, entry, "dur") if ph == "X" else 0
                if taken["dur"] < 0:
                    self._refuse(number, f"its 'dur' is {taken['dur'] / 1000:g}", "give 0 or more")
                if self.ours and taken["ts"] < 0:
                    self._refuse(number, f"its 'ts' is {taken['ts'] / 1000:g}", "give 0 or more")
                self.first = min(self.first, taken["ts"])
            yield number, taken

    def _nanoseconds(self, number: int, entry: Entry, name: str) -> int:
        value: Any = entry.get(name, 0 if name == "dur" else None)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                value = None
        plain = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not plain or not abs(value) <= LATEST:  # which is so of nan, too
            found = f"its '{name}' is {_shown(entry.get(name))}"
            self._refuse(number, found, "give a time in microseconds")
        rounded: int = round(value * 1000)
        return rounded

    # What it means

    def _metadata(self, entry: Entry) -> None:
        pid, tid, name = entry.get("pid", 0), entry.get("tid", 0), entry.get("name")
        told = entry["args"].get("name")
        if not isinstance(told, str):
            return
        if name == "process_name":
            if self.ours and told == "cores" and entry["args"].get("lanes") == "core":
                self.cores = pid
            else:
                self.names[pid, None] = plain_name(told, f"process {pid}")
        elif name == "thread_name":
            self.names[pid, tid] = plain_name(told, f"thread {tid}")

    def _task(self, entry: Entry) -> Task:
        pid, tid = key = entry.get("pid", 0), entry.get("tid", 0)
        task = self.tasks.get(key)
        if task is None:
            name = self.names.get(key, f"thread {plain_name(tid, '?')}")
            if self.ours:
                name = name.removeprefix(f"T{tid} ")
            task = self.tasks[key] = Task(pid, tid, name)
            self.recording.tasks.append(task)
            group = self.recording.groups[pid]
            group.name = self.names.get((pid, None), "") or f"process {plain_name(pid, '?')}"
        return task

    def _take(self, number: int, entry: Entry) -> None:
        if self.ours and entry.get("pid") == self.cores:
            return
        task, ph = self._task(entry), entry["ph"]
        start = entry["ts"] - self.first
        end = start + entry["dur"]
        self.last = max(self.last, end)
        if ph == "X" and self.ours and entry.get("cat") == STATE:
            self._state(number, task, Span(start, end, "running"), entry["args"])
        elif ph == "X":
            self.slices.setdefault(id(task), []).append(Span(start, end, "running"))
        elif ph == "B":
            self.open.setdefault(id(task), []).append(start)
        elif ph == "E":
            begun = self.open.get(id(task))
            if begun:
                span = Span(begun.pop(), start, "running")
                self.slices.setdefault(id(task), []).append(span)
        elif self.ours:
            self._mark(number, task, start, entry)

    def _state(self, number: int, task: Task, span: Span, args: Entry) -> None:
        state, core = args.get("state"), args.get("core", -1)
        if state == "new":
            task.begin = span.start
            return
        if state not in STATES:
            self._refuse(number, f"its state is {_shown(state)}", f"give one of {STATES}")
        if type(core) is not int or core < -1:
            self._refuse(number, f"its core is {_shown(core)}", "give a number from 0 on")
        if task.spans and span.start < task.spans[-1].end:
            self._refuse(number, "its thread is in another state then", "write the file again")
        if span.end == span.start:
            return
        reason, detail = args.get("reason", SLEEPS), args.get("detail", 0)
        if reason not in WAITS or type(detail) is not int or not -1 <= detail < LATEST:
            found = f"it waits for {_shown(reason)}, number {_shown(detail)}"
            self._refuse(number, found, "write the file again")
        span.state, span.core, span.awaited = state, core, (reason, detail)
        task.spans.append(span)

    def _mark(self, number: int, task: Task, time: int, entry: Entry) -> None:
        """Take what the kit writes besides states."""
        cat, args = entry.get("cat"), entry["args"]
        if cat == "thread":
            self._mark_of_thread(task, time, str(entry.get("name")), args)
        elif cat == "process":
            self._mark_of_process(number, task, time, entry)
        elif cat == "output":
            self.recording.notes.append((time, task, "print", str(args.get("text", ""))))
        elif cat == "fault":
            text = f"{entry.get('name')}: {args.get('message', '')}"
            self.recording.notes.append((time, task, "fault", text))

    def _mark_of_thread(self, task: Task, time: int, name: str, args: Entry) -> None:
        if name == "thread begins":
            task.begin = time
            if type(args.get("by")) is int:
                task.creator = self.tasks.get((task.process, args["by"]))
        elif name == "thread ends":
            task.ended = time
            task.ended_how = args["how"] if args.get("how") in _HOWS else "end"

    def _mark_of_process(self, number: int, task: Task, time: int, entry: Entry) -> None:
        name, args = entry.get("name"), entry["args"]
        group = self.recording.groups[task.process]
        if name == "fork" and type(args.get("parent")) is int:
            task.how, task.creator = "fork", self.tasks.get((args["parent"], task.number))
        elif name == "exec":
            task.how, task.name = "exec", plain_name(args.get("program"), "?")
        elif name == "exit":
            code = args.get("exit_code")
            if code is not None and not (type(code) is int and 0 <= code < 256):
                self._refuse(number, f"its exit code is {_shown(code)}", "give 0 to 255")
            group.ended, group.exit_code, group.exited_by = time, code, task
            group.signal = Signal.__members__.get(str(args.get("signal")))
            group.fault = str(args["fault"]) if args.get("fault") in FAULTS else ""
        elif name == "reaped":
            group.reaped = time

    # At the end

    def _finished(self) -> Recording:
        self.recording.end = self.last
        for task in self.recording.tasks:
            found = self.slices.get(id(task), [])
            found += [Span(start, self.last, "running") for start in self.open.get(id(task), [])]
            if not task.spans:
                task.spans = [*_run_and_sleep(found, self.last)]
        return self.recording


def _run_and_sleep(slices: list[Span], end: int) -> Iterator[Span]:
    """Yield from when to when a thread does anything, and does nothing."""
    now = -1
    for span in sorted(slices, key=lambda one: one.start):
        if span.end <= max(now, span.start):
            continue
        if now >= 0 and span.start > now:
            yield Span(now, span.start, "blocked")
        start = max(now, span.start)
        yield Span(start, span.end, "running")
        now = span.end
    if 0 <= now < end:
        yield Span(now, end, "blocked")


def _shown(value: object) -> str:
    """Return what was found, as a sentence can have it."""
    text = repr(value)
    return text if len(text) <= 40 else text[:40] + "…"
