"""`look`: the real machine where there is one, and a recording of it everywhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kit.errors import explain_arguments, plural, require
from kit.files import FileError
from kit.host.errors import HostError
from kit.host.in_words import as_printed
from kit.host.looking.tables import HostTable
from kit.host.recordings import Found, is_found, load, save
from kit.host.running.racing import RaceResult
from kit.host.running.trace import HostTrace
from kit.trace.real import RealTrace

VARIABLE = "KIT_REAL_MACHINE"
"""The environment variable that says "recorded" where nothing is to run for real."""
RECORDED = "recorded"
HERE = "This has just happened on this computer."
ELSEWHERE = "In JupyterLab on Linux, and on Binder, the lesson looks at its own computer."


@dataclass(frozen=True)
class Look:
    """What was seen of the real machine, now or when it was recorded.

    `Compare`, `Timeline`, `AddressSpaces` and so on of `kit.widgets` take it as what was seen.

    Attributes
    ----------
    found : HostTrace, RaceResult, HostTable, HostAddressSpace or ForkMemory
        Of a race that was recorded its table.
    path : Path
        The recording.
    recorded : bool
        Whether it is the recording that is shown.
    sentence : str
        Which of both it is, and why.
    """

    found: Found
    path: Path
    recorded: bool
    sentence: str

    @property
    def trace(self) -> RealTrace | None:
        """What was seen as a trace, which views can show; None of a table."""
        found: RealTrace | None = getattr(self.found, "trace", None)
        return found

    @property
    def table(self) -> HostTable | None:
        """What was seen as a table; None of a run and of an address space."""
        if isinstance(self.found, RaceResult):
            return self.found.table
        return self.found if isinstance(self.found, HostTable) else None

    def save(self) -> Look:
        """Record what was seen, and return it.

        Raises
        ------
        HostError
            If it is a recording itself.
        FileError
            If it cannot be written.
        """
        if self.recorded:
            raise HostError(
                f"Look.save: {self.path} is what is shown; record it where the cell runs for real"
            )
        save(self.found, self.path)
        return self

    _repr_pretty_ = as_printed

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.found}"


@explain_arguments
def look(what: Callable[[], Found], recorded: str | os.PathLike[str]) -> Look:
    """Look at the real machine, or where that cannot be, at a recording of it.

    The recording is shown on a published page, in a browser without a computer behind it, where
    `KIT_REAL_MACHINE=recorded` says so, as in `kit build` and `kit grade`, and where this
    computer cannot do what is asked. A sentence says which of both it is.

    Parameters
    ----------
    what : callable
        Takes nothing and returns what `kit.host.run`, `race`, `address_space`, `fork_and_write`
        or one of the tables of `kit.host` has returned. It is called only where that is possible.
    recorded : str or path
        The file beside the notebook, such as "recorded/07_switches.json"; `Look.save` writes it.

    Raises
    ------
    ArgumentError
        If it returns anything else.
    FileError
        If there is no recording where one is to be shown.
    HostError
        If there is none and it cannot be done here either, or the recording is damaged.

    Examples
    --------
    >>> from kit import host
    >>> look(host.switches, "recorded/switches.json").save()  # doctest: +SKIP
    """
    require(
        callable(what),
        f"look: a value of type {type(what).__name__} cannot be called; give what looks, such as "
        "host.switches without its parentheses, or lambda: …",
    )
    require(
        isinstance(recorded, str | os.PathLike),
        f"look: the recording is {recorded!r}; give a text such as 'recorded/07_switches.json'",
    )
    path, why = Path(recorded), ""
    if sys.platform != "emscripten" and os.environ.get(VARIABLE) != RECORDED:
        try:
            found = what()
        except (HostError, OSError) as error:
            why = f"Here it cannot be done: {error}".rstrip(".") + "."
        else:
            require(
                is_found(found),
                f"look: it returned {type(found).__name__}; return what kit.host.run, race, "
                "address_space or switches returned",
            )
            return Look(found, path, recorded=False, sentence=_here(found))
    try:
        seen, cores = load(path)
    except FileError as error:
        if not why:
            raise
        raise HostError(f"look: {error}. {why}") from None
    words = f"This is a recording from a computer with {plural(cores, 'core')}."
    return Look(seen, path, recorded=True, sentence=f"{words} {why or ELSEWHERE}")


def _here(found: Found) -> str:
    if isinstance(found, HostTrace) and found.way == "python":
        return f"{HERE} There is no C compiler, so it ran as Python."
    return HERE
