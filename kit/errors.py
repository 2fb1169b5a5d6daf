"""Every error the kit raises on purpose, and the check that explains a wrong argument.

An error says where it happened, what was found, and what to do instead, in one
sentence; raising it leaves everything as it was.
"""

from __future__ import annotations

import difflib
import functools
import inspect
import traceback
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])
Class = TypeVar("Class", bound=type[Any])


class KitError(Exception):
    """Base of every error the kit raises on purpose."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: the sentence and the user's line, not our inside."""
        lines = [
            f"  line {frame.lineno}: {frame.line}"
            for frame in traceback.extract_tb(self.__traceback__)
            if "ipykernel_" in frame.filename or frame.filename.startswith("<ipython-input")
            # What IPython makes of a cell magic: the whole cell in one line.
            if not (frame.line or "").startswith("get_ipython().run_cell_magic(")
        ]
        notes = getattr(self, "__notes__", ())
        return [f"{type(self).__name__}: {self}", *lines[-1:], *notes]


class ArgumentError(KitError):
    """A function or class of the kit was called with an argument it cannot use."""


class LanguageError(KitError):
    """A program is not in the lesson language.

    Attributes
    ----------
    file : str
        Name of the program with ``.py`` added.
    line, column : int
        Where, both counted from 1.
    """

    def __init__(self, file: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {message}")
        self.file = file
        self.line = line
        self.column = column


class LimitExceeded(KitError):  # noqa: N818 - the word users know from Limits
    """A run reached one of its limits and was stopped.

    Attributes
    ----------
    trace : Trace or None
        What happened until then.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.trace: Any = None


class TraceError(KitError):
    """A stored trace cannot be read, or a trace was asked for what it does not hold."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint such as ``"did you mean 'cores'?"``, or the known names, if there are any.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What could have been written.
    """
    choices = [str(choice) for choice in known]
    close = difflib.get_close_matches(name, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return "use one of " + ", ".join(choices) if choices else "define it first"


def plural(number: int, word: str) -> str:
    """Return a number with its word: 1 tick, 2 ticks, 2 more processes."""
    ending = "es" if word.endswith("s") else "s"
    return f"{number} {word}" if number == 1 else f"{number} {word}{ending}"


def explain_arguments(function: Function) -> Function:
    """Wrap `function` so that a call that does not fit its signature raises `ArgumentError`.

    Python's own ``TypeError`` names the argument but not what could be written
    instead, and comes with a traceback into the kit.
    """
    signature = inspect.signature(function)
    label = function.__qualname__.removesuffix(".__init__")
    takes_any = [p.name for p in signature.parameters.values() if p.kind is p.VAR_KEYWORD]
    own = ("self", "cls", *takes_any)
    names = [name for name in signature.parameters if name not in own]

    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        # Binding first would cost each call that fits as much as a small function takes.
        try:
            return function(*args, **kwargs)
        except TypeError:
            try:
                signature.bind(*args, **kwargs)
            except TypeError as mismatch:
                given = {} if takes_any else kwargs
                raise ArgumentError(_explanation(label, names, given, mismatch)) from None
            raise

    return checked  # type: ignore[return-value]


def explained(cls: Class) -> Class:
    """Class decorator: `explain_arguments` for the constructor."""
    cls.__init__ = explain_arguments(cls.__init__)
    return cls


def _explanation(label: str, names: list[str], given: dict[str, Any], mismatch: TypeError) -> str:
    for name in given:
        if name not in names:
            return f"{label} has no argument '{name}'; {nearest(name, names)}"
    return f"{label}: {mismatch}; its arguments are {', '.join(names) or 'none'}"


def require(condition: bool, message: str) -> None:
    """Raise `ArgumentError` with `message` unless `condition` holds."""
    if not condition:
        raise ArgumentError(message)


def require_whole(label: str, value: object, least: int, most: int | None = None) -> None:
    """Raise `ArgumentError` unless `value` is a whole number from `least` to `most`."""
    span = f"a whole number of at least {least}"
    if most is not None:
        span = f"{least}" if most == least else f"a whole number from {least} to {most}"
    good = isinstance(value, int) and not isinstance(value, bool)
    if not (good and least <= value and (most is None or value <= most)):  # type: ignore[operator]
        raise ArgumentError(f"{label} is {value!r}; give {span}")
