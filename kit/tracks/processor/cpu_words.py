"""The CPU in words: what every core does, and who waits for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kit.sim.recording import ThreadId
from kit.sim.waits import Reason
from kit.trace import Trace
from kit.trace.kernel.state import CoreState
from kit.tracks.palette import thread_name
from kit.tracks.picture import Part, Picture
from kit.tracks.processor.cpu_cache import told as cache_told
from kit.tracks.processor.cpu_layout import SWITCH_LINES, Layout
from kit.tracks.processor.queues import Queues, waits

MOST_NAMES = 8
"""The most threads that a sentence names."""
NAME_CHARACTERS = 40
OLDEST_FIRST = ("first in, first out", "round robin")
"""How policies are called that take the thread which has waited longest."""


def order_of_ready(trace: Trace) -> str:
    """Return in which order the ready queue is shown: as it came, which may be as it goes."""
    oldest_first = trace.settings.scheduler.startswith(OLDEST_FIRST)
    return "next one first" if oldest_first else "in order of arrival"


class Words:
    """What is told of the CPU, and of the cards what cores are busy with.

    Parameters
    ----------
    picture : Picture
    layout : Layout
    system : mapping of int to sequence of (tick, text)
        For each core when it begins, and ends, to work for the system.
    """

    def __init__(
        self,
        picture: Picture,
        layout: Layout,
        system: Mapping[int, Sequence[tuple[int, str]]],
    ) -> None:
        self.picture, self.layout, self.system = picture, layout, system
        self.order = order_of_ready(layout.trace)
        self.passed = dict.fromkeys(system, 0)
        self.busy = dict.fromkeys(system, "")
        self._names: dict[ThreadId, str] = {}
        picture.sentences("told", layout.cores + 3)
        picture.sentences("modes", layout.cards)

    def name(self, key: ThreadId) -> str:
        """Return how a thread is called in a sentence."""
        if key not in self._names:
            self._names[key] = thread_name(self.layout.trace, key, NAME_CHARACTERS)
        return self._names[key]

    def tell(self, tick: int, queues: Queues) -> None:
        """Say what there is at a tick."""
        for core in range(self.layout.cores):
            self._catch_up(core, tick)
            self._say(core, tick, self._core(core, queues.cores.get(core)))
            if core < self.layout.cards:
                self._mode(CoreState(self.layout.trace.history, core, tick))
        ready = self._listed(map(self.name, queues.ready), len(queues.ready))
        blocked = self._listed(map(self._waiting, queues.blocked.items()), len(queues.blocked))
        idle = self.layout.cores - len(queues.cores)
        spare = f"{idle} of {self.layout.cores} cores are idle" if self.layout.compact else ""
        texts = (spare, f"ready, {self.order}: {ready}", f"blocked: {blocked}")
        for index, text in enumerate(texts, self.layout.cores):
            self._say(index, tick, text)

    def _mode(self, state: CoreState) -> None:
        """Show in which mode a core is, which handler runs, and what the kernel stack holds."""
        core, tick = state.number, state.tick
        mode = f"{state.mode} mode{f': {state.handler}' if state.handler else ''}"
        self.picture.change("modes", "text", core, tick, mode)
        self.picture.change("core names", "text", core, tick, f"core {core} · {mode}")
        stack = "kernel stack: empty" if state.thread is not None else ""
        for frame in state.kernel_stack:
            assert state.thread is not None, "an idle core has no kernel stack"
            name = self.layout.name(state.thread)
            stack = f"kernel stack: {name}, pc {frame.registers['pc']:#x}"
        self.picture.change("kernel stacks", "text", core, tick, stack)

    def _say(self, place: int, tick: int, text: str) -> None:
        self.picture.change("told", "text", place, tick, text)

    def _catch_up(self, core: int, tick: int) -> None:
        times = self.system[core]
        while self.passed[core] < len(times) and times[self.passed[core]][0] <= tick:
            self.busy[core] = times[self.passed[core]][1]
            self.passed[core] += 1

    def _core(self, core: int, key: ThreadId | None) -> str:
        if key is None:
            return "" if self.layout.compact else f"core {core} is idle"
        if self.busy[core] == "switches":
            return f"core {core} switches to {self.name(key)}"
        if self.busy[core]:
            return f"core {core} {self.busy[core]} while it has {self.name(key)}"
        return f"core {core} runs {self.name(key)}"

    def _waiting(self, blocked: tuple[ThreadId, tuple[int, Reason, int]]) -> str:
        key, why = blocked
        return f"{self.name(key)} ({waits(self.layout.trace, key, why)})"

    @staticmethod
    def _listed(texts: Iterable[str], count: int) -> str:
        named = [text for text, _ in zip(texts, range(MOST_NAMES), strict=False)]
        more = [f"and {count - MOST_NAMES} more"] if count > MOST_NAMES else []
        return ", ".join([*named, *more]) or "none"

    def compose(self) -> None:
        """Make the sentences: what a core runs stands with its registers and its last switch."""
        layout, text_alternative = self.layout, self.picture.text_alternative
        lines = len(layout.registers)
        for core in range(layout.cores):
            parts: list[Part] = [("told", "text", core)]
            if core < layout.cards:
                parts += [("modes", "text", core), ("kernel stacks", "text", core)]
                parts += [("registers", "text", core * lines + line) for line in range(lines)]
            text_alternative.append(parts)
            if core < layout.cards and layout.switches:
                texts = [("switches", "text", core * SWITCH_LINES + n) for n in range(SWITCH_LINES)]
                text_alternative.append(
                    [f"core {core}, last", ("switch ticks", "text", core), *texts]
                )
            if core < layout.cards:
                text_alternative.extend(cache_told(layout.cache, core))
        text_alternative.extend([[("told", "text", layout.cores + index)] for index in range(3)])
