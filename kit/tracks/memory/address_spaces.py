"""Address spaces side by side: what each process was given, and what is in it."""

from __future__ import annotations

from collections.abc import Sequence

from kit.errors import nearest, plural, require
from kit.trace import Trace
from kit.trace.real import RealTrace
from kit.tracks.memory.blocked_access import draw_faults, draw_ways, failures, label_ways
from kit.tracks.memory.bridges import draw_bridges
from kit.tracks.memory.columns import BELOW, LEFT, LETTER, Layout, arrange
from kit.tracks.memory.headings import MARKS, draw_headings
from kit.tracks.memory.lines import draw_lines
from kit.tracks.memory.moves import draw_bands, name_bands
from kit.tracks.memory.page_cells import Cells
from kit.tracks.memory.page_notes import PageNotes
from kit.tracks.memory.pointers import draw_pointers
from kit.tracks.memory.watching import Watch
from kit.tracks.palette import FREE, LINE, QUIET
from kit.tracks.picture import Part, Picture

DETAILS = ("overview", "values", "pages")
LEGEND_HEIGHT = 18.0


def address_spaces(trace: Trace, *, detail: str = "values", pids: Sequence[int] = ()) -> Picture:
    """Lay out the address space of every process as a column.

    High addresses are at the top: stacks, free space, shared memory, heap, data, code. A
    segment shows its name and content: variables with their values, the instruction each
    thread executes next. Markers at the right edge show where each thread's stack pointer
    and program counter point.

    Parameters
    ----------
    trace : Trace
    detail : str
        "overview": names and sizes; "values": also what is in the segments; "pages": also
        the frame that each page is mapped to. More than six processes are shown as an overview.
    pids : sequence of int
        Which processes are shown; empty for the first ones.

    Raises
    ------
    ArgumentError
        If there is no such detail.
    """
    require(detail in DETAILS, f"address_spaces: detail is {detail!r}; {nearest(detail, DETAILS)}")
    if isinstance(trace, RealTrace):
        detail = "overview"  # no more is known of a real one
    layout, watch = arrange(trace, detail, tuple(pids)), Watch(trace)
    title = "Address spaces, one a process"
    picture = Picture(title, layout.width, layout.height, layout.least_width)
    # What is drawn later is in front.
    found = failures(trace, layout)
    draw_bridges(picture, layout)
    draw_ways(picture, found)
    _draw_columns(picture, layout)
    notes = PageNotes(trace, layout, watch)
    cells = Cells(picture, notes)
    draw_bands(picture, layout)
    notes.draw_flashes(picture)
    cells.draw()
    name_bands(picture, layout)
    notes.draw(picture)
    draw_headings(picture, trace, layout)
    if layout.detail != "overview":
        draw_lines(picture, trace, layout, watch)
        draw_pointers(picture, trace, layout, watch)
    label_ways(picture, layout, found)
    draw_faults(picture, found)
    _tell(picture, layout, cells)
    _draw_legend(picture, layout, cells.legend)
    return picture


def _draw_columns(picture: Picture, layout: Layout) -> None:
    columns = layout.columns
    if not columns:
        return
    picture.rectangles(
        "columns",
        [(column.left, column.top, column.right, column.bottom) for column in columns],
        [FREE] * len(columns),
        strokes=[LINE] * len(columns),
        opacity=0.0,
    )
    for column in columns:
        start = float(column.process.launched)
        picture.change("columns", "opacities", column.place, start, 1.0, glide=1.0)


def _tell(picture: Picture, layout: Layout, cells: Cells) -> None:
    """Say of each process what stands above it and in it."""
    sentences: list[list[Part]] = []
    for column in layout.columns:
        marks = ["processes", *MARKS, "told"]
        known = [mark for mark in marks if (mark, "text") in picture.channels]
        sentences.append([(mark, "text", column.place) for mark in known])
        for epoch in column.epochs:
            for band in epoch.bands:
                parts: list[Part] = [("band names", "text", band.element)]
                parts.append(("notes", "text", band.element))
                mark = "instructions" if band.kind == "code" else "lines"
                parts.extend((mark, "text", band.first + row) for row in range(band.lines))
                own = cells.elements.get(band.element, [])
                parts.extend(("cell texts", "text", cell) for cell in own)
                sentences.append(parts)
    hidden = [epoch for column in layout.columns for epoch in column.epochs if epoch.hidden]
    sentences.extend([("more stacks", "text", element)] for element in range(len(hidden)))
    picture.text_alternative = [*sentences, *picture.text_alternative]


def _draw_legend(picture: Picture, layout: Layout, legend: list[str]) -> None:
    """Write below the columns what signs mean, and what is not shown."""
    texts = list(legend)
    if layout.hidden:
        texts.append(f"and {plural(layout.hidden, 'more process')}")
    texts.extend(f"there is no process {pid} in this run" for pid in layout.absent)
    if not texts:
        return
    lines = _broken(texts, layout.least_width - 2 * LEFT)
    below = picture.height - BELOW + 14.0
    spots = [(LEFT, below + line * LEGEND_HEIGHT) for line in range(len(lines))]
    picture.texts("more", spots, lines, colors=QUIET)
    picture.height = below + len(lines) * LEGEND_HEIGHT - 4.0
    picture.text_alternative.extend([text] for text in lines)


def _broken(texts: list[str], room: float) -> list[str]:
    """Put texts behind each other, on as many lines as they need."""
    lines: list[str] = []
    for text in texts:
        longer = f"{lines[-1]} · {text}" if lines else text
        if lines and len(longer) * LETTER <= room:
            lines[-1] = longer
        else:
            lines.append(text)
    return lines
