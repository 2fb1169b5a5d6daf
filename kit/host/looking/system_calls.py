"""`system_calls`: which calls a program makes, counted by strace or by perf."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from kit.errors import ArgumentError, explain_arguments, require
from kit.host.errors import HostError
from kit.host.looking.tables import Cell, HostTable
from kit.host.systems import ELSEWHERE, is_linux, system

_STRACE = re.compile(r"\s*([\d.]+)\s+([\d.]+)\s+(\d+)\s+(\d+)\s+(\d+ )?\s*(\w+)")
_PERF = re.compile(r"\s+(\w+)\s+(\d+)\s+(\d+)\s+([\d.]+)\s")
HEADINGS = ("system call", "calls", "errors")


@explain_arguments
def system_calls(command: str | Sequence[str], *, seconds: float = 10) -> HostTable:
    """Run a command, and count the system calls that it and its children make.

    With strace where it is there and allowed, else with perf.

    Parameters
    ----------
    command : str or sequence of str
        A program with its arguments, such as ``"ls -l"``; no shell runs it.
    seconds : float
        After so long it is ended, and what it did until then is counted.

    Raises
    ------
    HostError
        If the command does not exist, or neither strace nor perf can be used here.
    """
    words = _words(command)
    good = type(seconds) in (int, float) and 0 < seconds <= 3600
    require(good, f"system_calls: seconds is {seconds!r}; give a number above 0 and up to 3600")
    if not is_linux():
        raise HostError(
            f"system_calls: strace and perf count them, which {system()} does not have; {ELSEWHERE}"
        )
    if shutil.which(words[0]) is None:
        raise HostError(
            f"system_calls: there is no command {words[0]!r} here; check how it is written, or "
            "install it"
        )
    why: list[str] = []
    for tool, options, read in (
        ("strace", ("-c", "-f", "-q", "-o"), read_strace),
        ("perf", ("trace", "-s", "-o"), read_perf),
    ):
        if shutil.which(tool) is None:
            why.append(f"{tool} is not installed")
            continue
        with tempfile.TemporaryDirectory(prefix="kit-host-") as folder:
            table = Path(folder) / "table"
            late = _run([tool, *options, str(table), "--", *words], seconds)
            text = table.read_text("utf-8", "replace") if table.exists() else ""
        rows = tuple(sorted(read(text), key=lambda row: (-int(row[1]), row[0])))
        if rows:
            notes = [f"Counted by {tool}, with the calls that load the program and its libraries."]
            notes += [f"It was ended after {seconds:g} s."] if late else []
            return HostTable(HEADINGS, rows, tuple(notes))
        if late:
            raise HostError(
                f"system_calls: {words[0]!r} did not end when it was told to, after {seconds:g} s, "
                f"so that {tool} has counted nothing; give it more seconds"
            )
        why.append(f"{tool} may not trace here, as in many containers")
    advice = (
        "kit.host.look shows a recording instead"
        if shutil.which("strace")
        else "on Debian and Ubuntu: apt-get install strace"
    )
    raise HostError(f"system_calls: {' and '.join(why)}; {advice}")


def _words(command: object) -> list[str]:
    hint = 'give "ls -l" or ["ls", "-l"]'
    if isinstance(command, str):
        try:
            words = shlex.split(command)
        except ValueError as error:
            raise ArgumentError(f"system_calls: {command!r}: {error}; {hint}") from None
    else:
        listed = isinstance(command, Sequence) and all(isinstance(w, str) for w in command)
        require(listed, f"system_calls: the command is {command!r}; {hint}")
        words = list(command)  # type: ignore[call-overload]
    require(bool(words), f"system_calls: the command is empty; {hint}")
    require("\0" not in "".join(words), f"system_calls: no command has a zero byte in it; {hint}")
    return words


def _run(command: list[str], seconds: float) -> bool:
    """Run a command without input and output; tell whether it had to be ended."""
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            # The tool writes its table when what it traces has ended.
            _end(process, signal.SIGINT)
            return True
        except BaseException:
            _end(process, signal.SIGKILL)
            raise
    return False


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    with suppress(OSError):
        os.killpg(process.pid, how)
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)


def read_strace(text: str) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a table of ``strace -c``: call, how often, how often it failed.

    Parameters
    ----------
    text : str
    """
    for line in text.splitlines():
        found = _STRACE.fullmatch(line.rstrip())
        if found and found[6] != "total":
            yield found[6], int(found[4]), int(found[5] or 0)


def read_perf(text: str) -> Iterator[tuple[Cell, ...]]:
    """Yield the same of a summary of ``perf trace -s``, of all threads together.

    Parameters
    ----------
    text : str
    """
    calls: dict[str, int] = {}
    errors: dict[str, int] = {}
    for line in text.splitlines():
        found = _PERF.match(line)
        if found:
            calls[found[1]] = calls.get(found[1], 0) + int(found[2])
            errors[found[1]] = errors.get(found[1], 0) + int(found[3])
    for name, count in calls.items():
        yield name, count, errors[name]
