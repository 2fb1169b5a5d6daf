"""What is wrong with an exercise itself, for the teacher who writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kit.answering.judging import Judgement
from kit.errors import KitError, LanguageError

ALREADY = "leave out of the starter what students are to do, or ask for more in spec or validator"
MISSING = "give solution=, a program text, or the path of a .txt file in the folder solutions"
FILE_MISSING = "there is no file {}, seen from the folder of the notebook; put it there"


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with an exercise.

    Attributes
    ----------
    text : str
        A part of a sentence, such as "the starter already passes".
    remedy : str
        Which of starter, solution and specification to correct, and how.
    """

    text: str
    remedy: str


def flaws_of(
    judge: Callable[[str], Judgement], starter: str, solution: str | None, file: str
) -> list[Flaw]:
    """Return what is wrong with an exercise: its starter must not pass, its solution must.

    Parameters
    ----------
    judge : callable
        Checks a program text.
    starter : str
    solution : str or None
    file : str
        The file of the solution; empty if it has none.
    """
    begun = judge(starter)
    if begun.error is not None and not isinstance(begun.error, KitError):
        told = f"the check fails on the starter: {' '.join(begun.messages)}"
        return [Flaw(told, "correct the function given as validator or machine, or the spec")]
    found = [Flaw("the starter already passes", ALREADY)] if begun.passed else []
    if solution is None:
        return [
            *found,
            Flaw("there is no solution", FILE_MISSING.format(file) if file else MISSING),
        ]
    judged = judge(solution)
    if judged.passed:
        return found
    which = f"the solution in {file}" if file else "the solution"
    to_correct = file or "the text given as solution"
    error = judged.error
    if isinstance(error, LanguageError):
        told = str(error).removeprefix(f"{error.file}:{error.line}:{error.column}: ")
        text = f"{which} has a mistake in line {error.line}: {told}"
        return [*found, Flaw(text, f"correct {to_correct}")]
    if error is not None and not isinstance(error, KitError):
        remedy = f"correct {to_correct}, or the function given as validator or machine"
    else:
        remedy = f"correct {to_correct}, or the spec or validator, if the solution is what you mean"
    return [*found, Flaw(f"{which} does not pass: {judged.text}", remedy)]
