"""The places of a common change: what CONTRIBUTING.md lists is enough, and all of it is needed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kit

pytestmark = pytest.mark.notebook

ROOT = Path(kit.__file__).parent
GUIDE = (ROOT.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")

VIEW = (
    "A view",
    {
        "kit/tracks/system/counters.py": '''
"""Semaphores: a bar each, as long as its count."""

from kit.trace import Trace
from kit.tracks.picture import Picture


def counters(trace: Trace) -> Picture:
    """Lay out the semaphores that a run ends with, and their counts over time."""
    picture = Picture("Semaphores and their counts", 300.0, 40.0)
    moments = [trace.at(tick) for tick in range(trace.end + 1)]
    names = list(dict.fromkeys(state.name for now in moments for state in now.semaphores))
    lines = range(len(names))
    boxes = [(80.0, 20.0 * line, 80.0, 20.0 * line + 12.0) for line in lines]
    picture.rectangles("bars", boxes, ["#336699"] * len(names))
    picture.texts("names", [(0.0, 20.0 * line + 6.0) for line in lines], [""] * len(names))
    for tick, now in enumerate(moments):
        for state in now.semaphores:
            line = names.index(state.name)
            picture.change("names", "text", line, tick, f"{state.name}: {state.word}")
            picture.change("bars", "x", line, tick, (80.0, 80.0 + 20.0 * state.word))
    picture.text_alternative = [[("names", "text", line)] for line in lines]
    return picture
''',
        "kit/widgets/views.py": [
            ("from kit.tracks.system.console", "from kit.tracks.system.counters import counters\n"),
            (
                "class HeapList(View)",
                (
                    "class Counters(View):\n"
                    '    """Semaphores."""\n\n'
                    '    heading = ("SEMAPHORES", "counts")\n'
                    "    lay_out = staticmethod(counters)\n\n\n"
                ),
            ),
            ('    "heap_list": HeapList', '    "counters": Counters,\n'),
        ],
    },
    """
from kit import Machine, Program
from kit.widgets import Stage
text = "slots = Semaphore(2)\\ndef main():\\n    slots.acquire()\\n    slots.release()"
machine = Machine()
machine.launch(Program("taker", text))
trace = machine.run()
stage = Stage(trace, views=["counters", "timeline"])
print([type(view).__name__ for view in stage.views.values()])
from kit.tracks.system.counters import counters
picture = counters(trace)
middle = next(event.tick for event in trace.happened("down"))
print(picture.told(middle), picture.told(middle + 2))
""",
    ["Counters", "slots: 1", "slots: 2"],
)
SYSTEM_CALL = (
    "A system call",
    {
        "kit/lang/system_calls.py": [
            (
                '    "gettid": SystemCall',
                (
                    '    "beep": SystemCall(1, 1, False, "make a sound", form="beep(n)"),\n'
                    '    "listen": SystemCall(0, 0, True, "wait for a sound", form="listen()"),\n'
                ),
            )
        ],
        "kit/sim/calls/sounds.py": '''
"""Sounds: whoever listens waits for the next one."""

from kit.sim.calls.kernel import Part
from kit.sim.events.calls import Beep


class Sounds(Part):
    """Who listens."""

    def __init__(self):
        self.listeners = []

    def state(self):
        return tuple(self.listeners)

    def restore(self, state):
        self.listeners = list(state)

    def thread_ended(self, computer, thread):
        self.listeners = [key for key in self.listeners if key != thread.key]


def _beep(computer, thread, number):
    sounds, pitch = computer.kernel["sounds"], thread.registers[0]
    computer.note(Beep, *thread.key, pitch)
    listeners, sounds.listeners = sounds.listeners, []
    for key in listeners:
        computer.wake(computer.thread(key), pitch)


def _listen(computer, thread, number):
    computer.kernel["sounds"].listeners.append(thread.key)
    computer.block(thread, "sound", 0)


HANDLERS = {"beep": _beep, "listen": _listen}
''',
        "kit/sim/calls/tables.py": [
            ("from kit.sim.calls.handler", "from kit.sim.calls import sounds\n"),
            ("    threads,\n    processes", "    sounds,\n"),
            ('    "devices": devices.Devices', '    "sounds": sounds.Sounds,\n'),
        ],
        "kit/sim/events/calls.py": [
            (
                "class Acquire(Event",
                'class Beep(Event, kind="beep"):\n    """A sound."""\n\n    pitch: int\n\n\n',
            )
        ],
        "kit/trace/narration/calls.py": [
            (
                "@sentence_for\ndef _acquire(",
                (
                    "@sentence_for\n"
                    "def _beep(names: Names, event: calls.Beep) -> str:\n"
                    '    return f"{names.who(event)} beeps at pitch {event.pitch}."\n\n\n'
                ),
            )
        ],
        "kit/sim/waits.py": [
            ('    "barrier",\n    "call"', '    "sound",\n'),
            ('    "wait": Wait(', '    "sound": Wait("waits for a sound", "a sound"),\n'),
        ],
    },
    """
from kit import Machine, Program
from kit.explore import explore
text = '''
def ear():
    print(listen())
def main():
    t = spawn(ear)
    sleep(20)
    beep(7)
    join(t)
'''
machine = Machine()
machine.launch(Program("sounds", text))
trace = machine.run()
beep = trace.happened("beep")[0].tick
print(trace.output(2), trace.at(beep - 1).blocked[2, 2], trace.narrate(beep))
print(trace.narrate(next(event.tick for event in trace.happened("block") if event.tid == 2)))
print(explore(Program("sounds", text)))
""",
    ["7\n", "'sound', 0", "T1 beeps at pitch 7.", "waits for a sound"],
)
POLICY = (
    "A scheduling policy",
    {
        "kit/sim/schedulers/newest.py": '''
"""Last in, first out."""

from dataclasses import dataclass

from kit.sim.schedulers.queue import ReadyQueue


class _Stack(ReadyQueue):
    """The newest thread runs next."""

    def add(self, thread, why):
        self.threads.appendleft(thread)


@dataclass(frozen=True)
class Newest:
    """The thread that came last runs until it blocks or ends."""

    name = "last in, first out"
    quantum = None

    def start(self, chance):
        return _Stack()
''',
        "kit/sim/schedulers/__init__.py": [
            ("from kit.sim.schedulers.ordered", "from kit.sim.schedulers.newest import Newest\n"),
            ("FIFO, RoundRobin, SJF, STCF", "Newest, "),
        ],
    },
    """
from kit import Machine, Program, Trace
from kit.sim.schedulers import Newest
machine = Machine(scheduler=Newest())
for name in "ab":
    machine.launch(Program(name, f"def main(): print('{name}')"))
trace = machine.run()
trace.save("run.trace")
again = Trace.load("run.trace").branch(at=1)
print([event.text for event in again.happened("print")] if 0 else
      [printed.pid for printed in again.history.prints], again.digest == trace.digest)
""",
    ["[3, 2] True"],
)
QUESTION = (
    "A kind of question",
    {
        "kit/quiz/kinds/first.py": '''
"""Who prints first."""

from kit.quiz.looking import make
from kit.quiz.question import Idea


def prints_first(trace, at=0):
    """Ask which process prints first."""
    first = trace.history.prints[0]
    ideas = [Idea(f"pid {pid}", "Look at the order.") for pid in trace.history.processes]
    answer = f"pid {first.pid}", "Right: it comes first."
    return make(trace, "prints_first", "Who prints first?", answer, ideas, first.tick, at)


def propose_prints_first(trace):
    """Yield the beginning, if anything is printed."""
    if trace.history.prints:
        yield {"at": 0}
''',
        "kit/quiz/kinds/__init__.py": [
            (
                "from kit.quiz.kinds.kind",
                "from kit.quiz.kinds.first import prints_first, propose_prints_first\n",
            ),
            ("        Kind(next_thread,", "        Kind(prints_first, propose_prints_first),\n"),
        ],
    },
    """
from kit import Machine, Program
from kit.quiz import ask, suggest_questions
machine = Machine()
for name in "ab":
    machine.launch(Program(name, f"def main(): print('{name}')"))
trace = machine.run()
question = ask(trace, "prints_first")
print(question.choices[question.answer].text)
print([found.kind for found in suggest_questions(trace, ["prints_first"])])
""",
    ["pid 2", "['prints_first']"],
)
CHANGES = {change[0]: change for change in (VIEW, SYSTEM_CALL, POLICY, QUESTION)}


def listed(title: str) -> set[str]:
    """Return the places that the guide numbers for a change."""
    section = GUIDE.partition(f"**{title}.**")[2].partition("\n**")[0]
    return set(re.findall(r"^\d\. `([^`]+)`", section, re.MULTILINE))


def place_of(path: str) -> str:
    """Return a file's own path if the kit has it; of a new file the folder that is listed."""
    if (ROOT.parent / path).exists():
        return path
    parts = path.split("/")
    return "/".join(parts[:3] if parts[1] != "tracks" else parts[:2]) + "/"


@pytest.mark.parametrize("title", CHANGES)
def test_the_listed_places_are_enough(title: str, tmp_path: Path):
    """Something new, made only there in a copy of the kit, works."""
    _, edits, code, expected = CHANGES[title]
    assert {place_of(path) for path in edits} == listed(title)
    shutil.copytree(ROOT, tmp_path / "kit", ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    for path, change in edits.items():
        file = tmp_path / path
        if isinstance(change, str):
            file.write_text(change.lstrip("\n"), encoding="utf-8")
            continue
        text = file.read_text(encoding="utf-8")
        for before, new in change:
            assert text.count(before) == 1, before
            at = text.index(before)
            text = text[:at] + new + text[at:]
        file.write_text(text, encoding="utf-8")
    check = f"import kit\nassert kit.__file__.startswith({str(tmp_path)!r}), kit.__file__\n"
    done = subprocess.run(
        [sys.executable, "-c", check + code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    for part in expected:
        assert part in done.stdout
