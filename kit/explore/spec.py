"""What a program is meant to do, whatever the schedule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

from kit.errors import explained, nearest, require
from kit.explore.invariant import names_in
from kit.explore.results import Value
from kit.lang.image import Variable
from kit.lang.objects import VALUES
from kit.lang.program import Program
from kit.lang.signals import MAX_EXIT_CODE


@explained
@dataclass(frozen=True)
class Spec:
    """What a program is meant to do, whatever the schedule.

    Parameters
    ----------
    output : str, optional
        What the first process prints; a missing line end at the end does not matter.
    outputs : iterable of str, optional
        All that it may print, if that is not always the same.
    globals : mapping of str to int or tuple of int, optional
        Last values of its globals; only those that are named are looked at.
    exit_code : int, optional
        Of the first process; not looked at if not given.
    races, deadlock, endless : bool
        Whether races, threads that wait for ever, and runs without any way to an end, or that
        a limit stops before it, are allowed.
    invariant : str
        What holds of the globals at every point at which another thread can be chosen.
    finally_ : str
        What holds of the globals at the end of every run, such as ``"2 <= count <= 6"``.
    may_race : iterable of str
        Names of globals on which races are allowed, such as the flags of Peterson's algorithm.
    busy_waiting : bool
        Whether a thread may wait busily: run in circles until another one does something, in
        place of blocking; see `kit.explore.busy`.
    """

    output: str | None = None
    globals: Mapping[str, Value] | None = None
    exit_code: int | None = None
    races: bool = False
    deadlock: bool = False
    endless: bool = False
    invariant: str = ""
    may_race: Iterable[str] = ()
    finally_: str = ""
    outputs: Iterable[str] | None = None
    busy_waiting: bool = True

    def __post_init__(self) -> None:
        require(
            self.output is None or isinstance(self.output, str),
            f"Spec: output is {self.output!r}; give a text",
        )
        require(
            self.globals is None or isinstance(self.globals, Mapping),
            f"Spec: globals is {self.globals!r}; give names with values, as in {{'count': 6}}",
        )
        if self.exit_code is not None:
            require(
                type(self.exit_code) is int,
                f"Spec: exit_code is {self.exit_code!r}; give a whole number",
            )
            require(
                0 <= self.exit_code <= MAX_EXIT_CODE,
                f"Spec: exit_code is {self.exit_code}; give 0 to {MAX_EXIT_CODE}: it has eight "
                "bits, and what a signal ends has none",
            )
        for name in ("races", "deadlock", "endless", "busy_waiting"):
            value = getattr(self, name)
            require(isinstance(value, bool), f"Spec: {name} is {value!r}; give True or False")
        for name in ("invariant", "finally_"):
            text = getattr(self, name)
            require(
                isinstance(text, str),
                f"Spec: {name} is {text!r}; give a text such as '0 <= used <= 2'",
            )
            if text:
                names_in(text, label=name)
        if self.outputs is not None:
            require(self.output is None, "Spec: give output or outputs, not both")
            object.__setattr__(self, "outputs", _checked_texts(self.outputs))
        object.__setattr__(self, "may_race", _checked_names(self.may_race))
        if self.globals is not None:
            values = {name: _checked_value(name, value) for name, value in self.globals.items()}
            object.__setattr__(self, "globals", values)

    def check_names(self, programs: Iterable[Program]) -> None:
        """Raise `ArgumentError` if it speaks of a global that none of some programs has.

        Parameters
        ----------
        programs : iterable of Program
        """
        known: dict[str, list[Variable]] = {}
        objects: dict[str, str] = {}
        for program in programs:
            for name, variable in program.image.variables.items():
                if variable.kind in VALUES:
                    known.setdefault(name, []).append(variable)
                else:
                    objects[name] = variable.kind
        asked = (
            name for text in (self.invariant, self.finally_) if text for name in names_in(text)
        )
        for name in (*(self.globals or {}), *asked, *self.may_race):
            require(
                name in known or name not in objects,
                f"Spec: '{name}' is a {objects.get(name)}, and only numbers and arrays of them can "
                "be asked for; keep in a global what you want to know of it",
            )
            require(name in known, f"Spec: there is no global '{name}'; {nearest(name, known)}")
        for name, value in (self.globals or {}).items():
            shapes = [_shape(one.value((0,) * one.length)) for one in known[name]]
            meant, more = _in_words(shapes[0])
            require(
                _shape(value) in shapes,
                f"Spec: globals gives {value!r} for '{name}', which is {meant}; give {more}",
            )


def _shape(value: Value) -> tuple[int, ...]:
    """Return how many rows and columns a value has; () if it is one number."""
    if isinstance(value, int):
        return ()
    rows = {_shape(part) for part in value}
    return len(value), *(rows.pop() if len(rows) == 1 else ())


def _in_words(shape: tuple[int, ...]) -> tuple[str, str]:
    """Return what a global of a shape is, and what to give for it."""
    match shape:
        case ():
            return "an integer", "one value"
        case (length,):
            return f"an array of {length}", f"{length} values"
    rows, columns, *_ = shape
    return f"an array of {rows} rows of {columns}", f"{rows} tuples of {columns} values"


def _checked_names(names: object) -> tuple[str, ...]:
    found = tuple(names) if isinstance(names, Iterable) and not isinstance(names, str) else (0,)
    require(
        all(isinstance(name, str) for name in found),
        f"Spec: may_race is {names!r}; give the names of globals, as in ['flag', 'turn']",
    )
    return tuple(map(str, found))


def _checked_texts(texts: object) -> tuple[str, ...]:
    found = tuple(texts) if isinstance(texts, Iterable) and not isinstance(texts, str) else ()
    require(
        bool(found) and all(isinstance(text, str) for text in found),
        f"Spec: outputs is {texts!r}; give the texts that may be printed, as in {{'1', '2'}}",
    )
    return tuple(sorted(set(map(str, found))))


def _checked_value(name: object, value: object) -> Value:
    require(
        isinstance(name, str), f"Spec: globals names {name!r}; give the name of a global, a text"
    )
    listed = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    parts: list[Any] = list(value) if isinstance(value, Sequence) and listed else [value]
    if listed and parts and all(isinstance(part, (tuple, list)) for part in parts):
        rows: Any = tuple(_checked_value(name, part) for part in parts)
        checked: Value = rows
        return checked
    require(
        all(isinstance(part, Integral) for part in parts),
        f"Spec: globals gives {value!r} for '{name}'; give a whole number, or a list of them for "
        "an array",
    )
    if listed:
        return tuple(parts)
    whole: int = parts[0]
    return whole
