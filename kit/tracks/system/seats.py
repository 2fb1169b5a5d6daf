"""Seats: where tokens stand, so that none moves while it stays and none stands on another."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Token = TypeVar("Token")
Seat = tuple[str, int]
"""A place and the number of a seat there; the number is `STANDING` for one who has none."""
STANDING = -1


class Seats(Generic[Token]):
    """Who sits where. A token keeps its seat while it stays at a place.

    Parameters
    ----------
    room : mapping of str to int
        Place -> how many seats it has.
    """

    def __init__(self, room: Mapping[str, int]) -> None:
        self._free = {place: list(range(count)) for place, count in room.items()}
        for seats in self._free.values():
            heapify(seats)
        self._standing: dict[str, dict[Token, None]] = {place: {} for place in room}
        self.seats: dict[Token, Seat] = {}

    def move(self, moves: Mapping[Token, str]) -> dict[Token, Seat | None]:
        """Let tokens go to places at once, "" to leave; return the seats that changed.

        Those who stood at a place take seats that have become free, longest standing first.
        """
        changed: dict[Token, Seat | None] = {}
        left = {token: self.seats.pop(token) for token in moves if token in self.seats}
        for token, (place, number) in left.items():
            changed[token] = None
            if number == STANDING:
                del self._standing[place][token]
            else:
                heappush(self._free[place], number)
        for token, place in moves.items():
            if place:
                self._standing[place][token] = None
                self.seats[token] = changed[token] = (place, STANDING)
        for place in sorted({place for place, _ in left.values()} | set(moves.values()) - {""}):
            self._seat(place, changed)
        return changed

    def _seat(self, place: str, changed: dict[Token, Seat | None]) -> None:
        standing, free = self._standing[place], self._free[place]
        while standing and free:
            token = next(iter(standing))
            del standing[token]
            self.seats[token] = changed[token] = (place, heappop(free))

    def swap(self, token: Token, seated: Token) -> dict[Token, Seat | None]:
        """Let one who stands at a place have the seat of another one; return what changed."""
        place, number = self.seats[seated]
        del self._standing[place][token]
        self._standing[place][seated] = None
        self.seats[token], self.seats[seated] = (place, number), (place, STANDING)
        return {token: self.seats[token], seated: self.seats[seated]}

    def standing(self, place: str) -> int:
        """Return how many at a place have no seat."""
        return len(self._standing[place])
