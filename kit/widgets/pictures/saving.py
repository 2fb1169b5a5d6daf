"""A stage as a picture in a file, for slides and papers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.browsers import write_png
from kit.errors import ArgumentError, require
from kit.files import write_text
from kit.tracks.svg.stage import Shown, StagePicture
from kit.widgets.pictures.player import Player
from kit.widgets.pictures.view import View

KINDS = ("svg", "png")


def save_stage(
    path: str | os.PathLike[str],
    player: Player,
    views: Mapping[str, View],
    *,
    t: int | None = None,
    ticks: tuple[int, int] | None = None,
) -> Path:
    """Write what views show; see `kit.widgets.Stage.save`.

    Parameters
    ----------
    path : str or path
    player : Player
        Theirs.
    views : mapping of str to View
        By name; those that are folded are left out.
    t : int, optional
    ticks : tuple of int, optional
    """
    target, kind = _checked_path(path)
    require(
        t is None or ticks is None,
        "Stage.save: both t and ticks are given; t is for a moment, ticks for a stretch",
    )
    require(
        ticks is None or kind == "svg",
        f"Stage.save: {target.name} cannot hold a stretch; name it .svg, which plays in a browser",
    )
    now = player.tick if t is None else t
    first, last = _checked_ticks(player, (now, now) if ticks is None else ticks)
    shown = [
        Shown(name, view.headline, view.picture, view.window)
        for name, view in views.items()
        if not view.folded
    ]
    picture = StagePicture(
        player.trace,
        shown,
        range(first, last + 1),
        title=player.title,
        subtitle=player.subtitle,
        held=player.limit < player.end,
    )
    if ticks is not None:
        write_text(target, picture.stretch(1 / (player.ticks_per_second * player.speed)))
    elif kind == "svg":
        write_text(target, picture.moment(first))
    else:
        write_png(target, picture.moment(first), round(picture.width), round(picture.height))
    return target


def _checked_path(path: object) -> tuple[Path, str]:
    """Return the file, and which kind of picture it is to be."""
    require(
        isinstance(path, (str, os.PathLike)),
        f"Stage.save: the path is {path!r}; give a text such as 'picture.svg'",
    )
    assert isinstance(path, (str, os.PathLike))
    target = Path(path)
    kind = target.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        name = target.name or repr(path)
        raise ArgumentError(
            f"Stage.save: {name} is no picture that can be written; name it .svg, or .png "
            "for a moment (a stretch of the run is an .svg, too)"
        )
    return target, kind


def _checked_ticks(player: Player, ticks: Any) -> tuple[int, int]:
    """Return the first and the last tick, if they may be shown."""
    is_pair = isinstance(ticks, (tuple, list)) and len(ticks) == 2
    if not (
        is_pair and all(isinstance(tick, int) and not isinstance(tick, bool) for tick in ticks)
    ):
        raise ArgumentError(
            f"Stage.save: ticks is {ticks!r}; give the first and the last, such as (10, 60)"
        )
    first, last = ticks
    if not 0 <= first <= last <= player.end:
        wrong = f"tick {first} is" if first == last else f"ticks {first} to {last} are"
        raise ArgumentError(
            f"Stage.save: {wrong} not in the run; it goes from tick 0 to {player.end}"
        )
    if last > player.limit:
        raise ArgumentError(f"Stage.save: tick {last} is not shown yet; {player.why_locked()}")
    return first, last
