"""Real runs in files: a small JSON beside a lesson, for readers who have no kernel."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, NoReturn

from kit.files import json_fault, read_text, write_text
from kit.host.errors import HostError
from kit.host.running.trace import FILE, HostEnd, HostEvent, HostTrace, Usage
from kit.lang.program import Program
from kit.lang.signals import Signal

FORMAT = "os-course-kit real run"
VERSION = 1
LARGEST = 16_000_000
"""Bytes of a file."""
MOST = 1 << 62
"""Numbers are between this and its negative."""
WAYS = ("c", "python", FILE)
_REMEDY = "save the run again"


def save(run: HostTrace, path: str | PathLike[str]) -> None:
    """Write a real run to a file, an event per line.

    Parameters
    ----------
    run : HostTrace
    path : str or path

    Raises
    ------
    FileError
        If it cannot be written.
    """
    about = {
        "format": FORMAT,
        "version": VERSION,
        "way": run.way,
        "cores": run.cores,
        "nanoseconds": run.nanoseconds,
        "stopped": run.stopped,
        "programs": [[p.name, p.language, p.text] for p in run.programs.values()],
        "processes": [_process(run, pid) for pid in run.exit_codes],
    }
    events = [[e.time, e.pid, e.tid, e.core, e.kind, e.what] for e in run.events]
    write_listed(Path(path), about, "events", events)


def write_listed(
    path: Path, about: Mapping[str, Any], name: str, listed: Iterable[Sequence[Any]]
) -> None:
    """Write JSON of which the last part is a list, with a line for each of its items.

    Parameters
    ----------
    path : Path
    about : mapping of str to Any
        What comes before the list.
    name : str
        Of the list.
    listed : iterable of sequence

    Raises
    ------
    FileError
        If it cannot be written.
    """
    head = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in about.items()]
    body = ",\n".join(f"    {json.dumps(one)}" for one in listed)
    write_text(path, "{\n" + ",\n".join(head) + f',\n  "{name}": [\n{body}\n  ]\n}}\n')


def _process(run: HostTrace, pid: int) -> dict[str, Any]:
    signal, end, usage = run.signals.get(pid), run.ends.get(pid), run.usages.get(pid)
    return {
        "pid": pid,
        "real_pid": run.real_pids.get(pid),
        "exit_code": run.exit_codes[pid],
        "signal": signal.name if signal is not None else None,
        "end": end,
        "usage": usage,
        "globals": run.globals.get(pid),
    }


def load(path: str | PathLike[str]) -> HostTrace:
    """Read a real run that `save` wrote.

    Parameters
    ----------
    path : str or path

    Raises
    ------
    FileError
        If it cannot be read.
    HostError
        If it is damaged, or no real run.
    """
    label = Path(path).name
    return run_of(content_of(Path(path), "a real run", _REMEDY), label)


def content_of(path: Path, what: str, remedy: str) -> Any:
    """Return the JSON of a file that may be anything.

    Parameters
    ----------
    path : Path
    what : str
        What it should be, for errors.
    remedy : str

    Raises
    ------
    FileError
        If it cannot be read.
    HostError
        If it is no JSON.
    """
    text = read_text(path, LARGEST)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise HostError(f"{path.name}: {json_fault(error)}; {remedy}") from None
    except (RecursionError, ValueError):
        raise HostError(f"{path.name}: this is no JSON of {what}; {remedy}") from None


def run_of(content: Any, label: str) -> HostTrace:
    """Return the real run that the content of a file is.

    Parameters
    ----------
    content : Any
    label : str
        Of the file, for errors.

    Raises
    ------
    HostError
        If it is damaged, or no real run.
    """
    try:
        return _Loading(label).run(content)
    except RecursionError:
        raise HostError(f"{label}: it is nested too deeply for a real run; {_REMEDY}") from None


class _Loading:
    """Takes the content of a file apart, and believes nothing.

    Parameters
    ----------
    label : str
        Of the file, for errors.
    """

    def __init__(self, label: str) -> None:
        self.label = label

    def refuse(self, what: str) -> NoReturn:
        """Raise the error for a part of the file."""
        raise HostError(f"{self.label}: {what} cannot be so; {_REMEDY}")

    def run(self, content: Any) -> HostTrace:
        """Return the run that a content is."""
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise HostError(f"{self.label}: this is no real run; give a file of HostTrace.save")
        if content.get("version") != VERSION:
            raise HostError(f"{self.label}: another version of the kit wrote it; {_REMEDY}")
        programs = self._programs(content.get("programs"))
        processes = [self._checked(one) for one in self._list(content.get("processes"))]
        by_pid = {self._whole(one.get("pid"), "the pid of a process", 1): one for one in processes}
        way, stopped = content.get("way"), content.get("stopped")
        if way not in WAYS or not isinstance(stopped, str):
            self.refuse("the way in which it ran, or why it was stopped,")
        run = HostTrace(
            events=tuple(self._event(one) for one in self._list(content.get("events"))),
            exit_codes={pid: self._code(one) for pid, one in by_pid.items()},
            signals={
                pid: Signal[one["signal"]]
                for pid, one in by_pid.items()
                if one.get("signal") in Signal.__members__
            },
            globals={
                pid: self._globals(one["globals"])
                for pid, one in by_pid.items()
                if one.get("globals") is not None
            },
            real_pids={
                pid: self._whole(one.get("real_pid"), "the pid of the system")
                for pid, one in by_pid.items()
                if one.get("real_pid", "") is not None
            },
            nanoseconds=self._whole(content.get("nanoseconds"), "its length"),
            stopped=stopped,
            programs=programs,
            ends={
                pid: HostEnd(*self._wholes(one["end"], 2))
                for pid, one in by_pid.items()
                if one.get("end") is not None
            },
            usages={
                pid: Usage(*self._wholes(one["usage"], 4))
                for pid, one in by_pid.items()
                if one.get("usage") is not None
            },
            cores=self._whole(content.get("cores"), "the number of cores", 1),
            way=way,
        )
        if not run.can_be_told:
            self.refuse("the order of its events")
        return run

    def _list(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            self.refuse(f"{value!r:.40}, where there is a list,")
        return value

    def _checked(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.refuse(f"the process {value!r:.40}")
        return value

    def _whole(self, value: Any, what: str, least: int = 0) -> int:
        if type(value) is not int or not least <= value <= MOST:
            self.refuse(what)
        return int(value)

    def _wholes(self, values: Any, count: int) -> list[int]:
        found = [self._whole(value, "what a process used") for value in self._list(values)]
        if len(found) != count:
            self.refuse("what a process used")
        return found

    def _code(self, process: dict[str, Any]) -> int | None:
        code = process.get("exit_code")
        return None if code is None else self._whole(code, "an exit code", -MOST)

    def _programs(self, listed: Any) -> dict[str, Program]:
        found: dict[str, Program] = {}
        for one in self._list(listed):
            parts = self._list(one)
            if len(parts) != 3 or not all(isinstance(part, str) for part in parts):
                self.refuse("a program")
            name, language, text = parts
            found[name] = Program(name, text, language=language)
        return found

    def _globals(self, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict):
            self.refuse("the values of globals")
        return {name: self._words(value) for name, value in given.items()}

    def _words(self, value: Any) -> Any:
        """Return a number, or an array of one or more dimensions."""
        if isinstance(value, list):
            return tuple(self._words(one) for one in value)
        return self._whole(value, "the value of a global", -(1 << 63))

    def _event(self, given: Any) -> HostEvent:
        parts = self._list(given)
        if len(parts) != 6 or not all(isinstance(part, str) for part in parts[4:]):
            self.refuse(f"the event {given!r:.60}")
        time, pid, tid = (self._whole(part, f"the event {given!r:.60}") for part in parts[:3])
        core = self._whole(parts[3], f"the core of the event {given!r:.60}", -1)
        return HostEvent(time, pid, tid, parts[4], parts[5], core)
