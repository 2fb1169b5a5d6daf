"""Fresh questions about earlier lessons, each with the program and the moment in words."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets

from kit.errors import explain_arguments, plural, require
from kit.quiz.fresh import FreshQuestion, Source, fresh_questions
from kit.quiz.looking import integers, thread_name
from kit.trace import Trace
from kit.widgets.answers.predict import Predict
from kit.widgets.answers.predict_arguments import instances_of
from kit.widgets.base.box import KitBox
from kit.widgets.base.lifetimes import owned_by_cell
from kit.widgets.base.widget import refuse_unknown, style_sheet


class Review(KitBox):
    """Questions about earlier lessons in runs that the reader has not seen, for retrieval practice.

    Each has the program, and where each thread is at the moment of the question; no picture, so
    that what is remembered is used. They are answered, kept and counted as any `Predict`.

    Parameters
    ----------
    *sources : callable, or (callable, str)
        For each question a run of the library, whose numbers are drawn, or a function that
        returns a trace; with it a kind of question, or the most telling kinds are taken.
    seed : int
        What is drawn by; the same seed always makes the same questions.
    **traits
        ``layout``, as for any widget.

    Attributes
    ----------
    predictions : tuple of Predict
        The questions, in order.

    Raises
    ------
    ArgumentError
        If an argument does not fit, or nothing can be asked about a source.
    """

    @explain_arguments
    def __init__(self, *sources: Source, seed: int, **traits: Any) -> None:
        refuse_unknown(self, traits)
        require(
            len(sources) > 0,
            "Review: there is nothing to ask about; write Review(lost_update, deadlock, seed=1)",
        )
        asked = fresh_questions(sources, seed)
        self.predictions = tuple(
            Predict(one.question, instances=instances_of(one.trace, one.question, one.details))
            for one in asked
        )
        parts: list[ipywidgets.Widget] = [style_sheet("review.css")]
        for number, (one, predict) in enumerate(zip(asked, self.predictions, strict=True), 1):
            known = number > 1 and one.trace.programs == asked[number - 2].trace.programs
            heading = f"{number} of {len(asked)}."
            parts += [ipywidgets.HTML(_told(one, heading, fold=known)), predict]
        super().__init__(parts, **traits)
        self.add_class("kit-review")
        owned_by_cell(self)

    @property
    def in_words(self) -> str:
        """The questions, a line each."""
        count = plural(len(self.predictions), "question")
        prompts = [f"- {one.prompt}" for one in self.predictions]
        return "\n".join([f"Review: {count} about earlier lessons", *prompts])

    def __repr__(self) -> str:
        return self.in_words


def _told(asked: FreshQuestion, heading: str, *, fold: bool) -> str:
    """Return what a question is about, as HTML: the programs, the machine, the moment."""
    trace, at = asked.trace, asked.question.at
    parts = [f"<p><b>{heading}</b> {html.escape(_machine(trace))}</p>"]
    for program in trace.programs:
        lines = [f"{line:2}  {text}" for line, text in enumerate(program.text.splitlines(), 1)]
        numbered = "\n".join(line for line in lines if line.strip(" 0123456789"))
        label = html.escape(f"The program {program.name}")
        parts.append(
            f"<details{'' if fold else ' open'}><summary>{label}</summary>"
            f'<pre tabindex="0">{html.escape(numbered)}</pre></details>'
        )
    if at is not None and trace.at(at).processes:
        items = "".join(f"<li>{html.escape(one)}</li>" for one in _moment(trace, at))
        parts.append(f"<p>At tick {at}:</p><ul>{items}</ul>")
    return "".join(parts)


def _machine(trace: Trace) -> str:
    settings = trace.settings
    return f"A new run: {plural(settings.cores, 'core')}, {settings.scheduler}."


def _moment(trace: Trace, at: int) -> list[str]:
    """Return where each thread is, which wait for a core, and what globals hold."""
    moment = trace.at(at)
    told = []
    for pid, process in moment.processes.items():
        lines = process.program.text.splitlines()
        for tid, thread in process.threads.items():
            name = thread_name(trace, (pid, tid), at)
            since = _since(trace, (pid, tid), at) if thread.state == "running" else ""
            told.append(f"{name} is {thread.state}{since}{_place(thread, lines)}")
        held = [f"{one} is {process.globals[one]}" for one in integers(process.program)]
        if held:
            told.append(f"In memory: {', '.join(held)}")
    if moment.ready:
        queue = ", ".join(thread_name(trace, key, at) for key in moment.ready)
        told.append(f"The ready queue, first in front: {queue}")
    return told


def _since(trace: Trace, key: tuple[int, int], at: int) -> str:
    """Return since when a thread has its core: how much of a quantum is left follows from it."""
    dispatched = trace.happened("dispatch", pid=key[0], tid=key[1], until=at)
    return f" since tick {dispatched[-1].tick}" if dispatched else ""


def _place(thread: Any, lines: list[str]) -> str:
    if not thread.function or not thread.line or thread.line > len(lines):
        return ""
    return f", in {thread.function}, line {thread.line}: {lines[thread.line - 1].strip()}"
