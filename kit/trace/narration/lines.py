"""Which line of its program a thread executed at a tick, and what is written there."""

from __future__ import annotations

from kit.lang.program import Program
from kit.sim.recording import ThreadId
from kit.trace.record import Record
from kit.trace.replay import History

_QUOTES = "\"'"


class SourceLines:
    """The source lines of a run's programs.

    Parameters
    ----------
    record : Record
    history : History
        Of the same run.
    """

    def __init__(self, record: Record, history: History) -> None:
        self.record, self.history = record, history
        self._told: dict[tuple[ThreadId, int], tuple[int, str]] = {}

    def at(self, key: ThreadId, tick: int) -> tuple[int, str]:
        """Return number and text of the line a thread executed at a tick; 0 and "" for none.

        That is the line of the instruction that retired then, of the system call in which the
        thread waits, or of the instruction that could not be carried out.
        """
        process = self.history.processes.get(key[0])
        thread = process.threads.get(key[1]) if process is not None else None
        record = self.record.threads.get(key)
        if thread is None or record is None:
            return 0, ""
        done = record.retired(tick)
        waits = thread.state.at(tick - 1) == "blocked"
        return self._line(key, done if waits or record.retired(tick - 1) < done else done + 1)

    def last(self, key: ThreadId, tick: int) -> tuple[int, str]:
        """Return the line of the last instruction that a thread had retired at a tick."""
        record = self.record.threads.get(key)
        return self._line(key, record.retired(tick)) if record is not None else (0, "")

    def _line(self, key: ThreadId, count: int) -> tuple[int, str]:
        """Return number and text of the line of a thread's instruction; the first has count 1."""
        if not count:
            return 0, ""
        index = self.record.threads[key].started(count - 1)
        if (key, index) not in self._told:
            program = self.history.processes[key[0]].threads[key[1]].program
            line, text = source_line(program, index)
            self._told[key, index] = line, _code(text)
        return self._told[key, index]


def source_line(program: Program, index: int) -> tuple[int, str]:
    """Return number and text of the line that an instruction was made from; 0 and "" for none."""
    line = program.image.line_of(index)
    lines = program.text.splitlines()
    return (line, lines[line - 1]) if 0 < line <= len(lines) else (0, "")


def _code(line: str) -> str:
    """Return what a line does, without a remark or the colon at its end."""
    quote = ""
    for place, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in _QUOTES:
            quote = letter
        elif letter == "#":
            line = line[:place]
            break
    return line.strip().rstrip(":").replace("`", "'")
