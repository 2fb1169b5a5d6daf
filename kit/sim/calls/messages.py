"""Messages and local procedure calls between processes.

`send` puts a word into the mailbox of another process and goes on; `recv` takes the oldest
one out, or waits. `call` waits until a thread of another process has taken the word with
`serve` and answered with `reply`: what Windows NT calls a local procedure call (LPC).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.sim.calls.handler import Handler, refuse
from kit.sim.calls.kernel import Part
from kit.sim.events.calls import Call, Receive, Reply, Send, Serve
from kit.sim.process import Process, Thread
from kit.sim.recording import ThreadId

if TYPE_CHECKING:
    from kit.sim.computer import Computer

CAPACITY = 64
"""Messages a mailbox holds."""

GONE = "that process has ended, or never was"

Letter = tuple[ThreadId, int]
"""((pid, tid) of who sent it, the word)."""


class Mailbox:
    """What waits for one process, and who waits for that.

    Attributes
    ----------
    letters : list of Letter
        Messages, oldest first.
    senders : list of Letter
        Of threads that wait for room.
    receivers : list of (pid, tid)
        Its threads that wait for a message.
    calls : list of Letter
        Calls that nobody has taken yet.
    servers : list of (pid, tid)
        Its threads that wait for a call.
    """

    PARTS = ("letters", "senders", "receivers", "calls", "servers")

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.senders: list[Letter] = []
        self.receivers: list[ThreadId] = []
        self.calls: list[Letter] = []
        self.servers: list[ThreadId] = []


class Mailboxes(Part):
    """The mailboxes of all processes.

    Attributes
    ----------
    boxes : dict of int to Mailbox
        By pid.
    serving : dict of (pid, tid) to list of (pid, tid)
        Server -> the callers it has to answer, the last one served last.
    origins : dict of (pid, tid) to int
        Receiver -> pid of whom its last message or call came from.
    """

    def __init__(self) -> None:
        self.boxes: dict[int, Mailbox] = {}
        self.serving: dict[ThreadId, list[ThreadId]] = {}
        self.origins: dict[ThreadId, int] = {}

    def of(self, pid: int) -> Mailbox:
        """Return the mailbox of a process."""
        return self.boxes.setdefault(pid, Mailbox())

    def thread_ended(self, computer: Computer, thread: Thread) -> None:
        """Take a thread that has ended out of every queue; whom it served gets -1."""
        key = thread.key
        for box in self.boxes.values():
            box.receivers = [other for other in box.receivers if other != key]
            box.servers = [other for other in box.servers if other != key]
            box.senders = [letter for letter in box.senders if letter[0] != key]
            box.calls = [letter for letter in box.calls if letter[0] != key]
        self.origins.pop(key, None)
        for caller in self.serving.pop(key, []):
            if _waits_for_reply(computer, caller):
                computer.wake(computer.thread(caller), -1)

    def process_ended(self, computer: Computer, process: Process) -> None:
        """Let those who wait for a process that has ended go on with -1."""
        box = self.boxes.pop(process.pid, None)
        if box is not None:
            for key, _ in (*box.senders, *box.calls):
                computer.wake(computer.thread(key), -1)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        boxes = tuple(
            (pid, tuple(tuple(getattr(box, part)) for part in Mailbox.PARTS))
            for pid, box in self.boxes.items()
        )
        serving = tuple((key, tuple(callers)) for key, callers in self.serving.items())
        return boxes, serving, tuple(self.origins.items())

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        boxes, serving, origins = state
        self.boxes = {}
        for pid, parts in boxes:
            for part, content in zip(Mailbox.PARTS, parts, strict=True):
                setattr(self.of(pid), part, list(content))
        self.serving = {key: list(callers) for key, callers in serving}
        self.origins = dict(origins)


def _mail(computer: Computer) -> Mailboxes:
    mail: Mailboxes = computer.kernel["messages"]
    return mail


def _lives(computer: Computer, pid: int) -> bool:
    return pid in computer.processes and not computer.processes[pid].ended


# Messages


def _send(computer: Computer, thread: Thread, number: int) -> int | None:
    target, word = thread.registers[:2]
    if not _lives(computer, target):
        return refuse(computer, thread, "send", GONE)
    box = _mail(computer).of(target)
    if len(box.letters) == CAPACITY:
        box.senders.append((thread.key, word))
        computer.block(thread, "send", target)
        return None
    computer.note(Send, thread.process.pid, thread.tid, target, word)
    if box.receivers:
        receiver = computer.thread(box.receivers.pop(0))
        _receive(computer, receiver, (thread.key, word))
        computer.wake(receiver, word)
    else:
        box.letters.append((thread.key, word))
    return 0


def _receive(computer: Computer, thread: Thread, letter: Letter) -> int:
    (pid, _), word = letter
    _mail(computer).origins[thread.key] = pid
    computer.note(Receive, thread.process.pid, thread.tid, pid, word)
    return word


def _recv(computer: Computer, thread: Thread, number: int) -> int | None:
    box = _mail(computer).of(thread.process.pid)
    if not box.letters:
        box.receivers.append(thread.key)
        computer.block(thread, "message", 0)
        return None
    word = _receive(computer, thread, box.letters.pop(0))
    if box.senders:
        letter = box.senders.pop(0)
        box.letters.append(letter)
        computer.note(Send, *letter[0], thread.process.pid, letter[1])
        computer.wake(computer.thread(letter[0]), 0)
    return word


def _sender(computer: Computer, thread: Thread, number: int) -> int:
    return _mail(computer).origins.get(thread.key, -1)


# Local procedure calls


def _call(computer: Computer, thread: Thread, number: int) -> int | None:
    target, word = thread.registers[:2]
    if not _lives(computer, target) or target == thread.process.pid:
        reason = GONE if target != thread.process.pid else "a process does not call itself"
        return refuse(computer, thread, "call", reason)
    box = _mail(computer).of(target)
    computer.note(Call, thread.process.pid, thread.tid, target, word)
    if box.servers:
        server = computer.thread(box.servers.pop(0))
        _take_call(computer, server, (thread.key, word))
        computer.wake(server, word)
    else:
        box.calls.append((thread.key, word))
    computer.block(thread, "reply", target)
    return None


def _take_call(computer: Computer, thread: Thread, letter: Letter) -> int:
    caller, word = letter
    mail = _mail(computer)
    mail.serving.setdefault(thread.key, []).append(caller)
    mail.origins[thread.key] = caller[0]
    computer.note(Serve, thread.process.pid, thread.tid, *caller, word)
    return word


def _serve(computer: Computer, thread: Thread, number: int) -> int | None:
    box = _mail(computer).of(thread.process.pid)
    if box.calls:
        return _take_call(computer, thread, box.calls.pop(0))
    box.servers.append(thread.key)
    computer.block(thread, "call", 0)
    return None


def _reply(computer: Computer, thread: Thread, number: int) -> None:
    callers, word = _mail(computer).serving.get(thread.key, []), thread.registers[0]
    while callers:
        caller = callers.pop()
        if _waits_for_reply(computer, caller):
            computer.note(Reply, thread.process.pid, thread.tid, *caller, word)
            computer.wake(computer.thread(caller), word)
            return
    refuse(computer, thread, "reply", "no process waits for an answer")


def _waits_for_reply(computer: Computer, caller: ThreadId) -> bool:
    threads = computer.processes[caller[0]].threads
    return caller[1] in threads and threads[caller[1]].waits_for[:1] == ("reply",)


# Ends


HANDLERS: dict[str, Handler] = {
    "send": _send,
    "recv": _recv,
    "sender": _sender,
    "call": _call,
    "serve": _serve,
    "reply": _reply,
}
