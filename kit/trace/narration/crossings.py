"""The protocol between operating system, hardware and program, a cell for each of them."""

from __future__ import annotations

from typing import NamedTuple

from kit.sim.recording import ThreadId
from kit.trace.kernel.crossings import Crossing
from kit.trace.kernel.traps import INTERRUPTS
from kit.trace.narration.lines import source_line
from kit.trace.narration.names import Names
from kit.trace.narration.waiting import awaited
from kit.trace.record import Record
from kit.trace.replay import History

MOST_CHARACTERS = 32
"""Of a source line; a longer one is cut."""


_MENDS = {
    "swap_in": "brings the page from the swap area",
    "copy": "copies the page",
    "own": "lets the page be written",
    "load": "brings the page from disk",
    "share_code": "maps the page to the frame that has this code",
    "map": "maps the page to a frame",
}
"""Kind of event -> what the handler of a page fault does about it."""


class Cells(NamedTuple):
    """What each of the three does in one step; "" for nothing."""

    system: str = ""
    hardware: str = ""
    program: str = ""


class Protocol:
    """Tells crossings.

    Parameters
    ----------
    record : Record
    history : History
        Of the same run.
    """

    def __init__(self, record: Record, history: History) -> None:
        self.record, self.history = record, history
        self._several = len(history.processes) > 1
        self._register = "page-table base register"
        if record.settings.segmentation is not None:
            self._register = "segment registers"
        elif record.settings.contiguous:
            self._register = "base and bounds registers"

    def cells(self, step: Crossing) -> Cells:
        """Return what is told of a crossing."""
        if step.kind == "boot":
            return self._boot()
        told = {
            "create": self._create,
            "trap": self._trap,
            "interrupt": self._interrupt,
            "switch": self._switch,
            "return": self._return,
        }
        return told[step.kind](step)

    def _who(self, key: ThreadId | None) -> str:
        """Return how a thread is called: T2, or T2 (pid 2) where there are several processes."""
        assert key is not None, "the callers know that there is one"
        return f"T{key[1]} (pid {key[0]})" if self._several else f"T{key[1]}"

    def _boot(self) -> Cells:
        timer = self.record.settings.timer
        return Cells(
            f"boots: sets up the trap table{', starts the timer' if timer else '; no timer'}",
            f"remembers where the handlers are{'; the timer runs' if timer else ''}",
        )

    def _create(self, step: Crossing) -> Cells:
        assert step.thread is not None, "a process is made with a thread"
        name = self.history.processes[step.thread[0]].program.name
        return Cells(
            f"makes process {step.thread[0]} from {name}; puts the first registers of "
            f"{self._who(step.thread)} on its kernel stack"
        )

    def _trap(self, step: Crossing) -> Cells:
        who, trap = self._who(step.thread), step.trap
        cause = "" if trap.kind == "system call" else f"{trap.kind}: "
        hardware = f"← {cause}saves the registers of {who} on its kernel stack; kernel mode"
        return Cells(self._handles(step), f"{hardware}; jumps to {trap.handler}", self._cause(step))

    def _handles(self, step: Crossing) -> str:
        """Return what the handler does that a trap leads to."""
        trap, does = step.trap, step.trap.name
        if trap.kind == "timer":
            does = "the slice is used up" if self._loses_core(step) else "a sleeper is due"
        elif trap.kind == "page fault" and not does:
            kinds = {event.kind for event in self.record.events.at(step.tick)}
            does = next((text for kind, text in _MENDS.items() if kind in kinds), "")
            if step.thread is not None and (step.thread, step.tick) in self.history.blocks:
                does = "asks the disk for the page"
        elif trap.kind not in ("system call", *INTERRUPTS) and step.thread is not None:
            exited = self.history.processes[step.thread[0]].exit
            if exited is not None and exited[0] == step.tick:
                does = f"{does}, which ends the process"
        return f"{trap.handler}: {does}" if does else trap.handler

    def _loses_core(self, step: Crossing) -> bool:
        if step.thread is None:
            return False
        thread = self.history.processes[step.thread[0]].threads[step.thread[1]]
        return thread.state.at(step.tick) != "running"

    def _cause(self, step: Crossing) -> str:
        """Return what the program did that led to a trap."""
        interrupted = step.trap.kind in INTERRUPTS
        who, where = self._who(step.thread), self._line(step, own=not interrupted)
        if interrupted:
            return f"{who} is interrupted{f' before {where}' if where else ''}"
        asks = f" calls {step.trap.name}" if step.trap.kind == "system call" else " faults"
        return f"{who}{asks}{f' at {where}' if where else ''}"

    def _interrupt(self, step: Crossing) -> Cells:
        trap = step.trap
        return Cells(self._handles(step), f"{trap.kind} interrupt: in kernel mode already")

    def _switch(self, step: Crossing) -> Cells:
        parts = []
        if step.saved:
            parts.append(f"saves the kernel registers of {self._who(step.leaving)}")
        if step.thread is not None:
            what = "those" if step.saved else "the kernel registers"
            parts.append(
                f"restores {what} of {self._who(step.thread)}; continues on that kernel stack"
            )
        told = [self._fate(step.leaving, step.tick)] if step.leaving is not None else []
        if parts:
            told.append(f"switch: {', '.join(parts)}")
        if step.thread is None:
            told.append("no thread is ready: idle")
        base = step.address_space
        space = f"{self._register}: now of process {base}" if base is not None else ""
        return Cells("; ".join(told), space)

    def _fate(self, key: ThreadId | None, tick: int) -> str:
        """Return what has become of a thread that leaves its core."""
        assert key is not None, "the caller has checked it"
        thread = self.history.processes[key[0]].threads[key[1]]
        state, waits = thread.state.at(tick), thread.waits_for.at(tick)
        if state == "blocked" and waits:
            reason, detail = waits
            what = awaited(Names(self.history, tick), key[0], reason, detail)
            return f"{self._who(key)} is blocked: waits for {what}"
        return f"{self._who(key)} {'has ended' if state == 'terminated' else 'is ready'}"

    def _return(self, step: Crossing) -> Cells:
        who, where = self._who(step.thread), self._line(step, own=False)
        assert step.thread is not None, "only threads are returned to"
        begun = self.record.threads[step.thread].retired(step.tick) > 0
        return Cells(
            "return-from-trap",
            f"→ restores the registers of {who} from its kernel stack; user mode; jumps to its pc",
            f"{who} {'goes on' if begun else 'begins'}{f' at {where}' if where else ''}",
        )

    def _line(self, step: Crossing, own: bool) -> str:
        """Return the source line of a thread: of the instruction that trapped, or of the next."""
        assert step.thread is not None, "the callers know that there is one"
        pid, tid = step.thread
        thread, made = self.record.threads[pid, tid], self.history.processes[pid].threads[tid]
        number = thread.retired(step.tick)
        # What is refused or has to wait for its page has not retired.
        done = own and number > 0 and thread.executed_at(number - 1)[0] == step.tick
        line, text = source_line(made.program, thread.started(number - 1 if done else number))
        if not line:
            return ""
        text = text.strip()
        cut = text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
        return f"line {line}: {cut}"
