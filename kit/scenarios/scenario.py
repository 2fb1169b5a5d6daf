"""What a scenario is: a named run with a title, what to look for, and parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kit.errors import ArgumentError, LimitExceeded, nearest, require, require_whole
from kit.trace import Machine, Trace

Build = Callable[..., Machine]


@dataclass(frozen=True)
class Parameter:
    """Something about a scenario that can be chosen.

    Attributes
    ----------
    default : int, bool or str
    meaning : str
        What it is, with its unit.
    least, most : int
        Bounds of a number.
    choices : tuple of str
        The texts it can be; empty for a number or a truth value.
    """

    default: Any
    meaning: str
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()

    def check(self, label: str, value: Any) -> None:
        """Refuse what it cannot be.

        Raises
        ------
        ArgumentError
        """
        if self.choices:
            hint = nearest(str(value), self.choices)
            require(value in self.choices, f"{label} is {value!r}; {hint}")
        elif isinstance(self.default, bool):
            require(type(value) is bool, f"{label} is {value!r}; give True or False")
        else:
            require_whole(label, value, self.least, self.most)

    @property
    def span(self) -> str:
        """What it can be, in words."""
        if self.choices:
            return ", ".join(self.choices)
        return "True, False" if isinstance(self.default, bool) else f"{self.least} to {self.most}"


def number(default: int, least: int, most: int, meaning: str) -> Parameter:
    """Return a parameter that is a whole number.

    Parameters
    ----------
    default, least, most : int
    meaning : str
        What it is, in a few words.
    """
    return Parameter(default, meaning, least, most)


def switch(default: bool, meaning: str) -> Parameter:
    """Return a parameter that is True or False."""
    return Parameter(default, meaning)


def choice(default: str, *others: str, meaning: str) -> Parameter:
    """Return a parameter that is one of some texts."""
    return Parameter(default, meaning, choices=(default, *others))


class Scenario:
    """A named run.

    Calling it runs it: ``lost_update(quantum=3)`` returns the trace. Equal parameters
    give equal traces.

    Parameters
    ----------
    build : callable
        Takes the parameters and returns a machine with everything launched.
    title : str
    look_for : tuple of str
        What to watch, a sentence each.
    parameters : dict of str to Parameter
    reaches_limit : bool
        Whether it runs into a limit of the machine on purpose.

    Attributes
    ----------
    name : str
    """

    def __init__(
        self,
        build: Build,
        title: str,
        look_for: tuple[str, ...],
        parameters: dict[str, Parameter],
        reaches_limit: bool,
    ) -> None:
        self.build, self.title, self.look_for = build, title, look_for
        self.parameters, self.reaches_limit = parameters, reaches_limit
        self.name = build.__name__
        self.__doc__ = str(self)

    def machine(self, **chosen: Any) -> Machine:
        """Return the machine with everything launched, before its first tick.

        Parameters
        ----------
        **chosen
            Values of `parameters`; the defaults for those left out.

        Raises
        ------
        ArgumentError
            If there is no such parameter, or it cannot be that.
        """
        for name, value in chosen.items():
            parameter = self.parameters.get(name)
            if parameter is None:
                raise ArgumentError(
                    f"{self.name} has no parameter '{name}'; {nearest(name, self.parameters)}"
                )
            parameter.check(f"{self.name}: {name}", value)
        defaults = {name: parameter.default for name, parameter in self.parameters.items()}
        return self.build(**{**defaults, **chosen})

    def __call__(self, *unnamed: Any, **chosen: Any) -> Trace:
        """Return the trace of its run; see `machine` for the arguments."""
        if unnamed:
            names = ", ".join(f"{name}=…" for name in self.parameters) or "no parameters"
            raise ArgumentError(f"{self.name} takes its parameters by name: {names}")
        try:
            return self.machine(**chosen).run()
        except LimitExceeded as limit:
            if not self.reaches_limit:
                raise
            trace: Trace = limit.trace
            return trace

    def __str__(self) -> str:
        lines = [self.title, "", *(f"- {sentence}" for sentence in self.look_for)]
        if self.parameters:
            lines += ["", "Parameters:", ""]
        lines += [
            f"- {name}={parameter.default!r}: {parameter.meaning} ({parameter.span})"
            for name, parameter in self.parameters.items()
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: {self.title}>"


def scenario(
    title: str, *look_for: str, reaches_limit: bool = False, **parameters: Parameter
) -> Callable[[Build], Scenario]:
    """Make a scenario of a function that returns a machine."""

    def make(build: Build) -> Scenario:
        return Scenario(build, title, look_for, parameters, reaches_limit)

    return make
