"""What the messages of a kernel tell of failures, and whose failures they are."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.check.execution.telling import plain, short
from kit.check.notebooks import Cell
from kit.check.results import Problem

Message = Mapping[str, Any]
"""One message of the kernel on its iopub channel, as Jupyter defines it."""

ALLOW_STDERR = "allow-stderr"

_TELLING = re.compile(r"^\s*(?:.*:\d+: )?([\w.]*(?:Warning|Error|Exception|Interrupt)\b.*)")

_BETWEEN = re.compile(
    r"^File [^\n]*[\\/](?:ipywidgets[\\/]|traitlets[\\/]|contextlib\.py).*?\n\n",
    re.MULTILINE | re.DOTALL,
)
"""Frames of a traceback between a page and what it calls."""


@dataclass(frozen=True)
class Trouble:
    """One thing that went wrong in a kernel.

    Attributes
    ----------
    kind : str
        "error", an exception that the page shows; "stderr"; "thread" or "task", an
        exception in one; "command", a failing ``!command``; "contract", an exception in what a
        widget says of itself.
    text : str
        In a line: the exception, what was written, the command.
    details : str
        All of it.
    remedy : str
        What to do about just this one, if that is known.
    """

    kind: str
    text: str
    details: str = ""
    remedy: str = ""


def troubles(messages: Iterable[Message]) -> list[Trouble]:
    """Return what the kernel's messages tell of failures, each once."""
    found: list[Trouble] = []
    written = ""
    for message in messages:
        content = message["content"]
        if message["msg_type"] == "error":
            found.append(exception(content))
        elif message["msg_type"] == "stream" and content["name"] == "stderr":
            written += content["text"]
        elif message["msg_type"] == "comm_msg":
            outputs = content["data"].get("state", {}).get("outputs") or ()
            found.extend(exception(one) for one in outputs if one.get("output_type") == "error")
            written += "".join(one["text"] for one in outputs if one.get("name") == "stderr")
    if written.strip():
        found.append(on_stderr(plain(written)))
    return list(dict.fromkeys(found))


def exception(content: Mapping[str, Any]) -> Trouble:
    """Return the exception that an error message or a stored error output is about."""
    text = f"{content['ename']}: {short(str(content['evalue']))}".removesuffix(": ")
    details = plain("\n".join(content.get("traceback", ())))
    return Trouble("error", text, _BETWEEN.sub("", details))


def on_stderr(text: str) -> Trouble:
    """Return what was written to stderr: a warning, a traceback, or anything."""
    lines = text.strip().splitlines()
    telling = [found[1] for line in lines if (found := _TELLING.match(line))]
    if "exception was never retrieved" in text:
        return Trouble("task", short(telling[-1] if telling else lines[-1]), text)
    if lines[0].startswith("Traceback "):
        return Trouble("stderr", short(telling[-1] if telling else lines[-1]), text)
    return Trouble("stderr", short(telling[0] if telling else lines[0]), text)


@dataclass(frozen=True)
class Owner(ABC):
    """Who a failure belongs to.

    Attributes
    ----------
    cell : Cell or None
        The cell to be shown; None if it is no single one, or not known.
    """

    cell: Cell | None

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called in a sentence."""

    @property
    @abstractmethod
    def doing(self) -> str:
        """What goes on while it is its turn: "this cell ran"."""

    @abstractmethod
    def problem(self, trouble: Trouble, *, late: bool = False) -> Problem | None:
        """Return the problem that a failure is; None if it is allowed here.

        `late` is one that showed only after its owner had ended.
        """

    def as_problem(self, rule: str, found: str, remedy: str, details: str = "") -> Problem:
        """Return a problem; `found` goes on from the name.

        Parameters
        ----------
        rule : str
        found : str
            What was found.
        remedy : str
            What to do.
        details : str
            More, a text of several lines.
        """
        found = f"{self.name} {found}"
        if self.cell is None:
            return Problem(rule, found, remedy, details=details)
        return self.cell.problem(rule, found, remedy, details)


_CELL = {
    "error": (
        "raises",
        "raised {}",
        "correct it, or tag the cell raises-exception if it is meant to",
    ),
    "stderr": (
        "stderr",
        "wrote to stderr: {}",
        "remove the cause, or tag the cell allow-stderr if it is meant to",
    ),
    "thread": (
        "late",
        "started a thread that raised {}",
        "catch it in the thread, or remove its cause",
    ),
    "task": (
        "late",
        "started an asyncio task that raised {}",
        "await the task, or remove the cause",
    ),
    "command": (
        "command",
        "ran a command that failed: {}",
        "correct it, or tag the cell allow-stderr if it is meant to fail",
    ),
}
WRITTEN = ("stderr", "thread", "task", "command")
"""What a cell tagged `ALLOW_STDERR` may do."""


class CellOwner(Owner):
    """A cell, or the notebook as a whole."""

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return "the cell" if self.cell else "the notebook"

    @property
    def doing(self) -> str:
        """What goes on while it is its turn."""
        return "this cell ran" if self.cell else "the notebook was looked at"

    def problem(self, trouble: Trouble, *, late: bool = False) -> Problem | None:
        """Return the problem, unless the tags of the cell allow it."""
        tags = self.cell.tags if self.cell else ()
        if ALLOW_STDERR in tags and trouble.kind in WRITTEN:
            return None
        if self.cell and self.cell.may_raise and trouble.kind == "error":
            return None
        rule, found, remedy = _CELL[trouble.kind]
        found = found.format(trouble.text)
        if late and rule != "late":
            rule, found = "late", f"{found}, after it had ended"
        return self.as_problem(rule, found, trouble.remedy or remedy, trouble.details)


_WIDGET = {
    "error": "raised {} when it {}",
    "stderr": "wrote to stderr when it {1}: {0}",
    "thread": "started a thread that raised {} when it {}",
    "task": "started an asyncio task that raised {} when it {}",
    "command": "ran a command that failed when it {1}: {0}",
    "contract": "says something wrong of itself in {}",
}
_ANNOUNCED = re.compile(
    r"\b(?:raises?|throws?)\s+(?:an?\s+|the\s+|some\s+)?(?:exception|error)s?\b", re.IGNORECASE
)
"""What a widget says that is there to show an error: "click me to raise an exception"."""
_CONTRACT = "let it return what CONTRIBUTING.md of the kit says, or leave it out"


@dataclass(frozen=True)
class WidgetOwner(Owner):
    """A widget that a person did something with; its cell is where it was made.

    Attributes
    ----------
    widget : str
        What it is, such as ``IntSlider 'quantum'``.
    deed : str
        What happened to it: "was moved to 10".
    """

    widget: str
    deed: str

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.widget

    @property
    def doing(self) -> str:
        """What goes on while it is its turn."""
        return f"{self.widget} {self.deed}"

    def problem(self, trouble: Trouble, *, late: bool = False) -> Problem | None:  # noqa: ARG002
        """Return the problem, unless the widget's own words announce it.

        When it showed makes no difference.
        """
        named = re.findall(r"\w+", self.widget)
        announced = _ANNOUNCED.search(self.widget) or trouble.text.partition(":")[0] in named
        if trouble.kind == "error" and announced:
            return None
        remedy = "let what it calls work for this too, or do not offer it"
        if trouble.kind == "error":
            remedy += "; what is there to show an error says so: raise an exception"
        if trouble.kind == "contract":
            remedy = _CONTRACT
        found = _WIDGET[trouble.kind].format(trouble.text, self.deed)
        return self.as_problem("widget", found, remedy, trouble.details)


@dataclass(frozen=True)
class SolutionOwner(Owner):
    """The solution of an exercise, run in place of its starter."""

    number: int

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return f"the solution of exercise {self.number}"

    @property
    def doing(self) -> str:
        """What goes on while it is its turn."""
        return f"{self.name} ran"

    def problem(self, trouble: Trouble, *, late: bool = False) -> Problem:  # noqa: ARG002
        """Return the problem; when it showed makes no difference."""
        _, found, _ = _CELL[trouble.kind]
        remedy = "correct the fenced block of the cell tagged solution"
        return self.as_problem("exercise", found.format(trouble.text), remedy, trouble.details)
