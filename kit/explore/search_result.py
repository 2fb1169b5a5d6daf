"""What a search finds: the graph of states, and the races between threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from kit.explore.graph import Edge, Graph
from kit.explore.plan import Location, Plan
from kit.lang.image import Image


class Access(NamedTuple):
    """What a thread did to a word of memory that several threads use.

    Attributes
    ----------
    location : Location
    pid, tid : int
    line : int
        Of the program's source.
    name : str
        The variable, or the address.
    writes : bool
    atomic : bool
        Whether it is a call that reads and writes in one step.
    """

    location: Location
    pid: int
    tid: int
    line: int
    name: str
    writes: bool
    atomic: bool = False


def name_of(image: Image, offset: int, address: int) -> str:
    """Return the name of an access: the variable, or the address.

    Parameters
    ----------
    image : Image
    offset : int
        Bytes from the start of the data segment.
    address : int
    """
    return image.variable_at(offset) or f"the word at {address:#06x}"


class Race(NamedTuple):
    """Two accesses to one word at which both threads stand at the same time.

    At least one of them writes, and at least one is not atomic. Whoever comes first is left to
    the scheduler.

    Attributes
    ----------
    name : str
        The variable.
    first, second : Access
    """

    name: str
    first: Access
    second: Access


@dataclass
class SearchResult:
    """All that a search found.

    Attributes
    ----------
    plan : Plan
    graph : Graph
    races : dict of Race to (int, Edge, Edge)
        With a state in which both threads stand there, and the two steps.
    broken : set of int
        States in which the invariant does not hold.
    moves : int
        Steps that were taken.
    left : int
        States that were found and not looked at, where a limit was reached.
    stopped : bool
        Whether the caller stopped it, so that states were left.
    quick : bool
        Whether the engine found it, not the computer.
    """

    plan: Plan
    graph: Graph = field(default_factory=Graph)
    races: dict[Race, tuple[int, Edge, Edge]] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)
    moves: int = 0
    left: int = 0
    stopped: bool = False
    quick: bool = False


def conflict(one: Access, other: Access) -> bool:
    """Tell whether two accesses of two threads are a race, if nothing brings them into an order."""
    return (
        one.location == other.location
        and (one.writes or other.writes)
        and not (one.atomic and other.atomic)
    )


Progress = Callable[[int, int], None]
"""Is told how many states have been looked at, and how many are known."""

Stop = Callable[[], bool]
"""Says whether a search should end where it is."""
