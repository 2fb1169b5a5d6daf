"""What stands in a segment, as a few lines of text."""

from __future__ import annotations

from kit.trace import ProcessState
from kit.trace.histories import ProcessHistory
from kit.tracks.columns import Band, Column


def is_loaded(process: ProcessHistory, band: Band, tick: int) -> bool:
    """Tell whether a segment's content has come from disk; heap and stacks need not."""
    if band.kind not in ("code", "data"):
        return True
    return any(kind == band.kind and arrived <= tick for arrived, kind, _ in process.loaded)


def content(band: Band, column: Column, process: ProcessState, tick: int) -> list[str]:
    """Return the lines that stand in a segment at a tick; none where it is not there yet."""
    segment = next((s for s in process.segments if s.name == band.name), None)
    if segment is None or not is_loaded(column.process, band, tick):
        return []
    if band.kind == "data":
        values = process.globals.items()
        return _folded([f"{name} = {_value(v, process)}" for name, v in values], band.lines)
    if band.kind == "heap":
        return _folded([_block(process, *block) for block in process.blocks], band.lines)
    if band.kind == "stack":
        return _calls(process, band)
    threads = [t for t in process.threads.values() if t.state not in ("terminated", "new")]
    return [f"T{t.tid} {t.index:2d} {t.instruction}" for t in threads[: band.lines]]


def _value(value: int | tuple[int, ...], process: ProcessState) -> str:
    """Write a value; one that points to a block of the heap as the address it is."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    points = any(value == address for address, _ in process.blocks)
    return f"{value:#x}" if points else str(value)


def _block(process: ProcessState, address: int, words: int) -> str:
    values = [process.word(address + place * 8) or 0 for place in range(min(words, 8))]
    more = " …" if words > len(values) else ""
    return f"{address:#x}: {', '.join(map(str, values))}{more}"


def _folded(lines: list[str], room: int) -> list[str]:
    """Return as many lines as there is room for, the last one counting the rest."""
    if len(lines) <= room:
        return lines
    return [*lines[: room - 1], f"… {len(lines) - room + 1} more"]


def _calls(process: ProcessState, band: Band) -> list[str]:
    thread = process.threads.get(band.tid)
    if thread is None:
        return ["no thread: copied by fork"]
    lines = []
    for call in thread.call_stack:
        variables = ", ".join(
            f"{name} = {_value(value, process)}" for name, value in call.variables.items()
        )
        lines.append(f"{call.function}: {variables}" if variables else f"{call.function}")
    if len(lines) > band.lines:
        hidden = len(lines) - band.lines + 1
        return (
            [*lines[: band.lines - 1], f"… {hidden} calls below"] if band.lines > 1 else lines[:1]
        )
    return lines
