"""Tables of sentences: a function for each kind of event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

from kit.trace.narration.names import Names

MakesSentence = Callable[[Names, Any], str]
Function = TypeVar("Function", bound=MakesSentence)


class SentenceTable(dict[str, MakesSentence]):
    """Kind of event -> what makes a sentence of it; used as a decorator, it is filled."""

    def __call__(self, function: Function) -> Function:
        """Enter a function for the kind of event that it takes."""
        self[get_type_hints(function)["event"].kind] = function
        return function
