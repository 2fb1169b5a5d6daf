"""What the segments of an address space are called."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class SegmentName(NamedTuple):
    """A segment's kind, and whose it is: ``stack T2``, ``shared board``, ``heap``.

    Attributes
    ----------
    kind : str
        "code", "data", "heap", "stack" or "shared".
    tid : int
        The thread a stack belongs to; 0 for the rest.
    area : str
        The name of the area that is shared; "" for the rest.
    """

    kind: str
    tid: int = 0
    area: str = ""

    @classmethod
    def of(cls, name: str) -> SegmentName:
        """Return what a name says: the one place where it is taken apart."""
        return _of(name)

    def __str__(self) -> str:
        if self.kind == "shared":
            return f"shared {self.area}"
        return f"stack T{self.tid}" if self.tid else self.kind


@lru_cache(maxsize=1024)
def _of(name: str) -> SegmentName:
    kind, _, rest = name.partition(" ")
    if kind == "stack" and rest:
        return SegmentName(kind, tid=int(rest.removeprefix("T")))
    return SegmentName(kind, area=rest)
