"""The kinds of event the machine writes down: a class each, by subject.

Times are instants: an instruction that takes the tick from 41 to 42 has its effect at 42.
A field `core` is the core whose instruction led to it, or `kit.sim.recording.NO_CORE`.
"""

from __future__ import annotations

from kit.sim.events import calls, memory, processes, scheduling
from kit.sim.events.event import Event

EVENTS: dict[str, type[Event]] = {
    kind.kind: kind
    for subject in (processes, scheduling, memory, calls)
    for kind in vars(subject).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
}
"""Kind -> its class."""
