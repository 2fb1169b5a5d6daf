"""What the picture of address spaces must say, told from the moment instead of from steps."""

from itertools import combinations

from kit import Trace
from kit.trace import ProcessState
from kit.tracks import Picture
from kit.tracks.memory.address_spaces import address_spaces
from kit.tracks.memory.calls import MOST_COUNTED
from kit.tracks.memory.columns import Column, Layout, arrange, box, characters
from kit.tracks.memory.contents import BLANK
from kit.tracks.memory.epochs import Band
from kit.tracks.palette import shorten
from tests.unit.tracks.looks import apart, boxes, texts

MOST_TICKS = 500


def boxes_of(picture: Picture, mark: str, tick: float) -> dict[int, tuple[float, ...]]:
    """What `boxes` returns; nothing where there is no such mark in this run."""
    return boxes(picture, mark, tick) if (mark, "x") in picture.channels else {}


def value(process: ProcessState, number: int) -> str:
    """How a value is written: addresses of blocks and of shared memory in hex."""
    starts = [address for address, _ in process.blocks]
    starts += [segment.start for segment in process.segments if segment.kind == "shared"]
    return f"{number:#x}" if number in starts and number else str(number)


def data_lines(process: ProcessState, room: int) -> list[str]:
    """The globals, or as many of them as there is room for."""
    lines = []
    for name, found in process.globals.items():
        told = ", ".join(map(str, found)) if isinstance(found, tuple) else value(process, found)
        lines.append(f"{name} = {told}")
    return folded(lines, room)


def folded(lines: list[str], room: int) -> list[str]:
    """As many lines as there is room for, the last one counting the rest."""
    return lines if len(lines) <= room else [*lines[: room - 1], f"… {len(lines) - room + 1} more"]


def heap_lines(process: ProcessState, room: int) -> list[str]:
    """The blocks with their first eight words."""
    lines = []
    for address, words in process.blocks:
        values = [process.word(address + place * 8) or 0 for place in range(min(words, 8))]
        more = " …" if words > 8 else ""
        lines.append(f"{address:#x}: {', '.join(map(str, values))}{more}")
    return folded(lines, room)


def shared_lines(process: ProcessState, name: str) -> list[str]:
    """The words of an area of shared memory."""
    segment = next(one for one in process.segments if one.name == name)
    words = range(segment.start, segment.end, 8)
    values = [process.word(address) or 0 for address in words]
    if len(values) > 4:
        return [", ".join(map(str, values))]
    return [f"{name[7:]}[{place}] = {found}" for place, found in enumerate(values)]


def stack_words(process: ProcessState, name: str, room: int) -> str:
    """What stands on a stack, its lines put behind each other."""
    thread = process.threads.get(int(name[7:]))
    if thread is None:
        return "no thread: copied by fork"
    calls = []
    for call in thread.call_stack:
        told = ", ".join(f"{n} = {value(process, v)}" for n, v in call.variables.items())
        calls.append(f"{call.function}: {told}" if told else call.function)
    if len(calls) <= room or room == 1:
        return " ".join(calls[:room])
    hidden = len(calls) - room + 1
    if hidden > MOST_COUNTED:
        return " ".join([*calls[: room - 1], f"… more than {MOST_COUNTED} calls below"])
    return " ".join([*calls[: room - 1], f"… {hidden} calls below"])


def check_content(
    picture: Picture, column: Column, band: Band, process: ProcessState, tick: int
) -> None:
    """A band's lines are what its segment holds."""
    change = band.at(tick)
    assert change is not None
    room, name = characters(column, band), change.name
    found = [
        line for line in texts(picture, "lines", tick)[band.first : band.first + band.lines] if line
    ]
    where = f"tick {tick}, pid {process.pid}, {name}"
    if band.kind == "stack":
        # Lines that are cut tell the start of what they stand for.
        wanted = stack_words(process, name, band.lines)
        if not any(line.endswith("…") for line in found):
            assert " ".join(line.strip() for line in found) == wanted, where
        else:
            assert found[0].rstrip("…") == wanted[: len(found[0].rstrip("…"))], where
        return
    lines = {
        "data": lambda: data_lines(process, band.lines),
        "heap": lambda: heap_lines(process, band.lines),
        "shared": lambda: shared_lines(process, name),
    }[band.kind]()
    assert found == [shorten(line, room) for line in lines], where


def check_code(picture: Picture, column: Column, band: Band, process: ProcessState, t: int) -> None:
    """The code's lines are what each thread executes next, with its marker beside it."""
    room = characters(column, band)
    wanted = {
        tid: shorten(f"T{tid} {str(thread.index).rjust(2, BLANK)} {thread.instruction}", room)
        for tid, thread in process.threads.items()
        if thread.state not in ("terminated", "new")
    }
    lines = texts(picture, "instructions", t)[band.first : band.first + band.lines]
    found = {int(line.split(" ")[0][1:]): line for line in lines if line}
    assert found == {tid: wanted[tid] for tid in found}, f"tick {t}, pid {process.pid}"
    stacks = [name for name in texts(picture, "band names", t) if name.startswith("stack")]
    with_stacks = {tid for tid in wanted if f"stack T{tid}" in stacks}
    assert with_stacks <= set(found), f"tick {t}: not all of {wanted} in {lines}"
    y = picture.channels["instructions", "y"].at(t)
    markers = dict(
        zip(picture.channels["counters", "y"].at(t), texts(picture, "counters", t), strict=True)
    )
    left = {x[0] for x in picture.channels["counters", "x"].at(t)}
    assert column.right + 4.0 in left
    for row, line in enumerate(lines):
        if line:
            assert y[band.first + row] in markers


def check_pages(
    picture: Picture, layout: Layout, band: Band, process: ProcessState, t: int
) -> None:
    """Notes count pages that are copied when written, and cells name frames."""
    change = band.at(t)
    assert change is not None
    size = process.history.page_size
    pages = range(change.start // size, -(-change.end // size))
    copied = [page for page in process.copied_when_written if page in pages]
    note = texts(picture, "notes", t)[band.element]
    if layout.detail != "overview" and copied and "cop" in note and "copied" not in note:
        assert f"{len(copied)} of {len(pages)}" in note or f"{len(copied)}/{len(pages)}" in note
    if layout.detail == "overview":
        assert note.endswith("B"), f"tick {t}: a size, not {note!r}"
    if not copied:
        assert "copy on write" not in note
        assert "COW" not in note


def check_column(picture: Picture, layout: Layout, column: Column, process: ProcessState) -> None:
    """All of one process at one tick."""
    tick = process.tick
    names, seen = texts(picture, "band names", tick), boxes_of(picture, "bands", tick)
    bands = [band for epoch in column.epochs for band in epoch.bands]
    shown = {names[band.element]: band for band in bands if names[band.element]}
    segments = {segment.name: segment for segment in process.segments}
    epoch = column.epoch_at(tick)
    hidden = {band.at(tick) for band in epoch.hidden} if epoch else set()
    missing = set(segments).difference(shown, (change.name for change in hidden if change))
    assert set(shown) <= set(segments), f"tick {tick}: {set(shown) - set(segments)}"
    assert missing <= ({"code", "data"} if process.state == "new" else set()), f"tick {tick}"
    drawn = {name: seen[band.element] for name, band in shown.items()}
    for one, other in combinations(drawn, 2):
        assert apart(drawn[one], drawn[other]), f"tick {tick}: {one}, {other}"
    for name, band in shown.items():
        segment = segments[name]
        edges = box(column, band, segment.end - segment.start)
        assert drawn[name] == edges, f"tick {tick}, {name}"
        assert column.top <= edges[1] < edges[3] <= column.bottom
        check_pages(picture, layout, band, process, tick)
        if layout.detail == "overview":
            continue
        if band.kind == "code":
            check_code(picture, column, band, process, tick)
        else:
            check_content(picture, column, band, process, tick)
    for band in bands:
        if band not in shown.values() and layout.detail != "overview":
            mark = "instructions" if band.kind == "code" else "lines"
            lines = texts(picture, mark, tick)[band.first : band.first + band.lines]
            assert not any(lines), f"tick {tick}: {lines} in a band that is not there"
    check_heading(picture, column, process)


def check_heading(picture: Picture, column: Column, process: ProcessState) -> None:
    """Name and facts are the process's."""
    tick = process.tick
    facts = " · ".join(
        texts(picture, mark, tick)[column.place]
        for mark in ("facts", "more facts", "last facts")
        if (mark, "text") in picture.channels
    )
    name = texts(picture, "processes", tick)[column.place].removesuffix("…")
    assert process.name.startswith(name), f"tick {tick}: {name}"
    assert facts.startswith(f"pid {process.pid} · "), f"tick {tick}: {facts}"
    if process.ended is not None:
        assert process.ended.brief in facts
        assert ("zombie" in facts) == (process.state == "zombie")
        return
    alive = sum(thread.state != "terminated" for thread in process.threads.values())
    if process.state == "new":
        assert "loaded" in facts or "waits" in facts
    else:
        assert f"{alive} thread" in facts, f"tick {tick}: {facts}"
    if process.base is not None:
        assert f"base {process.base:#x}" in facts
        assert f"bounds {process.bounds:#x}" in facts
    elif "frame" in facts:
        assert f"{len(process.page_table)} frame" in facts, f"tick {tick}: {facts}"


def check_sizes(picture: Picture, layout: Layout) -> None:
    """Nothing stands outside of the picture, and columns do not overlap."""
    spaces = [(c.left, c.head, c.right, c.bottom) for c in layout.columns]
    assert all(apart(*pair) for pair in combinations(spaces, 2))
    for column in layout.columns:
        assert column.bottom <= picture.height
        assert column.right <= picture.width


def check_address_spaces(trace: Trace) -> None:
    """Every column is what the moment says, at every tick."""
    check_detail(trace, "values")


def check_detail(trace: Trace, detail: str) -> None:
    """The same for any level of detail; of long runs at every few ticks."""
    picture = address_spaces(trace, detail=detail)
    layout = arrange(trace, detail, ())
    check_sizes(picture, layout)
    for tick in range(0, trace.end + 1, 1 + trace.end // MOST_TICKS):
        moment = trace.at(tick)
        for column in layout.columns:
            process = moment.processes.get(column.pid)
            if process is not None:
                check_column(picture, layout, column, process)
