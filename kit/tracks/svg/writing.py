"""Elements of SVG as text, and how wide a text will be where no font can be asked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from kit.tracks.palette import INK

SANS = "Arial, Helvetica, 'Liberation Sans', sans-serif"
MONO = "'Liberation Mono', Menlo, Consolas, monospace"
BASELINE = 0.35
"""Of the size of the letters: how far below the middle of a line they stand."""
MONO_WIDTH = 0.6
OTHER_WIDTH = 0.75
"""Of the size, for letters that are not in the table: on the safe side."""
BOLDER = 1.07
_WIDTHS = (
    "278278355556556889667191333333389584278333278278556556556556556556556556556556278278584584"
    "584556999667667722722667611778722278500667556833722778667778722667611722667944667667611278"
    "278278469556333556556500556556278556556222222500222833556556556556333500278556500722500500"
    "500334260334584"
)
"""Of the letters of ASCII in the commonest sans-serif, from the blank on, in thousandths."""
_SANS_WIDTHS = {chr(32 + n): int(_WIDTHS[3 * n : 3 * n + 3]) / 1000 for n in range(95)}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def number(value: float) -> str:
    """Return a number with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def clean(text: str) -> str:
    """Return a text as XML may hold it, escaped; what no XML can hold is replaced."""
    return html.escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text))


def element(tag: str, content: str = "", /, **attributes: str | float | None) -> str:
    """Return an element.

    Parameters
    ----------
    tag : str
    content : str
        Elements, or a text that is escaped already.
    **attributes
        ``fill_opacity`` is written fill-opacity; what is None is left out.
    """
    given = "".join(
        f' {name.replace("_", "-")}="{clean(value) if isinstance(value, str) else number(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{given}>{content}</{tag}>" if content else f"<{tag}{given}/>"


def box(
    left: float, top: float, right: float, bottom: float, /, **attributes: str | float | None
) -> str:
    """Return a rectangle between four edges.

    Parameters
    ----------
    left, top, right, bottom : float
        In any order.
    **attributes
        As in `element`.
    """
    return element(
        "rect",
        x=min(left, right),
        y=min(top, bottom),
        width=abs(right - left),
        height=abs(bottom - top),
        **attributes,
    )


def written(
    x: float,
    middle: float,
    text: str,
    *,
    size: float = 12.0,
    fill: str = INK,
    bold: bool = False,
    mono: bool = False,
    align: str = "start",
) -> str:
    """Return a line of text.

    Parameters
    ----------
    x, middle : float
        Where it begins, and where half the height of its letters is.
    text : str
    size : float
        Of the letters, in pixels.
    fill : str
        CSS colour.
    bold, mono : bool
    align : str
        "start", "middle" or "end": which end of it is at `x`.
    """
    return _line(x, middle, clean(text), size=size, fill=fill, bold=bold, mono=mono, align=align)


def sentence(x: float, middle: float, words: Iterable[tuple[str, bool]], size: float) -> str:
    """Return a line of words, of which some are program text.

    Parameters
    ----------
    x, middle : float
    words : iterable of (str, bool)
        Each with whether it is program text.
    size : float
    """
    parts = (
        element("tspan", clean(word), font_family=MONO) if code else clean(word)
        for word, code in words
    )
    return _line(x, middle, "".join(parts), size=size)


def _line(
    x: float,
    middle: float,
    content: str,
    *,
    size: float,
    fill: str = INK,
    bold: bool = False,
    mono: bool = False,
    align: str = "start",
) -> str:
    kept = {"xml:space": "preserve"} if "  " in content or content.startswith(" ") else {}
    return element(
        "text",
        content,
        x=x,
        y=middle + BASELINE * size,
        font_size=size,
        fill=fill,
        font_weight="bold" if bold else None,
        font_family=MONO if mono else None,
        text_anchor=align if align != "start" else None,
        **kept,
    )


def width_of(text: str, size: float = 12.0, *, bold: bool = False, mono: bool = False) -> float:
    """Return about how many pixels a text is wide, rather too many than too few.

    Parameters
    ----------
    text : str
    size : float
        Of the letters, in pixels.
    bold, mono : bool
    """
    if mono:
        return MONO_WIDTH * size * len(text)
    wide = sum(_SANS_WIDTHS.get(letter, OTHER_WIDTH) for letter in text)
    return wide * size * (BOLDER if bold else 1.0)


def wrapped(text: str, room: float, size: float = 12.0, *, mono: bool = False) -> list[str]:
    """Return the lines of a text; a word that is too long is broken.

    Parameters
    ----------
    text : str
    room : float
        Pixels of each line.
    size : float
        Of the letters, in pixels.
    mono : bool
    """
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in re.findall(r"\s*\S+|\s+$", paragraph):
            if line and width_of(line + word, size, mono=mono) > room:
                lines.append(line)
                line = word.lstrip()
            else:
                line += word
            while len(line) > 1 and width_of(line, size, mono=mono) > room:
                fits = _fitting(line, room, size, mono=mono)
                lines.append(line[:fits])
                line = line[fits:]
        lines.append(line)
    return lines


def _fitting(line: str, room: float, size: float, *, mono: bool) -> int:
    """Return how many letters of a line have room; at least one."""
    count = len(line)
    while count > 1 and width_of(line[:count], size, mono=mono) > room:
        count -= 1
    return count
