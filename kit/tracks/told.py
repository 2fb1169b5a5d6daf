"""What a picture shows, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.tracks.picture import Mark, Part, Picture


def told(picture: Picture, tick: float) -> list[str]:
    """Return what `Picture.told` does.

    Parameters
    ----------
    picture : Picture
    tick : float
        A whole one.
    """
    said = [_sentence(picture, line, tick) for line in picture.text_alternative]
    tables = [mark for mark in picture.marks if mark.kind == "table"]
    return [text for text in said if text] + [r for m in tables for r in _rows(picture, m, tick)]


def _sentence(picture: Picture, line: Sequence[Part], tick: float) -> str:
    known = [part if isinstance(part, str) else _text(picture, part, tick) for part in line]
    said = [text for text in known if text]
    fixed = sum(isinstance(part, str) for part in line)
    return _joined(said) if len(said) > fixed or fixed == len(line) else ""


def _text(picture: Picture, part: tuple[str, str, int], tick: float) -> str:
    mark, trait, element = part
    return str(picture.channels[mark, trait].at(tick)[element])


def _rows(picture: Picture, mark: Mark, tick: float) -> list[str]:
    rows: list[list[str]] = [list(row) for row in mark.fixed["rows"]]
    states = picture.channels[mark.name, "states"].at(tick)
    cells = iter(picture.channels[mark.name, "cells"].at(tick))
    for row in rows:
        for column in mark.fixed["live"]:
            row[column] = next(cells)
    shown = [row for row, state in zip(rows, states, strict=True) if state != "hidden"]
    return [" | ".join(row) for row in [list(mark.fixed["headings"]), *shown]] if shown else []


def _joined(parts: Sequence[str]) -> str:
    """Put parts of a sentence together; one that ends in a colon leads in the next."""
    sentence = parts[0]
    for part in parts[1:]:
        sentence += (" " if sentence.endswith((":", ";")) else " · ") + part
    return sentence
