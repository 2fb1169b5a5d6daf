"""The CPU: who runs on which core, who waits for one, who waits for something else."""

from __future__ import annotations

from textwrap import wrap

from kit.sim.recording import ThreadId
from kit.trace import Trace
from kit.tracks.palette import LINE, QUIET
from kit.tracks.picture import Picture
from kit.tracks.processor.cpu_cache import draw_caches
from kit.tracks.processor.cpu_cards import draw_cards, show_registers, show_slices, system_ticks
from kit.tracks.processor.cpu_layout import (
    HEADING,
    PILL,
    RIGHT,
    WIDTH,
    Layout,
    Slot,
)
from kit.tracks.processor.cpu_switches import Moves, show_switches
from kit.tracks.processor.cpu_words import Words, order_of_ready
from kit.tracks.processor.queues import Queues, snapshots, waits
from kit.tracks.processor.tokens import Tokens
from kit.tracks.subjects import Subject, object_in, variable_subject

REASON_CHARACTERS = 21
REASON_SLOTS = (-7.5, 7.5, 0.0)
"""Where, relative to its token, a reason stands: in two lines, or in a single one."""


def cpu(trace: Trace, *, registers: str = "few") -> Picture:
    """Lay out cores, ready queue and blocked threads.

    A card says in which mode its core is, which handler runs, and what is on the kernel stack of
    its thread. Every thread is one token that moves between core, ready queue and the blocked
    ones, so that the eye can follow it. Up to four cores have a card each, which shows
    registers, the slice, the lines of its cache if it has one, and the last context switch;
    more have a line of a grid.

    Parameters
    ----------
    trace : Trace
    registers : str
        "few" for pc, sp and r0; "all" for r0 to r7, fp, sp and pc.
    """
    layout = Layout(trace, registers)
    picture = Picture("CPU: cores, ready queue, blocked threads", WIDTH, layout.height, 220.0)
    draw_cards(picture, layout)
    _draw_queues(picture, layout)
    tokens, moves = Tokens(picture, layout), Moves(picture, layout)
    system = system_ticks(layout)
    words = Words(picture, layout, system)
    changes = [tick for times in system.values() for tick, _ in times]
    if changes:
        changes += [tick for steps in trace.history.crossings.kernel for tick in steps.ticks]
    for tick, queues in snapshots(trace, changes):
        before = tokens.placed
        tokens.place(tick, _places(layout, queues))
        moves.place(tick, before, tokens.placed)
        _explain(picture, layout, queues, tick)
        words.tell(tick, queues)
    show_registers(picture, layout)
    show_slices(picture, layout)
    show_switches(picture, layout)
    tops = [layout.card(core) + layout.cache_line for core in range(layout.cards)]
    draw_caches(picture, layout.cache, tops)
    words.compose()
    return picture


def _draw_queues(picture: Picture, layout: Layout) -> None:
    """Write the headings of the queues, and make room for reasons."""
    tops = (layout.queue_top, layout.blocked_top)
    heads = [(2.0, top + HEADING / 2 - 2.0) for top in tops]
    words = [f"ready, {order_of_ready(layout.trace)}", "blocked"]
    if layout.compact:
        heads.append((2.0, HEADING / 2))
        words.append("cores and what they run")
    picture.texts("headings", heads, words, colors=QUIET)
    more = [(RIGHT, y) for _, y in heads[:2]]
    picture.texts("more", more, ["", ""], colors=QUIET, align="end")
    line = layout.blocked_top - 5.0
    picture.outlines("rule", [[(2.0, line), (RIGHT, line)]], colors=[LINE])
    spots = []
    for number in range(layout.most_blocked):
        place = layout.blocked(number)
        spots += [(place.x + PILL + 5.0, place.middle[1] + offset) for offset in REASON_SLOTS]
    picture.texts("reasons", spots, [""] * len(spots), colors=QUIET)
    idle = [layout.on_core(core) for core in range(layout.cores)]
    spots = [(place.x + (2.0 if layout.compact else 0.0), place.middle[1]) for place in idle]
    picture.texts("idle", spots, [""] * len(spots), colors=QUIET)


def _places(layout: Layout, queues: Queues) -> dict[ThreadId, Slot]:
    """Return the places of the threads that are shown."""
    places = {key: layout.on_core(c) for c, key in queues.cores.items() if c < layout.cores}
    for number, key in zip(range(layout.most_ready), queues.ready, strict=False):
        places[key] = layout.ready(number)
    for number, key in zip(range(layout.most_blocked), queues.blocked, strict=False):
        places[key] = layout.blocked(number)
    return places


def _awaited(trace: Trace, pid: int, sentence: str) -> Subject | None:
    """Return the lock, or its like, that a blocked thread waits for."""
    process = trace.history.processes[pid]
    name = object_in(sentence, process)
    alone = len(trace.history.processes) == 1
    return variable_subject(process, name, alone=alone) if name else None


def _explain(picture: Picture, layout: Layout, queues: Queues, tick: int) -> None:
    """Say why threads are blocked, and how many there are for which there is no room."""
    rows = list(queues.blocked.items())[: layout.most_blocked]
    for row in range(layout.most_blocked):
        lines, about = ["", ""], None
        if row < len(rows):
            sentence = waits(layout.trace, *rows[row]).removeprefix("waits ")
            about = _awaited(layout.trace, rows[row][0][0], sentence)
            lines = wrap(sentence, REASON_CHARACTERS, max_lines=2, placeholder=" …")
        slots = [*lines, ""] if len(lines) == 2 else ["", "", lines[0]]
        for slot, text in enumerate(slots):
            element = row * len(slots) + slot
            picture.change("reasons", "text", element, tick, text)
            picture.about("reasons", element, about if text else None, tick)
    hidden = (len(queues.ready) - layout.most_ready, len(queues.blocked) - layout.most_blocked)
    for line, count in enumerate(hidden):
        picture.change("more", "text", line, tick, f"and {count} more" if count > 0 else "")
    for core in range(layout.cores):
        picture.change("idle", "text", core, tick, "" if core in queues.cores else "idle")
