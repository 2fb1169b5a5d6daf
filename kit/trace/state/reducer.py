"""What reducers have in common: a method for each kind of event that changes their subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kit.sim.events import EVENTS
from kit.sim.events.event import Event

_PREFIX = "_on_"


class Reducer:
    """Follows one subject through the events of a run.

    A method ``_on_dispatch`` gets each event of the kind "dispatch".
    """

    def __init_subclass__(cls) -> None:
        unknown = {name for name in vars(cls) if name.startswith(_PREFIX)} - {
            _PREFIX + kind for kind in EVENTS
        }
        assert not unknown, f"{cls.__name__}: there is no kind of event for {sorted(unknown)}"


Handlers = dict[str, tuple[Callable[[Any], None], ...]]


def handlers_of(*reducers: Reducer) -> Handlers:
    """Return for each kind of event the methods of some reducers that get it, in their order."""
    return {
        kind: tuple(
            getattr(reducer, _PREFIX + kind)
            for reducer in reducers
            if hasattr(reducer, _PREFIX + kind)
        )
        for kind in EVENTS
    }


def replay(events: Iterable[Event], *reducers: Reducer) -> None:
    """Let reducers follow events; each event goes to them in the order given."""
    handlers = handlers_of(*reducers)
    for event in events:
        for handler in handlers[event.kind]:
            handler(event)
