"""A stretch of a run that plays in an SVG: all that it draws is there, each seen in its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kit.tracks.svg.figures import Elements, Key
from kit.tracks.svg.writing import element

REST = 6
"""Ticks for which the last one stays before it begins again."""

Seen = tuple[tuple[int, int], ...]
"""Between which ticks, by their place, something is seen."""


def animated(drawn: Sequence[Sequence[Elements]], seconds_a_tick: float) -> tuple[str, list[str]]:
    """Return the style sheet, and for each block what is in it.

    A reader who has asked for less motion sees the first tick, and so do programs that cannot
    play an SVG.

    Parameters
    ----------
    drawn : sequence of sequence of dict
        For each block what is drawn at each tick.
    seconds_a_tick : float
    """
    names: dict[Seen, str] = {}
    count = max((len(ticks) for ticks in drawn), default=0)
    contents = ["".join(_block(ticks, names, count)) for ticks in drawn]
    length = count + REST
    rules = (_rule(name, seen, length) for seen, name in names.items())
    common = (
        f"[class^=kit-s]{{animation:{length * seconds_a_tick:.3f}s step-end infinite}}"
        "@media (prefers-reduced-motion: reduce){[class^=kit-s]{animation:none !important}}"
    )
    return element("style", common + "".join(rules)), contents


def _block(ticks: Sequence[Elements], names: dict[Seen, str], count: int) -> Iterator[str]:
    """Yield all that a block ever draws, in the order of drawing."""
    for key in sorted({key for drawn in ticks for key in drawn}):
        for one, seen in _runs(ticks, key).items():
            if seen == ((0, count),):
                yield one
                continue
            name = names.setdefault(seen, f"kit-s{len(names)}")
            hidden = None if seen[0][0] == 0 else "hidden"
            yield element("g", one, **{"class": name, "visibility": hidden})


def _runs(ticks: Sequence[Elements], key: Key) -> dict[str, Seen]:
    """Return what one element is in turn, and when it is that."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, drawn in enumerate(ticks):
        one = drawn.get(key)
        if not one:
            continue
        runs = found.setdefault(one, [])
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return {one: tuple(runs) for one, runs in found.items()}


def _rule(name: str, seen: Seen, length: int) -> str:
    """Return when something is seen, as the style sheet says it; the last tick stays."""
    last = length - REST
    turns = {0: "hidden"}
    for begin, end in seen:
        turns[begin] = "visible"
        if end < last:
            turns[end] = "hidden"
    keys = "".join(
        f"{100 * place / length:.4g}%{{visibility:{look}}}" for place, look in turns.items()
    )
    return f".{name}{{animation-name:{name}}}@keyframes {name}{{{keys}}}"
