"""The rules of the execution tier, which runs a notebook and looks where nbval does not."""

from __future__ import annotations

from kit.check.rules import Rule, by_name


class Readable(Rule):
    """The file is a notebook of format 4."""

    code, name = "KC201", "readable"
    remedy = "restore it from its history, or open it in JupyterLab and save it again"


class Ids(Rule):
    """Every cell has an id, and no two have the same."""

    code, name = "KC202", "ids"
    remedy = "run `kit clean` on the notebook"


class Code(Rule):
    """There is a cell to run."""

    code, name = "KC203", "code"
    remedy = "add a code cell, or make it a Markdown file"


class Kernel(Rule):
    """The kernel that the notebook names can be started."""

    code, name = "KC204", "kernel"
    remedy = "run `kit clean` on the notebook, which sets the kernel python3"


class Raises(Rule):
    """A cell runs without an exception."""

    code, name = "KC205", "raises"
    remedy = "mend the cell, or tag it raises-exception if it is meant to fail"


class DidNotRaise(Rule):
    """A cell tagged raises-exception raises one.

    A cell that is to show an error says something else when the error is gone.
    """

    code, name = "KC206", "did-not-raise"
    remedy = "take the tag away, or let the cell fail again"


class Stderr(Rule):
    """A cell writes nothing to stderr: no warning, no unknown magic.

    Readers see it in red and take it for their own mistake.
    """

    code, name = "KC207", "stderr"
    remedy = "mend its cause, or tag the cell allow-stderr"


class Command(Rule):
    """A !command ends with exit code 0.

    IPython itself goes on as if nothing had happened.
    """

    code, name = "KC208", "command"
    remedy = "mend the command, or tag the cell raises-exception"


class Timeout(Rule):
    """A cell, and a widget's callback, ends in time."""

    code, name = "KC209", "timeout"
    remedy = "make it quicker, or allow more with cell_seconds in [tool.kit.check]"


class KernelDied(Rule):
    """The kernel lives until the end."""

    code, name = "KC210", "kernel-died"
    remedy = "look for exit(), a crash in a C library, or too much memory"


class LongOutput(Rule):
    """No cell prints thousands of lines."""

    code, name = "KC211", "long-output"
    remedy = "print less, or only the end of it"


class Output(Rule):
    """What a cell tagged nbval-check-output shows is what is stored.

    What is stored is all that a reader without a kernel sees.
    """

    code, name = "KC212", "output"
    remedy = "run `kit store` on the notebook, or mend what has changed"


class Late(Rule):
    """Nothing fails in a thread or a task, or after its cell has ended.

    It would be told below another cell, or nowhere.
    """

    code, name = "KC213", "late"
    remedy = "wait in the cell for what it starts, and mend what fails"


class Widget(Rule):
    """Every widget answers to what a person can do with it.

    A person who moves a slider must not see a traceback, or nothing; only who clicks what is
    called "raise an exception", or by the name of that exception, expects one.
    """

    code, name = "KC214", "widget"
    remedy = "mend the function that answers it"


class Prediction(Rule):
    """Every prediction has a right answer and others beside it."""

    code, name = "KC215", "prediction"
    remedy = "give it a right answer, and at least one other"


class Unseen(Rule):
    """Every prediction and exercise is shown, and so is the player of a prediction.

    A question that nobody sees still counts when answers are graded.
    """

    code, name = "KC216", "unseen"
    remedy = "make it the last line of its cell, or give it to display()"


class Twice(Rule):
    """No question and no exercise is asked twice.

    Of two that are the same only one answer is kept.
    """

    code, name = "KC217", "twice"
    remedy = "ask it once, or about something else"


class Exercise(Rule):
    """The starter does not solve its exercise, and the solution does."""

    code, name = "KC218", "exercise"
    remedy = "correct the solution, the starter or the check"


class Budget(Rule):
    """The notebook keeps to its time and its memory.

    A class runs it at the same time, on small machines.
    """

    code, name = "KC219", "budget"
    remedy = "make its runs smaller, or allow more in [tool.kit.check]"


class Pytest(Rule):
    """Pytest itself can run the notebook."""

    code, name = "KC220", "pytest"
    remedy = "run pytest --nbval-lax on the notebook, and look at what it says"


class GivenAway(Rule):
    """No visible sentence of a lesson says the answer to one of its predictions.

    Who can look it up does not predict. A sentence says it if it names what is asked about and
    the right choice, and no wrong one. What is folded away, programs, and what opens after the
    answer are left out.
    """

    code, name = "KC221", "given-away"
    remedy = "say it where it opens after the answer"


RULES = by_name(
    Readable,
    Ids,
    Code,
    Kernel,
    Raises,
    DidNotRaise,
    Stderr,
    Command,
    Timeout,
    KernelDied,
    LongOutput,
    Output,
    Late,
    Widget,
    Prediction,
    Unseen,
    Twice,
    Exercise,
    Budget,
    Pytest,
    GivenAway,
)
"""Name -> the rule."""
