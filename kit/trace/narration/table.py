"""Tables of sentences: a function for each kind of event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, get_type_hints

from kit.sim.events.event import Event
from kit.trace.narration.names import Names
from kit.trace.narration.sentences import Said

Text = TypeVar("Text", bound=Said)
Kind = TypeVar("Kind", bound=Event)


class SentenceTable(dict[str, Callable[[Names, Any], Text]], Generic[Text]):
    """Kind of event -> what makes a sentence of it; used as a decorator, it is filled."""

    def __call__(self, function: Callable[[Names, Kind], Text]) -> Callable[[Names, Kind], Text]:
        """Enter a function for the kind of event that it takes."""
        self[get_type_hints(function)["event"].kind] = function
        return function
