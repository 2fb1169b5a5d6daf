"""Context switches on the cards of the CPU: what was saved, and what was restored."""

from __future__ import annotations

from collections import defaultdict

from kit.lang.instructions import WORD
from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.trace.switches import Turnover
from kit.tracks.palette import INK, PANEL
from kit.tracks.picture import Picture
from kit.tracks.processor.cpu_layout import SWITCH_LINES, Layout, Slot
from kit.tracks.sampling import thinned

SHOWN = 3
"""Ticks for which a switch is marked."""
MOVE = 0.9
"""Ticks that values take from the registers to a thread's kernel stack, or back."""
MOST_MOVES = 120
"""With more switches no values are moved: the run plays too fast for that to be seen."""
SLIP = 92.0, 18.0
"""Size of what values are written on while they move."""


def show_switches(picture: Picture, layout: Layout) -> None:
    """Say of each core's last switch what it saved and restored, and mark it for a moment."""
    if not layout.switches or not layout.cards:
        return
    trace = layout.trace
    by_core: dict[int, dict[int, Turnover]] = defaultdict(dict)
    for switch in layout.switches:
        by_core[switch.core][switch.tick] = switch
    for core in range(layout.cards):
        for tick, switch in _seen(trace, by_core[core]):
            restored = f"{layout.name(switch.entering)}, {_pc(trace, switch.entering, switch.tick)}"
            lines = (
                saved(layout, switch),
                f"restored: {restored}",
                replaced(trace, switch),
            )
            for line, text in enumerate(lines):
                picture.change("switches", "text", core * SWITCH_LINES + line, tick, text)
            picture.change("switch ticks", "text", core, tick, f"switch at {switch.tick}")
        _mark(picture, core, sorted(by_core[core]), trace.end)


def _seen(trace: Trace, switches: dict[int, Turnover]) -> list[tuple[int, Turnover]]:
    """Return (tick, switch) for each tick from which on a switch is shown as the last one."""
    ticks, found = sorted(switches), []
    place = 0
    for tick in dict.fromkeys([*thinned(trace, ticks), trace.end]):
        while place < len(ticks) and ticks[place] <= tick:
            place += 1
        if place:
            found.append((tick, switches[ticks[place - 1]]))
    return found


def _mark(picture: Picture, core: int, ticks: list[int], end: int) -> None:
    """Let what is said of a switch stand out for a few ticks."""
    for tick, following in zip(ticks, [*ticks[1:], end + SHOWN + 1], strict=False):
        picture.change("switching", "opacities", core, tick, 1.0)
        if tick + SHOWN < following:
            picture.change("switching", "opacities", core, tick + SHOWN, 0.0)


def _pc(trace: Trace, key: ThreadId, tick: int) -> str:
    process = trace.history.processes[key[0]]
    return f"pc {process.code_base + trace.record.threads[key].index_at(tick) * WORD:#x}"


def _ended(trace: Trace, switch: Turnover) -> bool:
    """Tell whether the thread that left had ended, so that nothing of it was saved."""
    pid, tid = switch.leaving
    state = trace.history.processes[pid].threads[tid].state.at(switch.tick)
    return state == "terminated"


def saved(layout: Layout, switch: Turnover) -> str:
    """Return what is on the kernel stack of the thread that left."""
    name = layout.name(switch.leaving)
    if _ended(layout.trace, switch):
        return f"{name} has ended: not saved"
    return f"saved: {name}, {_pc(layout.trace, switch.leaving, switch.left)}"


def replaced(trace: Trace, switch: Turnover) -> str:
    """Return what a switch changed besides the registers."""
    what = "base and bounds" if trace.settings.contiguous else "page table"
    what = "segments" if trace.settings.segmentation is not None else what
    if switch.leaving[0] == switch.entering[0]:
        return f"same process, same {what}"
    if switch.flushed:
        return f"{what} changed, TLB flushed"
    kept = ", TLB kept" if trace.settings.tlb else ""
    return f"{what} changed{kept}"


class Moves:
    """The values of registers on their way between a core and a thread's kernel stack.

    Two texts a core: what is saved, and what is restored. They are seen between two whole
    ticks only; at every whole tick they have arrived.
    """

    def __init__(self, picture: Picture, layout: Layout) -> None:
        self.picture, self.layout = picture, layout
        self.active = bool(layout.cards) and 0 < len(layout.switches) <= MOST_MOVES
        self.free: dict[int, float] = defaultdict(float)
        if self.active:
            homes = [layout.register(core, 0) for core in range(layout.cards) for _ in range(2)]
            count = len(homes)
            fills, inks = [PANEL] * count, [INK] * count
            picture.rectangles("slips", [_slip(h) for h in homes], fills, strokes=inks, opacity=0.0)
            picture.texts("moves", homes, [""] * count, colors=INK, mono=True)
            self.saved = {(switch.left, switch.leaving): switch for switch in layout.switches}
            self.restored = {(switch.tick, switch.entering): switch for switch in layout.switches}

    def place(self, tick: int, before: dict[ThreadId, Slot], after: dict[ThreadId, Slot]) -> None:
        """Move the values of the threads that leave a core at a tick, and of those that come."""
        if not self.active:
            return
        for key in [key for key in after if (tick, key) in self.saved]:
            switch = self.saved[tick, key]
            if switch.core < self.layout.cards and not _ended(self.layout.trace, switch):
                text = _pc(self.layout.trace, key, tick)
                home = self.layout.register(switch.core, 0)
                self._move(2 * switch.core, tick, text, home, _beside(after[key]))
        for key in [key for key in before if (tick, key) in self.restored]:
            switch = self.restored[tick, key]
            if switch.core < self.layout.cards:
                text = _pc(self.layout.trace, key, tick)
                home = self.layout.register(switch.core, 0)
                self._move(2 * switch.core + 1, tick, text, _beside(before[key]), home)

    def _move(
        self,
        element: int,
        tick: int,
        text: str,
        source: tuple[float, float],
        target: tuple[float, float],
    ) -> None:
        """Let a text be seen on its way, and not once it has arrived."""
        begin = tick - MOVE
        if begin < self.free[element]:
            return
        self.free[element] = tick
        change = self.picture.change
        for when, place, glide in ((begin, source, 0.0), (tick, target, MOVE)):
            left, top, right, bottom = _slip(place)
            change("moves", "x", element, when, place[0], glide)
            change("moves", "y", element, when, place[1], glide)
            change("slips", "x", element, when, (left, right), glide)
            change("slips", "y", element, when, (top, bottom), glide)
            change("moves", "text", element, when, text if when < tick else "")
            change("slips", "opacities", element, when, 1.0 if when < tick else 0.0)


def _slip(place: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return the box around a text that begins at a place."""
    width, height = SLIP
    return place[0] - 4.0, place[1] - height / 2, place[0] - 4.0 + width, place[1] + height / 2


def _beside(place: Slot) -> tuple[float, float]:
    return place.x + 8.0, place.middle[1]
