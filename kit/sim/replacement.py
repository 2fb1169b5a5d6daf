"""Page replacement: which page leaves when RAM is full.

Definitions: Arpaci-Dusseau, *Operating Systems: Three Easy Pieces*, chapter on swapping:
policies; Belady, *A study of replacement algorithms for a virtual-storage computer* (1966).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kit.errors import ArgumentError, explain_arguments, explained, nearest, require, require_whole

POLICIES = {
    "fifo": "the page that came first leaves first",
    "lru": "the page that was not used for the longest time leaves",
    "clock": "a hand goes round; a page used since it last passed is spared once",
    "opt": "the page that will not be used for the longest time leaves; it knows the future",
}
"""Policy -> its rule."""


@explained
@dataclass(frozen=True)
class Replacement:
    """A replacement policy, as a setting of a machine.

    Parameters
    ----------
    policy : str
        "fifo", "lru" or "clock". The best possible one, "opt", has to know the future:
        compare with ``replace_pages(trace.page_references(), frames, "opt")``.
    """

    policy: str = "lru"

    def __post_init__(self) -> None:
        _check_policy("Replacement", self.policy)
        require(
            self.policy != "opt",
            "Replacement: 'opt' knows the future, and a running machine does not; run with another "
            'policy, then compare with replace_pages(trace.page_references(), frames, "opt")',
        )

    def start(self) -> Recency | Clock:
        """Return the policy at work, for one machine."""
        return Clock() if self.policy == "clock" else Recency(self.policy == "lru")


def _check_policy(label: str, policy: str) -> None:
    require(
        policy in list(POLICIES), f"{label}: no policy {policy!r}; {nearest(str(policy), POLICIES)}"
    )


class Recency:
    """FIFO and LRU: frames in the order in which they were loaded, or last used.

    Parameters
    ----------
    by_use : bool
        Whether using a page counts, as in LRU.
    """

    def __init__(self, by_use: bool) -> None:
        self.by_use = by_use
        self.order: dict[int, None] = {}

    def loaded(self, frame: int) -> None:
        """Hear that a page was brought into a frame."""
        self.order.pop(frame, None)
        self.order[frame] = None

    def used(self, frame: int) -> None:
        """Hear that the page in a frame was used."""
        if self.by_use:
            self.loaded(frame)

    def forgotten(self, frame: int) -> None:
        """Hear that a frame is free again."""
        self.order.pop(frame, None)

    def victim(self, candidates: Sequence[int]) -> int:
        """Return the one of these frames whose page has to leave."""
        allowed = set(candidates)
        return next(frame for frame in self.order if frame in allowed)

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(self.order)

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.order = dict.fromkeys(state)


class Clock:
    """The clock algorithm: one use bit a frame, and a hand that goes round.

    A page has its bit set when it comes and whenever it is used.
    """

    def __init__(self) -> None:
        self.bits: dict[int, bool] = {}

    def loaded(self, frame: int) -> None:
        """Hear that a page was brought into a frame; it stands behind the hand."""
        self.bits.pop(frame, None)
        self.bits[frame] = True

    def used(self, frame: int) -> None:
        """Hear that the page in a frame was used."""
        self.bits[frame] = True

    def forgotten(self, frame: int) -> None:
        """Hear that a frame is free again."""
        self.bits.pop(frame, None)

    def victim(self, candidates: Sequence[int]) -> int:
        """Move the hand to the first page without its bit; clear those it passes."""
        allowed = set(candidates)
        while True:
            frame = next(iter(self.bits))
            bit = self.bits.pop(frame)
            if frame in allowed and not bit:
                self.bits[frame] = False
                return frame
            self.bits[frame] = bit and frame not in allowed

    def state(self) -> tuple[Any, ...]:
        """Return what `restore` needs."""
        return tuple(self.bits.items())

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go back to `state`."""
        self.bits = dict(state)


class PageReference(NamedTuple):
    """One use of a page.

    Attributes
    ----------
    page : int or tuple
    hit : bool
        Whether it was in memory.
    evicted : int or tuple or None
        The page that had to leave.
    pages : tuple
        What is in memory afterwards, in the order in which the pages came.
    """

    page: Any
    hit: bool
    evicted: Any
    pages: tuple[Any, ...]


class PageReferences(NamedTuple):
    """A row of uses, and how often the page was there.

    Attributes
    ----------
    steps : tuple of PageReference
    hits, misses : int
    """

    steps: tuple[PageReference, ...]
    hits: int
    misses: int

    def __repr__(self) -> str:
        return f"<PageReferences: {self.hits} hits, {self.misses} misses>"


@explain_arguments
def replace_pages(references: Iterable[Any], frames: int, policy: str = "lru") -> PageReferences:
    """Run a replacement policy over a row of page uses.

    Parameters
    ----------
    references : iterable
        The pages used, in order: numbers, or whatever names a page.
    frames : int
        Pages that fit into memory, at least 1.
    policy : str
        A key of `POLICIES`.

    Returns
    -------
    PageReferences

    Examples
    --------
    >>> replace_pages([0, 1, 2, 0, 1, 3, 0, 3, 1, 2, 1], 3, "opt").misses
    5
    """
    try:
        used = list(references)
    except TypeError:
        raise ArgumentError(
            f"replace_pages: the references are {references!r}; give a list such as [0, 1, 2, 0]"
        ) from None
    for page in used:
        require(
            isinstance(page, Hashable),
            f"replace_pages: {page!r} cannot name a page; give numbers, texts or tuples",
        )
    require_whole("replace_pages: frames", frames, 1)
    _check_policy("replace_pages", policy)
    memory: list[Any] = []
    replacer = None if policy == "opt" else Replacement(policy).start()
    steps = []
    for index, page in enumerate(used):
        hit, evicted = page in memory, None
        if not hit and len(memory) == frames:
            if replacer is None:
                evicted = _last_needed(memory, used, index + 1)
            else:
                evicted = replacer.victim(memory)
                replacer.forgotten(evicted)
            memory.remove(evicted)
        if not hit:
            memory.append(page)
        if replacer is not None:
            (replacer.used if hit else replacer.loaded)(page)
        steps.append(PageReference(page, hit, evicted, tuple(memory)))
    hits = sum(step.hit for step in steps)
    return PageReferences(tuple(steps), hits, len(steps) - hits)


def _last_needed(memory: list[Any], used: list[Any], start: int) -> Any:
    """Return the page in memory that is used last from a place on, or never again."""
    distances = {}
    for page in memory:
        try:
            distances[page] = used.index(page, start)
        except ValueError:
            distances[page] = len(used)
    return max(memory, key=distances.__getitem__)
