"""What a core's card shows besides its thread: registers, slice, what it is busy with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kit.lang.instructions import REGISTER_NAMES, WORD
from kit.sim.recording import ThreadId
from kit.sim.registers import after
from kit.trace import Trace
from kit.tracks.palette import INK, PANEL, QUIET
from kit.tracks.palette import LINE as RULE
from kit.tracks.picture import Picture
from kit.tracks.processor.cpu_layout import INSIDE, LINE, RIGHT, SWITCH_LINES, Layout
from kit.tracks.sampling import sample_ticks
from kit.tracks.timelines.bars import switch_ticks, system_times

ADDRESSES = frozenset({"pc", "sp", "fp"})
REGISTER_CHARACTERS = 15
MOST_DOTS = 8
WAITS = "waits for RAM"


def draw_cards(picture: Picture, layout: Layout) -> None:
    """Draw the cards of the cores, or their places in the grid, still empty."""
    count = layout.cores
    cells = [layout.cell(core) for core in range(count)]
    ink = RULE if layout.compact else INK
    picture.rectangles("cards", cells, [PANEL] * count, strokes=[ink] * count, stroke_width=1.5)
    if layout.compact:
        places = [(cell[0] + 3.0, (cell[1] + cell[3]) / 2) for cell in cells]
        picture.texts("core names", places, [str(core) for core in range(count)], colors=QUIET)
        return
    tops = [layout.card(core) for core in range(count)]
    names = [f"core {core}" for core in range(count)]
    picture.texts("core names", [(INSIDE, top + 14.0) for top in tops], names, colors=QUIET)
    lines = range(len(layout.registers))
    spots = [layout.register(core, line) for core in range(count) for line in lines]
    picture.texts("registers", spots, [""] * len(spots), mono=True)
    slices = [(INSIDE, top + layout.slice_line) for top in tops]
    picture.texts("slices", slices, [""] * count)
    stacks = [(INSIDE, top + layout.stack_line) for top in tops]
    picture.texts("kernel stacks", stacks, [""] * count)
    if layout.switches:
        draw_switch_lines(picture, layout)


def draw_switch_lines(picture: Picture, layout: Layout) -> None:
    """Make room for what the last switch of each core saved and restored."""
    tops = [layout.card(core) for core in range(layout.cores)]
    first = layout.switch_line
    boxes = [(4.0, t + first - 11.0, 244.0, t + layout.card_height - 3.0) for t in tops]
    picture.rectangles("switching", boxes, ["#fff3c4"] * layout.cores, opacity=0.0)
    spots = [(INSIDE, top + first + line * LINE) for top in tops for line in range(SWITCH_LINES)]
    picture.texts("switches", spots, [""] * len(spots))
    whens = [(RIGHT - 8.0, top + layout.slice_line) for top in tops]
    picture.texts("switch ticks", whens, [""] * layout.cores, colors=QUIET, align="end")


def show_registers(picture: Picture, layout: Layout) -> None:
    """Show the registers of the running threads, at every tick at which they change."""
    lines = layout.registers
    for core in range(layout.cards):
        for tick, values in _registers(layout.trace, core):
            for line, name in enumerate(lines):
                text = _register(name, values[name]) if values else ""
                picture.change("registers", "text", core * len(lines) + line, tick, text)


def _register(name: str, value: int) -> str:
    text = f"{name} {value:#x}" if name in ADDRESSES else f"{name} {value}"
    return text if len(text) <= REGISTER_CHARACTERS else f"{text[: REGISTER_CHARACTERS - 1]}…"


def _registers(trace: Trace, core: int) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield (tick, registers by name) of what a core runs; nothing in them while it is idle."""
    steps = trace.history.cores[core]
    ends = [*steps.ticks[1:], trace.end + 1]
    pace = sample_ticks(trace).step
    for (start, key), end in zip(steps, ends, strict=False):
        ticks = list(range(-(-start // pace) * pace, end, pace))
        if end > trace.end and trace.end not in ticks[-1:]:
            ticks.append(trace.end)
        if key is not None:
            yield from _registers_of(trace, key, ticks)
        elif ticks:
            yield ticks[0], {}


def _registers_of(
    trace: Trace, key: ThreadId, ticks: Sequence[int]
) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield (tick, registers by name) of a thread at some ticks, redoing one after the other."""
    if not ticks:
        return
    process = trace.history.processes[key[0]]
    image = process.threads[key[1]].program.image
    thread = trace.record.threads[key]
    registers = thread.registers_at(ticks[0], image)
    done = thread.retired(ticks[0])
    for tick in ticks:
        retired = thread.retired(tick)
        for number in range(done, retired):
            after(image.code[thread.started(number)], registers, thread.values[number])
        done = max(done, retired)
        values = dict(zip(REGISTER_NAMES, registers, strict=True))
        yield tick, {**values, "pc": process.code_base + thread.started(retired) * WORD}


class Slices:
    """How much of its slice the thread on a core has used at a tick.

    What a core does for the system itself is not on the account of the thread.
    """

    def __init__(self, trace: Trace, core: int, quantum: int) -> None:
        self.steps, self.quantum = trace.history.cores[core], quantum
        self.times = system_times(trace, core)
        self.starts = [start for start, _ in self.times]
        self.sums = [0]
        for start, end in self.times:
            self.sums.append(self.sums[-1] + end - start)

    def used(self, tick: int) -> int | None:
        """Return it in ticks; None while the core is idle."""
        if self.steps.at(tick) is None:
            return None
        since = self.steps.since(tick)
        return (tick - since - self._system(tick) + self._system(since)) % self.quantum

    def _system(self, tick: int) -> int:
        """Return how long the core has worked for the system up to a tick."""
        index = bisect_right(self.starts, tick) - 1
        if index < 0:
            return 0
        start, end = self.times[index]
        return self.sums[index] + min(tick, end) - start


def show_slices(picture: Picture, layout: Layout) -> None:
    """Show how much of its slice the running thread has used, as filled dots."""
    quantum = layout.trace.settings.quantum
    if quantum is None:
        return
    dots = min(quantum, MOST_DOTS)
    for core in range(layout.cards):
        slices = Slices(layout.trace, core, quantum)
        for tick in dict.fromkeys([*sample_ticks(layout.trace), layout.trace.end]):
            used, text = slices.used(tick), ""
            if used is not None:
                full = used * dots // quantum
                text = "slice " + "●" * full + "○" * (dots - full)
            picture.change("slices", "text", core, tick, text)


def system_ticks(layout: Layout) -> dict[int, list[tuple[int, str]]]:
    """Return for each core at which ticks it begins, and ends, to work for the system.

    The text is "switches", "works for the system", `WAITS`, or "" for its end.
    """
    found: dict[int, list[tuple[int, str]]] = {}
    switches, waits = switch_ticks(layout.trace), layout.trace.history.memory_waits
    for core in range(layout.cores):
        times = system_times(layout.trace, core)
        found[core] = []
        for start, end in times:
            text = "switches" if start in switches[core] else "works for the system"
            ready = min(start + waits[core].get(start, 0), end)
            if ready > start and start not in switches[core]:
                found[core].append((start, WAITS))
            if ready < end:
                found[core].append((ready if found[core][-1:] == [(start, WAITS)] else start, text))
            found[core].append((end, ""))
    return found
