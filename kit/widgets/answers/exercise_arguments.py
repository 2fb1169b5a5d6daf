"""What an exercise is made of, checked: its task, its hints, its solution."""

from __future__ import annotations

import html
import os
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path

import ipywidgets

from kit.errors import ArgumentError, LanguageError, require
from kit.explore import Spec
from kit.files import read_text
from kit.lang.program import Program
from kit.trace import Machine
from kit.widgets.pictures.view import caption_text

Write = Callable[[str], Program]
"""Makes a program of a text."""


def check_arguments(spec: object, validator: object, machine: object, task: object) -> None:
    """Raise `ArgumentError` for what an exercise cannot use.

    Parameters
    ----------
    spec, validator, machine : object
    task : object
        All as `Exercise` was given them.
    """
    require(
        spec is not None or validator is not None,
        "Exercise: nothing says what is right; give spec=Spec(output=…), or validator=, a function "
        "that takes a run and returns what is wrong with it",
    )
    require(
        spec is None or isinstance(spec, Spec),
        f"Exercise: spec is {spec!r}; give Spec(output=…, globals=…) of kit.explore",
    )
    require(
        validator is None or callable(validator),
        f"Exercise: validator is {validator!r}; give a function that takes a trace and returns '' "
        "or what is wrong",
    )
    require(
        machine is None or (callable(machine) and not isinstance(machine, Machine)),
        f"Exercise: machine is {machine!r}; give a function that takes a program and returns a "
        "machine with it launched",
    )
    require(isinstance(task, str), f"Exercise: task is {task!r}; give a text")


def check_names(spec: Spec | None, texts: Iterable[str | None], write: Write) -> None:
    """Raise `ArgumentError` if neither starter nor solution has a global that is looked at.

    Parameters
    ----------
    spec : Spec or None
    texts : iterable of str or None
        Of the starter and of the solution. Nothing is known if one of them is missing, or has
        a mistake.
    write : callable
        Makes a program of a text.
    """
    if spec is None:
        return
    programs = []
    for text in texts:
        if text is None:
            return
        try:
            programs.append(write(text))
        except LanguageError:
            return
    spec.check_names(programs)


def checked_hints(hints: object) -> list[str]:
    """Return hints as texts.

    Raises
    ------
    ArgumentError
        If they are none.
    """
    told = list(hints) if isinstance(hints, Iterable) and not isinstance(hints, str) else [None]
    require(
        all(isinstance(hint, str) for hint in told),
        f"Exercise: hints is {hints!r}; give a list of texts",
    )
    return [textwrap.dedent(str(hint)).strip() for hint in told]


def solution_text(solution: object) -> str | None:
    """Return the program text of a solution, read from its file if it names one."""
    if solution is None:
        return None
    if not isinstance(solution, str | Path):
        raise ArgumentError(
            f"Exercise: solution is {solution!r}; give a program text, or the path of a .txt file"
        )
    if solution_file(solution):
        if not os.access(solution, os.R_OK):
            return None  # a teacher may hand out the notebook without it
        return read_text(Path(solution))
    return textwrap.dedent(str(solution)).strip("\n") + "\n"


def solution_file(solution: object) -> str:
    """Return the path of the file that a solution names; empty if it is the text itself."""
    named = isinstance(solution, Path) or (isinstance(solution, str) and is_path(solution))
    return Path(str(solution)).as_posix() if named else ""


def is_path(solution: str) -> bool:
    """Tell whether a solution names a file: one line that ends in .txt."""
    return solution.endswith(".txt") and "\n" not in solution


def task_box(task: str, heading: str = "EXERCISE") -> ipywidgets.HTML:
    """Return what is to be done, as it stands above the rest."""
    paragraphs = [part for part in task.split("\n\n") if part.strip()]
    told = "".join(f"<p>{html.escape(part.strip())}</p>" for part in paragraphs)
    box = ipywidgets.HTML(caption_text(heading) + told)
    box.add_class("kit-exercise-task")
    return box
