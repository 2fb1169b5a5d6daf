"""How a kernel ends, and how that is told."""

from __future__ import annotations

import signal

from kit.check.execution.troubles import Owner, WidgetOwner
from kit.check.results import Problem


class NotStarted(Exception):  # noqa: N818 - the kernel is
    """The kernel cannot be started; says why, and what to do."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(f"{found}; {remedy}")
        self.found, self.remedy = found, remedy


class KernelDied(Exception):  # noqa: N818 - the kernel did
    """The kernel's process has ended.

    Attributes
    ----------
    how : str
        Its exit code or signal in words.
    details : str
        The end of what it wrote outside of the notebook.
    """

    def __init__(self, how: str, details: str) -> None:
        super().__init__(how)
        self.how, self.details = how, details


class TookTooLong(Exception):  # noqa: N818 - what was run did
    """Something did not end in time, and was stopped.

    Attributes
    ----------
    seconds : float
        How long it was given.
    killed : bool
        Whether it went on when it was interrupted, so that the kernel had to be killed.
    details : str
        Where it was interrupted.
    """

    def __init__(self, seconds: float, killed: bool, details: str) -> None:
        super().__init__(f"not over after {seconds:g} s")
        self.seconds, self.killed, self.details = seconds, killed, details


def how_it_ended(code: int | None) -> str:
    """Return in words how a process ended that left this code."""
    if code is None:
        return "for an unknown reason"
    if code < 0:
        name = next((one.name for one in signal.Signals if one == -code), str(-code))
        hint = "; often the system has no memory left" if name == "SIGKILL" else ""
        return f"signal {name}{hint}"
    return f"exit code {code}"


def ending(owner: Owner, cause: KernelDied | TookTooLong, *, after: bool = False) -> Problem:
    """Return the problem that nothing more can be run.

    Parameters
    ----------
    owner : Owner
        Whose turn it was.
    cause : KernelDied or TookTooLong
    after : bool
        Whether the kernel died when the owner had come to its end already.
    """
    return _death(owner, cause, after) if isinstance(cause, KernelDied) else _delay(owner, cause)


def _death(owner: Owner, death: KernelDied, after: bool) -> Problem:
    when = f"after {owner.doing}" if after else f"while {owner.doing}"
    found = f"the kernel died {when} ({death.how})"
    remedy = "look for exit(), a crash in a C library, or too much memory"
    if owner.cell is None:
        return Problem("kernel-died", found, remedy, details=death.details)
    return owner.cell.problem("kernel-died", found, remedy, death.details)


def _delay(owner: Owner, cause: TookTooLong) -> Problem:
    found = f"did not end within {cause.seconds:g} s"
    if isinstance(owner, WidgetOwner):
        found = f"did not answer within {cause.seconds:g} s when it {owner.deed}"
    if cause.killed:
        found += " and went on when it was interrupted, so that the kernel was killed"
    remedy = "make it quicker, or allow more with cell_seconds in [tool.kit.check]"
    return owner.as_problem("timeout", found, f"{remedy} of pyproject.toml", cause.details)
