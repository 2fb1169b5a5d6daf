"""How many schedules one way through the states stands for.

The fast engine lets a thread spawn, join and end as soon as it comes to it, since nobody can tell
when. On the machine each of these is a step of its own, at any time later. So a way through the
states stands for as many schedules as there are ways to put these steps between the others. What
is still to be done is counted along with the states.

It is kept as one row per thread, by tid: what it still has to do, in order. A row can hold

- ("spawn", thread, other): until it is done the other one can do nothing;
- ("join", thread, other) and ("end", thread, thread);
- ("joined", thread, other): no step, but the thread goes on only when the other has ended.
"""

from __future__ import annotations

Event = tuple[str, int, int]
Events = tuple[Event, ...]
NO_EVENTS: Events = ()

Rows = tuple[tuple[int, Events], ...]
"""Thread -> what it still has to do; without those that have nothing to do."""


class Orders:
    """What is still to be done, by number, and how it goes on; 0 is nothing."""

    def __init__(self) -> None:
        self._numbers: dict[Rows, int] = {(): 0}
        self._rows: list[Rows] = [()]
        self._more: dict[tuple[int, Events], int] = {}
        self._less: dict[int, tuple[int, ...]] = {}
        self._held: dict[int, frozenset[int]] = {}

    def more(self, rest: int, events: Events) -> int:
        """Return what is still to be done when more has come."""
        if not events:
            return rest
        key = rest, events
        if key not in self._more:
            rows = {thread: list(row) for thread, row in self._rows[rest]}
            for event in events:
                rows.setdefault(event[1], []).append(event)
            self._more[key] = self._number(rows)
        return self._more[key]

    def less(self, rest: int) -> tuple[int, ...]:
        """Return what can still be to be done after one more step of what is."""
        if rest not in self._less:
            found = []
            held = self._spawned_later(rest)
            for thread, _ in self._rows[rest]:
                if thread not in held:
                    rows = {other: list(row) for other, row in self._rows[rest]}
                    if rows[thread].pop(0)[0] != "joined":
                        found.append(self._number(rows))
            self._less[rest] = tuple(found)
        return self._less[rest]

    def size(self, rest: int) -> int:
        """Return how much is still to be done."""
        return sum(len(row) for _, row in self._rows[rest])

    def held(self, rest: int) -> frozenset[int]:
        """Return the threads that cannot yet do what others notice."""
        if rest not in self._held:
            busy = {thread for thread, _ in self._rows[rest]}
            self._held[rest] = frozenset(busy | self._spawned_later(rest))
        return self._held[rest]

    def add(
        self, arriving: dict[int, int], leaving: dict[int, int], thread: int, events: Events
    ) -> None:
        """Add to the ways that arrive at a state those that a step of a thread makes of others.

        Parameters
        ----------
        arriving, leaving : dict of int to int
            What is still to be done -> how many ways, behind the step and before it.
        thread : int
            The tid of whose step it is.
        events : tuple
            What is done silently along with it.
        """
        for rest, ways in leaving.items():
            if rest and thread in self.held(rest):
                continue
            then = self.more(rest, events) if events else rest
            arriving[then] = arriving.get(then, 0) + ways

    def _spawned_later(self, rest: int) -> set[int]:
        rows = self._rows[rest]
        return {other for _, row in rows for what, _, other in row if what == "spawn"}

    def _number(self, rows: dict[int, list[Event]]) -> int:
        for row in rows.values():
            while row and row[0][0] == "joined" and not self._is_to_end(rows, row[0][2]):
                row.pop(0)
        plain = tuple(sorted((thread, tuple(row)) for thread, row in rows.items() if row))
        number = self._numbers.setdefault(plain, len(self._rows))
        if number == len(self._rows):
            self._rows.append(plain)
        return number

    @staticmethod
    def _is_to_end(rows: dict[int, list[Event]], thread: int) -> bool:
        return any(what == "end" for what, _, _ in rows.get(thread, ()))

    def all_later(self, counts: dict[int, int]) -> dict[int, int]:
        """Return how many ways lead to each rest, given how many arrive there from outside.

        Parameters
        ----------
        counts : dict of int to int
            Rest -> ways that arrive with it.
        """
        found = dict(counts)
        sizes: dict[int, list[int]] = {}
        for rest in counts:
            sizes.setdefault(self.size(rest), []).append(rest)
        for size in range(max(sizes, default=0), 0, -1):
            for rest in sizes.get(size, ()):
                self._pass_on(rest, found, sizes)
        return found

    def _pass_on(self, rest: int, found: dict[int, int], sizes: dict[int, list[int]]) -> None:
        for later in self.less(rest):
            if later not in found:
                found[later] = 0
                sizes.setdefault(self.size(later), []).append(later)
            found[later] += found[rest]
