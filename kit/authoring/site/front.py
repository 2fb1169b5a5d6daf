"""The run that the front page of a site plays, as pictures that need no script of a widget."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kit.scenarios import find
from kit.widgets import Stage

STILL, PLAYING = "front.svg", "front_playing.svg"
"""Files: one moment of the run, and the run as it plays."""
VIEWS = ("timeline", "perspective")
LONGEST = 120
"""Most ticks that are played."""


@dataclass(frozen=True)
class FrontRun:
    """What the front page says of the run that it plays.

    Attributes
    ----------
    about : str
        What the run shows.
    width, height : int
        Of its pictures; pixels.
    sentences : tuple of (int, str)
        Tick, and what happens from then on.
    """

    about: str
    width: int
    height: int
    sentences: tuple[tuple[int, str], ...]


def write_front(folder: Path, scenario: str) -> FrontRun | None:
    """Write the pictures of a run into a folder, and return what is said of it.

    Parameters
    ----------
    folder : Path
    scenario : str
        A name of `kit.scenarios`; empty for none.
    """
    if not scenario:
        return None
    found = find(scenario)
    trace = found()
    last = min(trace.end, LONGEST)
    stage = Stage(trace, views=VIEWS)
    try:
        picture = stage.save(folder / STILL, t=last // 2).read_text(encoding="utf-8")
        stage.save(folder / PLAYING, ticks=(0, last))
    finally:
        stage.close()
    width, height = (_number(picture, name) for name in ("width", "height"))
    told = [(tick, trace.narration(tick).first) for tick in range(last + 1)]
    before = ["", *(sentence for _, sentence in told)]
    begun = [one for one, last_one in zip(told, before, strict=False) if one[1] != last_one]
    return FrontRun(found.title, width, height, tuple(begun))


def _number(picture: str, name: str) -> int:
    """Return an attribute of the first element of an SVG."""
    return int(picture.partition(f'{name}="')[2].partition('"')[0])
