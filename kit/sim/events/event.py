"""What an event is: a tuple whose fields have names and types."""

from __future__ import annotations

from collections import namedtuple
from typing import Any, ClassVar, Self, dataclass_transform

_COMMON = ("tick", "kind", "pid", "tid")

_PLACES = [f"place_{number}" for number in range(12)]
_GETTERS = [vars(namedtuple("_Places", _PLACES))[place] for place in _PLACES]
"""Of a named tuple, which are the fastest there are."""


@dataclass_transform(frozen_default=True)
class _Kind(type):
    """Makes a class of the annotations in its body, as `NamedTuple` does.

    `NamedTuple` itself would have every kind repeat the fields that all have in common.
    """

    def __new__(
        cls, name: str, bases: tuple[type, ...], body: dict[str, Any], kind: str = ""
    ) -> _Kind:
        fields = tuple(body.get("__annotations__", {})) if kind else ()
        names = (*_COMMON, *fields)
        getters = {name: _GETTERS[index] for index, name in enumerate(names) if name != "kind"}
        own = {"__slots__": (), "kind": kind, "fields": fields}
        return super().__new__(cls, name, bases, {**body, **getters, **own})


class Event(tuple[Any, ...], metaclass=_Kind):
    """Something the operating system did.

    It is the tuple ``(tick, kind, pid, tid, *details)``, so a file and a digest hold it as
    that; what each kind has besides is told by its class, in `kit.sim.events`.

    Attributes
    ----------
    tick : int
    kind : str
        A key of `kit.sim.events.EVENTS`.
    pid, tid : int
        Whom it concerns; 0 for none.
    fields : tuple of str
        The names of the details.
    """

    tick: int
    pid: int
    tid: int

    kind: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]

    def __new__(cls, tick: int, pid: int, tid: int, *details: Any) -> Self:
        """Make an event of details in the order of the fields."""
        if len(details) != len(cls.fields):
            raise TypeError(f"{cls.__name__} has the details {cls.fields}, not {details}")
        return tuple.__new__(cls, (tick, cls.kind, pid, tid, *details))

    @property
    def details(self) -> dict[str, Any]:
        """What it has besides, by name."""
        return dict(zip(self.fields, self[len(_COMMON) :], strict=True))

    @property
    def key(self) -> tuple[int, int]:
        """(pid, tid)."""
        return self[2], self[3]

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Return what `pickle` makes it from again."""
        return self[0], *self[2:]

    def __repr__(self) -> str:
        told = "".join(f", {name}={value!r}" for name, value in self.details.items())
        return f"{type(self).__name__}(tick={self[0]}, pid={self[2]}, tid={self[3]}{told})"
