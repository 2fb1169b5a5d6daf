"""Program counters and stack pointers at the edge of the columns."""

from __future__ import annotations

from kit.trace import ProcessState, SegmentState, Trace
from kit.tracks.columns import HEADER, LINE_HEIGHT, Band, Column
from kit.tracks.palette import QUIET, thread_colors
from kit.tracks.picture import Picture


class Pointers:
    """Program counters and stack pointers: a small triangle and a label a thread."""

    def __init__(self, picture: Picture, trace: Trace, columns: list[Column]) -> None:
        self.picture = picture
        colors = thread_colors(trace)
        self.elements: dict[tuple[int, int, str], int] = {}
        inks: list[str] = []
        for column in columns:
            for band in column.bands:
                if band.kind == "stack":
                    for kind in ("pc", "sp"):
                        self.elements[column.process.pid, band.tid, kind] = len(inks)
                        inks.append(colors.get((column.process.pid, band.tid), QUIET))
        if inks:
            spots = [(0.0, 0.0)] * len(inks)
            picture.texts("pointers", spots, [""] * len(inks), colors=inks, bold=True)

    def point(self, column: Column, process: ProcessState, tick: int) -> None:
        """Place the markers of a process's threads at a tick."""
        segments = {segment.name: segment for segment in process.segments}
        bands = {band.name: band for band in column.bands}
        row = 0
        for tid, thread in process.threads.items():
            if (process.pid, tid, "pc") not in self.elements:
                continue
            name = f"stack T{tid}"
            alive = name in segments
            code = bands.get("code")
            if alive and thread.state != "new" and code is not None and row < code.lines:
                y = code.top + HEADER + 9.0 + row * LINE_HEIGHT
                row += 1
                self._set(process.pid, tid, "pc", column.right, y, f"◀ T{tid} pc", tick)
            else:
                self._set(process.pid, tid, "pc", column.right, None, "", tick)
            y_stack = stack_depth(segments[name], bands[name], thread.sp) if alive else None
            self._set(process.pid, tid, "sp", column.right, y_stack, f"◀ T{tid} sp", tick)

    def _set(
        self, pid: int, tid: int, kind: str, x: float, y: float | None, text: str, tick: int
    ) -> None:
        element = self.elements[pid, tid, kind]
        shown = self.picture.channels["pointers", "text"].keys[element][-1][1] != ""
        if y is not None:
            self.picture.change("pointers", "x", element, tick, x + 4.0)
            self.picture.change("pointers", "y", element, tick, y, 0.6 if shown else 0.0)
        self.picture.change("pointers", "text", element, tick, text if y is not None else "")


def stack_depth(segment: SegmentState, band: Band, sp: int) -> float:
    """Return how far down its band a stack pointer stands: the fuller, the lower."""
    size = max(1, segment.end - segment.start)
    share = min(1.0, max(0.0, (segment.end - sp) / size))
    return band.top + 10.0 + share * (band.height - 20.0)
