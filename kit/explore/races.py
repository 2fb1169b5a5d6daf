"""Races in words: which threads use a word of memory at the same time, and at which lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from kit.explore.search_result import Access, Race
from kit.explore.telling import thread_name


def distinct(races: Iterable[Race]) -> tuple[Race, ...]:
    """Return races in a fixed order; of threads that do the same at the same lines only one.

    Parameters
    ----------
    races : iterable of Race
    """
    found: dict[tuple[object, ...], Race] = {}
    for race in sorted(races):
        one, other = ((a.pid, a.line, a.writes) for a in _in_order(race))
        found.setdefault((race.name, one, other), race)
    return tuple(found.values())


def in_words(race: Race, *, several: bool) -> str:
    """Return a race in words, by the name of its word.

    Parameters
    ----------
    race : Race
    several : bool
        Whether there are several processes, so that a thread is named with its own.
    """
    (pair,) = _pairs([race], several=several)
    return f"{race.name}: {pair}"


def all_in_words(races: Iterable[Race], *, several: bool) -> str:
    """Return all races in words: for each variable its words, and who uses them at which lines.

    Parameters
    ----------
    races : iterable of Race
        As `distinct` returns them.
    several : bool
        As for `in_words`.
    """
    named: dict[str, list[Race]] = {}
    for race in races:
        named.setdefault(race.name, []).append(race)
    pairs = {name: tuple(_pairs(those, several=several)) for name, those in named.items()}
    told = []
    for (_, shown), names in groupby(pairs, lambda name: (name.partition("[")[0], pairs[name])):
        told.append(f"a race on {_listed(list(names))}: {', or '.join(shown)}")
    return "; ".join(told)


def _listed(names: list[str]) -> str:
    """Return names as a list; of many elements of an array the first and the last."""
    if len(names) > 3:
        return f"{names[0]} to {names[-1]}"
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _pairs(races: list[Race], *, several: bool) -> Iterator[str]:
    """Yield the pairs of accesses to a word; what differs only in the last line as one."""
    lines: dict[tuple[str, str], list[int]] = {}
    for race in races:
        one, other = _in_order(race)
        lines.setdefault(_who(one, other, several=several), []).append(other.line)
    for (begins, ends), those in lines.items():
        where = f"line {those[0]}" if len(those) == 1 else f"lines {_numbers(those)}"
        yield f"{begins}{ends} at {where}"


def _who(one: Access, other: Access, *, several: bool) -> tuple[str, str]:
    """Return who makes two accesses and how, up to before the line of the second one."""
    who, too = (thread_name(access.pid, access.tid, several=several) for access in (one, other))
    if (one.line, one.writes, one.atomic) == (other.line, other.writes, other.atomic):
        return f"{who} and {too} ", f"both {_verb(one, many=True)}"
    return f"{who} {_verb(one)} at line {one.line}, ", f"{too} {_verb(other)}"


def _numbers(numbers: list[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} or {numbers[-1]}"


def _verb(access: Access, *, many: bool = False) -> str:
    verb, how = ("change", " atomically") if access.atomic else ("write", "")
    verb = verb if access.atomic or access.writes else "read"
    return f"{verb}{'' if many else 's'} it{how}"


def _in_order(race: Race) -> list[Access]:
    return sorted((race.first, race.second), key=lambda a: (a.pid, a.line, a.writes, a.tid))
