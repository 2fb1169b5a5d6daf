"""What a picture shows at a tick, and how large it is, for the tests of all views."""

import json

from kit.tracks import Picture


def texts(picture: Picture, mark: str, tick: float) -> list[str]:
    """What a mark's texts are at a tick."""
    return picture.channels[mark, "text"].at(tick) if (mark, "text") in picture.channels else []


def boxes(picture: Picture, mark: str, tick: float) -> dict[int, tuple[float, ...]]:
    """(left, top, right, bottom) of a mark's rectangles that can be seen at a tick."""
    x, y, seen = (picture.channels[mark, trait].at(tick) for trait in ("x", "y", "opacities"))
    return {
        element: (x[element][0], y[element][0], x[element][1], y[element][1])
        for element, opacity in enumerate(seen)
        if opacity != (0.0,)
    }


def apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two rectangles have no area in common."""
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def payload(picture: Picture) -> int:
    """Roughly how many bytes its keyframes take."""
    size = 0
    for channel in picture.moving:
        header, arrays = channel.packed()
        size += len(json.dumps(header)) + sum(map(len, arrays))
    return size
