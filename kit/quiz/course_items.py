"""What the questions of the course's test are made of: programs with gaps, and how to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from kit.explore import explore
from kit.lang import Program
from kit.quiz.kinds import ask
from kit.quiz.question import Question
from kit.sim import RoundRobin
from kit.trace import Machine, Trace

BEFORE, AFTER = FORMS = ("before", "after")
"""The two forms of the test."""
PLAIN = "One core. A thread may use it for 5 ticks at a time."
EVERY = "Every schedule counts."


@dataclass(frozen=True)
class TestQuestion:
    """A question of the test.

    Attributes
    ----------
    idea : str
        A name of `MISCONCEPTIONS`: what the question is about.
    setting : str
        How the program is run, in words.
    program : Program
    question : Question
    """

    __test__ = False

    idea: str
    setting: str
    program: Program
    question: Question


@dataclass(frozen=True)
class Template:
    """How a question is made.

    Attributes
    ----------
    idea : str
        A name of `MISCONCEPTIONS`.
    text : str
        A program in which AA and BB are numbers; a line after "AA x" is there as often, and # in
        it is its number.
    numbers : tuple of (int, int)
        AA and BB of each form.
    make : callable
        Takes the program and both numbers, returns the question.
    setting : str
        How the program is run, in words.
    """

    idea: str
    text: str
    numbers: tuple[tuple[int, int], tuple[int, int]]
    make: Callable[[Program, int, int], Question]
    setting: str = PLAIN

    def item(self, form: str) -> TestQuestion:
        """Return the question of one form."""
        one, other = self.numbers[FORMS.index(form)]
        text = self.text.strip().replace("AA", str(one)).replace("BB", str(other)) + "\n"
        program = Program("test", _repeated(text))
        setting = self.setting.replace("BB", str(other))
        return TestQuestion(self.idea, setting, program, self.make(program, one, other))


def _repeated(text: str) -> str:
    """Return a program in which a line that begins with ``7 x`` is there seven times, numbered."""
    lines: list[str] = []
    for line in text.splitlines():
        number, times, rest = line.partition(" x ")
        if times and number.strip().isdecimal():
            lines += [rest.replace("#", str(n)) for n in range(int(number))]
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _run(program: Program, launches: tuple[int, ...] = (0,), **settings: Any) -> Trace:
    machine = Machine(scheduler=RoundRobin(quantum=5), **settings)
    for tick in launches:
        machine.launch(program, at=tick)
    return machine.run()


def _about_run(
    program: Program, _one: int, _other: int, kind: str, settings: dict[str, Any], **details: Any
) -> Question:
    return ask(_run(program, **settings), kind, **details)


def asks(kind: str, *, settings: dict[str, Any] | None = None, **details: Any) -> Any:
    """Return what asks a question about a run of a program.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    settings : dict, optional
        Of the machine.
    **details
    """
    return partial(_about_run, kind=kind, settings=settings or {}, **details)


def every_schedule(name: str) -> Any:
    """Return what asks which values a global can have at the end, on every schedule."""

    def make(program: Program, _one: int, _other: int) -> Question:
        return ask(explore(program), "possible_values", name=name)

    return make


def after_free(program: Program, _one: int, _other: int) -> Question:
    """Ask what happens when a block is used that was freed."""
    run = _run(program)
    return ask(run, "faults", at=run.happened("free")[0].tick)


def second_launch(program: Program, _one: int, other: int) -> Question:
    """Ask for the turnaround time of a process that is launched later."""
    return ask(_run(program, (0, other)), "metric", of="turnaround", pid=3, at=other)


def launched_again(program: Program, _one: int, _other: int) -> Question:
    """Ask with which value the second process of a program ends."""
    return ask(_run(program, (0, 60)), "final_value", name="count", pid=3, at=60)


def executing(program: Program, _one: int, _other: int) -> Question:
    """Ask how many processes there are if some of them execute another program."""
    machine = Machine(scheduler=RoundRobin(quantum=5))
    machine.launch(program)
    machine.install(Program("other", "def main():\n    print(1)\n"))
    return ask(machine.run(), "how_many", of="processes")
